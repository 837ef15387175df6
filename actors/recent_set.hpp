#pragma once

#include <cstddef>
#include <deque>
#include <unordered_set>

namespace sonicmatch::actors {

/// The keys that were inserted last, so many at most: the oldest leaves for a new one.
template <class Key>
class recent_set {
public:
  explicit recent_set(std::size_t count_max)
    : count_max_(count_max) {}

  /// One that is there keeps its age.
  void insert(const Key& key) {
    if (!keys_.insert(key).second)
      return;
    in_order_.push_back(key);
    if (in_order_.size() > count_max_) {
      keys_.erase(in_order_.front());
      in_order_.pop_front();
    }
  }

  [[nodiscard]] bool contains(const Key& key) const {
    return keys_.contains(key);
  }

private:
  std::size_t count_max_;
  std::unordered_set<Key> keys_;
  std::deque<Key> in_order_;
};

} // namespace sonicmatch::actors
