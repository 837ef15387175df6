#pragma once

#include <chrono>

namespace sonicmatch::infra {

/// SIGTERM and SIGINT as something to wait for. Make one in main() before any
/// thread is started, because it blocks the signals and threads inherit that.
class termination_signals {
public:
  termination_signals();

  /// Whether one has arrived; does not wait.
  [[nodiscard]] bool arrived();

  /// Waits for one, `patience` at most; says whether one has arrived.
  bool wait(std::chrono::milliseconds patience);

private:
  bool arrived_ = false;
};

} // namespace sonicmatch::infra
