#include "http/routes/page_cache.hpp"

namespace sonicmatch::http {

namespace {
constexpr std::chrono::minutes age_max{10};
constexpr std::size_t bookkeeping_bytes = 200;
} // namespace

page_cache::page page_cache::find(std::string_view key, std::int64_t version, time_point now) {
  std::lock_guard guard{mutex_};
  if (version != version_)
    return nullptr;
  auto known = by_key_.find(key);
  return known == by_key_.end() || known->second->made_at + age_max < now ? nullptr : known->second->rendered;
}

void page_cache::put(std::string_view key, std::int64_t version, page rendered, time_point now) {
  std::lock_guard guard{mutex_};
  if (version < version_)
    return;
  if (version > version_) {
    by_key_.clear();
    newest_first_.clear();
    bytes_ = 0;
    version_ = version;
  }
  if (auto known = by_key_.find(key); known != by_key_.end()) {
    newest_first_.splice(newest_first_.end(), newest_first_, known->second);
    remove_oldest();
  }
  bytes_ += bookkeeping_bytes + key.size() + rendered->size();
  newest_first_.push_front({std::string{key}, std::move(rendered), now});
  by_key_.emplace(newest_first_.front().key, newest_first_.begin());
  while (bytes_ > bytes_max_)
    remove_oldest();
}

void page_cache::remove_oldest() {
  const auto& oldest = newest_first_.back();
  bytes_ -= bookkeeping_bytes + oldest.key.size() + oldest.rendered->size();
  by_key_.erase(oldest.key);
  newest_first_.pop_back();
}

} // namespace sonicmatch::http
