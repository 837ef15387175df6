#pragma once

#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"

namespace sonicmatch::infra {

/// The system's wall clock.
class system_clock final : public actors::ports::clock {
public:
  [[nodiscard]] events::timestamp now() const override;
};

/// The kernel's generator (getrandom). Ends the process if the kernel has none,
/// which Linux since 3.17 does not do once it has booted.
class system_entropy final : public actors::ports::entropy {
public:
  [[nodiscard]] std::array<std::uint8_t, 10> draw() override;
};

} // namespace sonicmatch::infra
