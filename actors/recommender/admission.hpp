#pragma once

#include <atomic>
#include <cstddef>

namespace sonicmatch::actors {

/// How many sessions may be open at once in the process, over all its
/// partitions. Thread-safe. Beyond the bound commands wait unread; they come in
/// again only below three quarters of it, so that partitions do not flap.
class admission {
public:
  explicit admission(std::size_t open_max)
    : open_max_(open_max) {}

  /// Whether another session may be opened; if so it counts as open.
  [[nodiscard]] bool try_enter() noexcept {
    if (full_ && open_ >= open_max_ - open_max_ / 4)
      return false;
    if (open_.fetch_add(1) >= open_max_) {
      open_.fetch_sub(1);
      full_ = true;
      return false;
    }
    full_ = false;
    return true;
  }

  /// Counts a session that is open whatever the bound: it was found in the log.
  void enter() noexcept {
    open_.fetch_add(1);
  }

  void leave(std::size_t count = 1) noexcept {
    open_.fetch_sub(count);
  }

  [[nodiscard]] std::size_t open() const noexcept {
    return open_;
  }

private:
  const std::size_t open_max_;
  std::atomic<std::size_t> open_ = 0;
  std::atomic<bool> full_ = false;
};

} // namespace sonicmatch::actors
