#pragma once

#include "events/language_model/journal.hpp"

#include <chrono>
#include <optional>
#include <string>

/// What comes next for a request that a language model is asked about: a pure function
/// of the calls that the log tells of and of what is under way.
namespace sonicmatch::actors {

/// How much is tried.
struct call_policy {
  int retries_max = 2;                       ///< of calls that failed
  std::chrono::milliseconds timeout{30'000}; ///< of one call
  /// This long before the request's deadline no call is waited for any more.
  std::chrono::milliseconds margin{2'000};
  /// No call is begun with less time than this.
  std::chrono::milliseconds call_time_min{500};
  /// How long after its deadline the outcome of a former owner's call may still come.
  std::chrono::milliseconds former_owner_patience{1'000};
  /// So many calls may be lost with their processes before it is given up.
  int lost_max = 2;
};

/// What the log does not tell.
struct call_situation {
  bool is_under_way = false;                 ///< the newest call is being made here
  bool is_awaited = false;                   ///< the newest call is being finished by the former owner
  bool is_clean = false;                     ///< all of the newest reply was accepted
  bool may_repair = false;                   ///< telling the model what was wrong may help
  std::string fault;                         ///< what was wrong with the replies, as a word
  std::optional<events::timestamp> retry_at; ///< when a failed call may be made again
};

/// What deliberate() decides.
struct next_step {
  enum class kind : std::uint8_t {
    wait,    ///< for a call, or for the time of a retry
    call,    ///< ask the gateway for a call of this purpose
    conclude ///< end the request with what there is
  };
  kind does = kind::wait;
  events::language_model::purpose purpose = events::language_model::purpose::answer; ///< of the call
  /// Why the model's answer is not all there, as a word; empty when it is.
  std::string reason;

  bool operator==(const next_step&) const = default;
};

/// No work of a language model is waited for after this.
[[nodiscard]] events::timestamp give_up_time(events::timestamp deadline, const call_policy& policy) noexcept;

/// What to do now, `deadline` being the request's. The same arguments give the same step, so
/// that an owner who takes over goes on where the one before stopped: an outcome that is in
/// the log is never asked for again. At most one repair is made, `retries_max` calls that
/// failed are made again, and `lost_max` calls may be lost with their processes; nothing is
/// begun or waited for after give_up_time().
[[nodiscard]] next_step deliberate(const events::language_model::call_journal& calls,
                                   const call_situation& known, const call_policy& policy,
                                   events::timestamp deadline, events::timestamp now);

/// When the newest call, which failed just now, may be made again; nothing when it
/// should not be: it would fail again, was tried often enough, or the provider asks
/// for more time than anybody has. `chance` is from 0 to 1.
[[nodiscard]] std::optional<events::timestamp> retry_time(const events::language_model::call_journal& calls,
                                                          const call_policy& policy, double chance,
                                                          events::timestamp now);

} // namespace sonicmatch::actors
