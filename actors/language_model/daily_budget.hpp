#pragma once

#include "events/ids.hpp"
#include "events/language_model/events.hpp"

#include <chrono>
#include <deque>
#include <unordered_map>
#include <unordered_set>

namespace sonicmatch::actors::language_model {

/// What calls have cost since midnight, UTC, over all processes: a fold of the call
/// events, in which a call under way, and one that may have been billed and brought no
/// answer, count with what they may cost at most. Pure; one thread.
class daily_budget {
public:
  daily_budget() = default;
  /// Nothing may be spent beyond `limit` a day; a limit of 0 means no limit.
  explicit daily_budget(events::micro_dollars limit)
    : limit_(limit) {}

  /// Adds what had been spent on the day of `now` before this budget began to listen.
  void begin(events::micro_dollars spent, events::timestamp now);

  /// Whether a call of at most this cost fits; if so it is counted from now on.
  [[nodiscard]] bool try_reserve(const events::call_id& call, events::micro_dollars cost_max,
                                 events::timestamp until, events::timestamp now);
  /// The call was not made after all.
  void release(const events::call_id& call);

  /// Takes in what the log tells, of this process's calls and of others'. Repeats change nothing.
  void apply(const events::language_model::language_model_call_started& happened, events::timestamp now);
  void apply(const events::language_model::fact& happened, events::timestamp recorded_at,
             events::timestamp now);

  [[nodiscard]] bool has_limit() const noexcept {
    return limit_.value > 0;
  }
  [[nodiscard]] events::micro_dollars limit() const noexcept {
    return limit_;
  }
  [[nodiscard]] events::micro_dollars spent(events::timestamp now);
  /// Whether the last call that was asked for did not fit.
  [[nodiscard]] bool is_spent(events::timestamp now);

private:
  struct reservation {
    events::micro_dollars cost_max;
    events::timestamp until; ///< its outcome is known by then, or will never be
  };

  void turn_to(events::timestamp now);
  void forget_what_is_over(events::timestamp now);
  void remember_settled(const events::call_id& call);

  events::micro_dollars limit_;
  std::chrono::sys_days day_;
  events::micro_dollars spent_;
  events::micro_dollars reserved_;
  bool refused_ = false;
  std::unordered_map<events::call_id, reservation> reservations_;
  std::unordered_set<events::call_id> settled_; ///< lately, to know a repeat by
  std::deque<events::call_id> settled_in_order_;
};

} // namespace sonicmatch::actors::language_model
