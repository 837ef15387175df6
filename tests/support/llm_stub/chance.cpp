#include "tests/support/llm_stub/chance.hpp"

#include <cmath>

namespace sonicmatch::tests::llm_stub {

chance::chance(std::uint64_t seed)
  : faults_{seed}
  , latencies_{seed + 1} {}

fault chance::draw_fault(const settings& values) {
  auto drawn = std::uniform_real_distribution<double>{}(faults_);
  for (std::size_t i = 1; i < fault_count; ++i) {
    if (drawn < values.rates[i])
      return static_cast<fault>(i);
    drawn -= values.rates[i];
  }
  return fault::none;
}

std::chrono::nanoseconds chance::draw_latency(const settings& values) {
  auto in_ms = values.latency_ms;
  if (values.latency_median_ms > 0)
    in_ms = std::lognormal_distribution<double>{std::log(values.latency_median_ms),
                                                values.latency_sigma}(latencies_);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(
    std::chrono::duration<double, std::milli>{std::min(in_ms, latency_ms_max)});
}

} // namespace sonicmatch::tests::llm_stub
