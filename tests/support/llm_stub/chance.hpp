#pragma once

#include "tests/support/llm_stub/settings.hpp"

#include <chrono>
#include <cstdint>
#include <random>

namespace sonicmatch::tests::llm_stub {

/// Draws faults and latencies. The same seed gives the same ones in the order of the
/// requests; each has its own generator, so that a change of one leaves the other as
/// it was.
class chance {
public:
  explicit chance(std::uint64_t seed);

  [[nodiscard]] fault draw_fault(const settings& values);

  /// Zero when there is no latency.
  [[nodiscard]] std::chrono::nanoseconds draw_latency(const settings& values);

private:
  std::mt19937_64 faults_;
  std::mt19937_64 latencies_;
};

} // namespace sonicmatch::tests::llm_stub
