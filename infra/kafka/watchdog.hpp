#pragma once

#include "actors/ports/logger.hpp"

#include <atomic>
#include <chrono>
#include <functional>
#include <string>
#include <thread>

namespace sonicmatch::infra::kafka {

/// Ends the process when a thread that should show signs of life does not.
///
/// librdkafka 2.0.2 can hang as a static member of a group: nothing comes, no error
/// either, and the partitions stay with a process that does nothing. Only a new
/// process helps, and whoever supervises this one starts it.
class watchdog {
public:
  /// Watches from now on, with a thread of its own. `on_hang` is called on it,
  /// once; the default writes an error to `log` and ends the process with status 70
  /// (EX_SOFTWARE), without running destructors.
  watchdog(std::string what, std::chrono::milliseconds limit, actors::ports::logger& log,
           std::function<void()> on_hang = {});

  /// A sign of life. Callable from any thread.
  void pulse() noexcept;

private:
  std::atomic<std::chrono::steady_clock::rep> last_;
  std::jthread thread_;
};

} // namespace sonicmatch::infra::kafka
