#pragma once

#include "actors/interfaces.hpp"

#include <functional>
#include <map>
#include <unordered_map>
#include <vector>

namespace sonicmatch::actors {

/// Somebody who waits for a session.
struct session_waiter {
  answer_session answer;
  bool wait = true; ///< for its end, or else until it is durable
  events::timestamp give_up_at;
  /// Of who asked under an Idempotency-Key: a session of another hash is not theirs.
  std::optional<std::string> request_hash{};
};

/// Who waits for which session: for its command's delivery, or for its end. Owned and
/// used by the edge actor, whose clock it is told; it calls the answers.
///
/// A session that was asked for under a key may be opened by several commands, of which
/// the first in the log counts. So whoever asked under a key is answered only once the
/// log has shown whose request the session is.
class session_desk {
public:
  /// What the edge knows of a session, or nothing.
  using known_session = std::function<std::optional<session_answer>(const events::session_id&)>;

  /// Waiters in all.
  [[nodiscard]] std::size_t size() const noexcept {
    return deadlines_.size();
  }
  [[nodiscard]] bool is_open(const events::session_id& id) const {
    return sessions_.contains(id);
  }

  /// A command for the session is on its way to the log.
  void open(const events::session_id& id, const events::stream_origin& origin, events::timestamp created_at,
            session_waiter first);

  /// Waits for a session whose command is on its way from here, or which was found in
  /// the log as `found`.
  void join(const events::session_id& id, session_waiter waiter);
  void join(const session_answer& found, session_waiter waiter);

  /// A session of which it is known that its command is in the log, and that it counts.
  struct issued {
    events::stream_origin origin;
    events::timestamp created_at;
  };

  /// The command's delivery report. Nothing for a session that was asked for under a key.
  std::optional<issued> delivered(const command_delivered& report);

  /// A record of the session has been read in the log; the first one counts.
  void seen(const events::session_id& id, const events::stream_origin& origin);

  [[nodiscard]] bool awaits_end_of(const events::session_id& id) const;

  /// The session has ended. Who does not wait for that is still answered by the
  /// delivery report, always the same way.
  void ended(const session_answer& answer);

  /// The session is gone: answers all who wait for it with `reason`.
  void fail(const events::session_id& id, const caf::error& reason);

  /// Answers those whose time is over with what is known: accepted, not done.
  void expire(events::timestamp now, const known_session& known);

  /// Nobody waits longer than until `latest`.
  void hasten(events::timestamp latest);

private:
  using deadlines = std::multimap<events::timestamp, events::session_id>;
  struct waiting {
    session_waiter who;
    deadlines::iterator deadline;
  };
  struct awaited {
    events::timestamp created_at;
    events::stream_origin origin;
    bool is_durable = false; ///< some command of it is in the log
    bool is_settled = false; ///< which one counts is known
    std::vector<waiting> waiters;
  };
  using sessions = std::unordered_map<events::session_id, awaited>;

  void add(sessions::iterator to, session_waiter waiter);
  /// Takes those out of it for whom `test` holds; forgets the session when nobody is left.
  template <class Test>
  std::vector<answer_session> take(sessions::iterator from, Test test);
  /// It is known whose request the session is: refuses who asked for something else.
  void settle(sessions::iterator known, const events::stream_origin& origin);
  void answer_accepted(sessions::iterator of);

  sessions sessions_;
  deadlines deadlines_;
};

/// key_reused, for a repeat that asks for something else.
[[nodiscard]] caf::error reused_key();

} // namespace sonicmatch::actors
