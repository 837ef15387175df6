#pragma once

#include "actors/ports/log.hpp"
#include "events/codec.hpp"
#include "events/fence.hpp"
#include "events/session/state.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <unordered_set>

namespace sonicmatch::actors {

using events::log_offset;

/// A session that has been asked for and has not ended.
struct open_session {
  events::session::state state;
  events::record_id command; ///< the command that opened it
  events::correlation_id correlation;
  std::optional<std::string> traceparent;
  std::optional<log_offset> requested; ///< where its recommendation_requested is, once acknowledged
  bool ending = false;                 ///< its terminal event is on the way to the log
};

/// The sessions of one partition as its owner knows them: those open, and which
/// ended lately. Rebuilt from the log at a claim, kept by the owner after it. Pure.
class open_sessions {
public:
  /// How many ended sessions are remembered, to know a repeated command by.
  static constexpr std::size_t ended_max = 4096;

  /// Applies an event read back from the log. Void decisions and what cannot be
  /// read change nothing; the projections park the latter.
  void replay(const ports::log_record& record, events::claim_fence& fence);

  /// Adds a session, or returns the one there is.
  open_session& open(const events::session_id& id, open_session fresh);

  /// Moves a session to those that ended.
  void close(const events::session_id& id);

  [[nodiscard]] open_session* find(const events::session_id& id);
  [[nodiscard]] bool has_ended(const events::session_id& id) const {
    return ended_.contains(id);
  }

  /// The lowest recommendation_requested of the open sessions.
  [[nodiscard]] std::optional<log_offset> lowest_requested() const;

  /// In no particular order; open() and close() invalidate it.
  [[nodiscard]] std::unordered_map<events::session_id, open_session>& all() noexcept {
    return open_;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return open_.size();
  }

private:
  void replay_requested(const ports::log_record& record, const events::session_id& id);

  std::unordered_map<events::session_id, open_session> open_;
  std::unordered_set<events::session_id> ended_;
  std::deque<events::session_id> ended_in_order_;
};

} // namespace sonicmatch::actors
