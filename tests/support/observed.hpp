#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <utility>

namespace sonicmatch::tests {

/// How long a test waits for what should happen; far beyond what it takes.
inline constexpr std::chrono::seconds patience{20};

/// A value that other threads change and a test waits for, without sleeping.
template <class T>
class observed {
public:
  /// Lets `act` change the value and wakes whoever waits. Returns what `act` does.
  template <class Action>
  auto change(Action act) {
    std::lock_guard lock{guard_};
    changed_.notify_all();
    return act(value_);
  }

  /// Waits until `met` holds; false when the time ran out.
  template <class Condition>
  [[nodiscard]] bool await(Condition met, std::chrono::milliseconds timeout = patience) {
    std::unique_lock lock{guard_};
    return changed_.wait_for(lock, timeout, [&] { return met(std::as_const(value_)); });
  }

  /// A copy of the value.
  [[nodiscard]] T now() const {
    std::lock_guard lock{guard_};
    return value_;
  }

private:
  mutable std::mutex guard_;
  std::condition_variable changed_;
  T value_{};
};

} // namespace sonicmatch::tests
