#pragma once

#include <array>
#include <cstdint>

namespace sonicmatch::actors::ports {

/// Where ids come from. The real one is the system's generator, so that an
/// anonymous session's id cannot be guessed.
class entropy {
public:
  virtual ~entropy() = default;

  /// Ten unpredictable bytes, what a v7 uuid takes. Thread-safe.
  [[nodiscard]] virtual std::array<std::uint8_t, 10> draw() = 0;
};

} // namespace sonicmatch::actors::ports
