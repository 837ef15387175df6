#pragma once

#include "actors/interfaces.hpp"

#include <list>
#include <memory>
#include <unordered_map>

namespace sonicmatch::actors {

/// Who watches the progress of which session. Owned and used by the edge actor, whose
/// clock it is told. What is new of a session is rendered once, for all who watch it.
class session_watchers {
public:
  struct limits {
    std::size_t count_max = 20'000;
    std::chrono::milliseconds time_max{600'000}; ///< how long anybody watches one session
  };

  explicit session_watchers(limits bounds)
    : bounds_(bounds) {}

  [[nodiscard]] bool is_full() const noexcept {
    return oldest_first_.size() >= bounds_.count_max;
  }
  [[nodiscard]] std::size_t size() const noexcept {
    return oldest_first_.size();
  }
  [[nodiscard]] bool any_of(const events::session_id& id) const {
    return sessions_.contains(id);
  }

  /// Tells the watcher what it does not know of `now`, and from here on what is new; ends
  /// it at once when the session has ended, when there are too many, or when it is closed.
  void add(const watch_session& asked, const session_answer& now, events::timestamp at);

  /// Something has happened to a session, at `time`; whoever has that version already is
  /// told nothing.
  void tell(const session_answer& now, events::timestamp time);

  void remove(const unwatch_session& gone);

  /// Ends those who have watched for too long: they may come back.
  void expire(events::timestamp now);

  /// Ends those of a session that is gone.
  void end(const events::session_id& id);

  /// Ends all.
  void end();

private:
  struct entry {
    events::session_id session;
    events::stream_version known;
    events::timestamp until;
    session_watcher_ptr watcher;
    render_news render = nullptr;
  };
  using entries = std::list<entry>;
  using watching = std::unordered_map<const session_watcher*, entries::iterator>;

  void remove(entries::iterator old);

  limits bounds_;
  entries oldest_first_;
  std::unordered_map<events::session_id, watching> sessions_;
};

} // namespace sonicmatch::actors
