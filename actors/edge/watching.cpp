// The edge's watchers: a session's progress, as it happens.

#include "actors/edge/edge.hpp"
#include "actors/ownership.hpp"

namespace sonicmatch::actors {

void edge_state::watch(const watch_session& asked) {
  if (refusal())
    return asked.watcher->end();
  auto now = parts_.clock->now();
  auto begin = [this, asked](const caf::expected<session_answer>& found) {
    if (!found || draining_ || !may_see(found->origin.user, asked.asker))
      return asked.watcher->end();
    auto at = parts_.clock->now();
    auto newest = parts_.cache->find(asked.id, at);
    watchers_->add(asked, newest && newest->version > found->version ? *newest : *found, at);
    schedule_tick(tick_interval);
  };
  if (auto known = parts_.cache->find(asked.id, now))
    return begin(std::move(*known));
  search_for(find_session{asked.id, std::move(begin)});
}

void edge_state::unwatch(const unwatch_session& gone) {
  watchers_->remove(gone);
}

} // namespace sonicmatch::actors
