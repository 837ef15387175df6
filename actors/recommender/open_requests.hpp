#pragma once

#include "actors/ports/log.hpp"
#include "actors/recent_set.hpp"
#include "actors/recommender/inquiry.hpp"
#include "events/codec.hpp"
#include "events/explanation/state.hpp"
#include "events/fence.hpp"
#include "events/session/state.hpp"

#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <variant>

namespace sonicmatch::actors {

using events::log_offset;

/// What has been asked for and has not ended: a recommendation or an explanation.
struct open_request {
  std::variant<events::session::state, events::explanation::state> state;
  events::session_id session; ///< the key of its records
  events::record_id command;  ///< what opened it
  events::correlation_id correlation;
  std::optional<std::string> traceparent;
  events::stream_origin origin;
  std::optional<log_offset> requested; ///< where its request is in the events, once acknowledged
  bool ending = false;                 ///< its terminal event is on the way to the log
  /// Its newest call is being finished by the owner before, who handed off.
  bool is_awaited = false;
  bool is_erased = false;  ///< with its session: nothing is decided for it any more
  actors::inquiry inquiry; ///< what is being done about it, here and now

  [[nodiscard]] events::stream_version version() const;
  [[nodiscard]] events::timestamp deadline() const;
  [[nodiscard]] events::timestamp requested_at() const;
  [[nodiscard]] const events::language_model::call_journal& calls() const;
  [[nodiscard]] bool is_explanation() const noexcept {
    return std::holds_alternative<events::explanation::state>(state);
  }

  void apply(const events::session::event& happened, events::stream_version at, events::timestamp time);
  void apply(const events::explanation::event& happened, events::stream_version at, events::timestamp time);
  void apply(const events::language_model::language_model_call_started& happened, events::stream_version at);
  void apply(const events::language_model::fact& happened);
};

/// The requests of one partition as its owner knows them: those open, and which
/// ended lately. Rebuilt from the log at a claim, kept by the owner after it. Pure.
class open_requests {
public:
  /// How many ended requests are remembered, to know a repeated command by.
  static constexpr std::size_t ended_max = 4096;

  /// Applies an event read back from the log. Void decisions and what cannot be
  /// read change nothing; the projections park the latter. Returns the call of which
  /// the record is an outcome, open or not.
  std::optional<events::call_id> replay(const ports::log_record& record, events::claim_fence& fence);

  /// Adds a request, or returns the one there is.
  open_request& open(const events::stream_id& id, open_request fresh);

  /// Moves a request to those that ended. Returns whether it was open.
  bool close(const events::stream_id& id);

  /// Notes that a session is erased; what is open of it is forgotten, but for what is
  /// still in its own way to an end.
  void erase(const events::session_id& session);

  [[nodiscard]] open_request* find(const events::stream_id& id);
  [[nodiscard]] bool has_ended(const events::stream_id& id) const {
    return ended_.contains(id);
  }
  /// Whether the session was erased lately.
  [[nodiscard]] bool is_erased(const events::session_id& session) const {
    return erased_.contains(session);
  }

  /// Where the lowest request of the open ones is in the events.
  [[nodiscard]] std::optional<log_offset> lowest_requested() const;

  /// Whether the owner before is finishing a call for any of them.
  [[nodiscard]] bool any_awaited() const;

  /// In no particular order; open() and close() invalidate it.
  [[nodiscard]] std::unordered_map<events::stream_id, open_request>& all() noexcept {
    return open_;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return open_.size();
  }

private:
  void replay_decision(const ports::log_record& record);
  void replay_opening(const ports::log_record& record, const events::stream_id& id, open_request fresh);
  std::optional<events::call_id> replay_fact(const ports::log_record& record);
  void replay_hand_off(const ports::log_record& record);
  void replay_erasure(const ports::log_record& record);

  std::unordered_map<events::stream_id, open_request> open_;
  recent_set<events::stream_id> ended_{ended_max};
  recent_set<events::session_id> erased_{ended_max};
};

} // namespace sonicmatch::actors
