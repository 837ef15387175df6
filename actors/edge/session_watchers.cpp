#include "actors/edge/session_watchers.hpp"

#include <vector>

namespace sonicmatch::actors {

void session_watchers::add(const watch_session& asked, const session_answer& now, events::timestamp at) {
  const auto& watcher = asked.watcher;
  if (watcher->is_closed || is_full())
    return watcher->end();
  auto is_told = now.version > asked.known;
  if (is_told
      && !watcher->write(
        std::make_shared<const std::string>(asked.render(session_news{now, asked.known, std::nullopt}))))
    return watcher->end();
  if (now.terminal)
    return watcher->end();
  oldest_first_.push_back(
    {asked.id, is_told ? now.version : asked.known, at + bounds_.time_max, watcher, asked.render});
  sessions_[asked.id].insert_or_assign(watcher.get(), std::prev(oldest_first_.end()));
}

void session_watchers::tell(const session_answer& now, events::timestamp time) {
  auto found = sessions_.find(now.id);
  if (found == sessions_.end())
    return;
  std::shared_ptr<const std::string> bytes; // of those who know all but the newest
  std::vector<entries::iterator> done;
  for (auto& [key, at] : found->second) {
    if (now.version <= at->known)
      continue;
    auto behind = at->known.next() < now.version;
    if (!bytes || behind)
      bytes = std::make_shared<const std::string>(at->render(session_news{now, at->known, time}));
    auto is_there = at->watcher->write(bytes);
    if (behind)
      bytes.reset();
    at->known = now.version;
    if (!is_there || now.terminal)
      done.push_back(at);
  }
  for (auto each : done) {
    auto watcher = each->watcher;
    remove(each);
    watcher->end();
  }
}

void session_watchers::remove(entries::iterator old) {
  auto found = sessions_.find(old->session);
  found->second.erase(old->watcher.get());
  if (found->second.empty())
    sessions_.erase(found);
  oldest_first_.erase(old);
}

void session_watchers::remove(const unwatch_session& gone) {
  auto found = sessions_.find(gone.id);
  if (found == sessions_.end())
    return;
  if (auto known = found->second.find(gone.watcher.get()); known != found->second.end())
    remove(known->second);
}

void session_watchers::expire(events::timestamp now) {
  while (!oldest_first_.empty() && oldest_first_.front().until <= now) {
    auto watcher = oldest_first_.front().watcher;
    remove(oldest_first_.begin());
    watcher->end();
  }
}

void session_watchers::end(const events::session_id& id) {
  auto found = sessions_.find(id);
  if (found == sessions_.end())
    return;
  for (auto& [key, at] : std::exchange(found->second, {})) {
    auto watcher = at->watcher;
    oldest_first_.erase(at);
    watcher->end();
  }
  sessions_.erase(id);
}

void session_watchers::end() {
  sessions_.clear();
  for (auto& each : std::exchange(oldest_first_, {}))
    each.watcher->end();
}

} // namespace sonicmatch::actors
