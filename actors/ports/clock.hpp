#pragma once

#include "events/ids.hpp"

namespace sonicmatch::actors::ports {

/// The time of day. Delays and timeouts go by the actor system's own clock.
class clock {
public:
  virtual ~clock() = default;

  /// Now, in UTC. Thread-safe.
  [[nodiscard]] virtual events::timestamp now() const = 0;
};

} // namespace sonicmatch::actors::ports
