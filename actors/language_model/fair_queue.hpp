#pragma once

#include <algorithm>
#include <cstddef>
#include <deque>
#include <list>
#include <optional>
#include <unordered_map>

namespace sonicmatch::actors::language_model {

/// What waits for its turn, a line for each group: the lines take turns, so that a
/// busy one does not keep the others waiting, and within a line the first comes
/// first. Bounded as a whole. One thread.
template <class Group, class Item>
class fair_queue {
public:
  explicit fair_queue(std::size_t size_max)
    : size_max_(size_max) {}

  /// Adds to the end of its group's line; false when the queue is full.
  [[nodiscard]] bool push(const Group& group, Item item) {
    if (size_ >= size_max_)
      return false;
    auto& line = lines_[group];
    if (line.empty())
      turns_.push_back(group);
    line.push_back(std::move(item));
    ++size_;
    return true;
  }

  /// The next whose turn it is.
  [[nodiscard]] std::optional<Item> pop() {
    if (turns_.empty())
      return std::nullopt;
    auto group = turns_.front();
    turns_.pop_front();
    auto line = lines_.find(group);
    std::optional<Item> out{std::move(line->second.front())};
    line->second.pop_front();
    --size_;
    if (line->second.empty())
      lines_.erase(line);
    else
      turns_.push_back(group);
    return out;
  }

  /// Takes out all for which `test` holds.
  template <class Test>
  void erase_if(Test test) {
    for (auto line = lines_.begin(); line != lines_.end();) {
      size_ -= std::erase_if(line->second, test);
      if (!line->second.empty()) {
        ++line;
        continue;
      }
      std::erase(turns_, line->first);
      line = lines_.erase(line);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept {
    return size_;
  }

private:
  std::size_t size_max_;
  std::size_t size_ = 0;
  std::unordered_map<Group, std::deque<Item>> lines_; ///< none of them empty
  std::list<Group> turns_;                            ///< each group with a line, once
};

} // namespace sonicmatch::actors::language_model
