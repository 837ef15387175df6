#pragma once

#include "tests/support/llm_stub/fault.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::tests::llm_stub {

/// The longest latency, set or drawn: a log-normal one has no longest.
inline constexpr double latency_ms_max = 3'600'000;

/// How the stub behaves. The same names are flags (`--latency-ms 5`) and members of
/// the JSON that /stub/settings takes and gives (`latency_ms`).
struct settings {
  double latency_ms = 0;        ///< fixed; setting it ends the log-normal latency, and the reverse
  double latency_median_ms = 0; ///< log-normal when more than 0
  double latency_sigma = 0.5;   ///< of the latency's logarithm
  std::uint64_t seed = 1;       ///< of faults and latencies; setting it starts them again

  std::array<double, fault_count> rates{}; ///< by fault, from 0 to 1; fault::none takes the rest
  std::vector<fault> next;                 ///< faults of the next requests, before any rate counts
  bool repair_faults = false;              ///< false: a question with a repair turn is always served well

  int error_status = 529;
  bool error_spend_limit = false; ///< a 429 is one that the provider's retry rules exclude
  std::string retry_after_s;      ///< the header `retry-after` on errors, as it is; empty: none
  std::string retry_after_ms;     ///< the header `retry-after-ms`, the same
  std::string should_retry;       ///< the header `x-should-retry`, the same

  int drip_ms = 1'000;           ///< how long a dripped body takes
  std::string outside_headphone; ///< named by outside_constraints; empty: one of the catalog

  std::string key;       ///< empty: any key will do, and none
  bool echo_key = false; ///< the 401 for a wrong key quotes it whole
  /// Models that answer 400 to a forced tool choice and to temperature, top_p and top_k.
  std::vector<std::string> strict_models;

  std::int64_t cache_tokens_min = 0; ///< a shorter prefix is not cached, silently
  std::int64_t reasoning_tokens = 0; ///< thought before each answer, billed as output

  bool operator==(const settings&) const = default;

  [[nodiscard]] double rate(fault which) const noexcept {
    return rates[static_cast<std::size_t>(which)];
  }
};

/// Names of settings with their values as text; lists are separated by commas.
using assignments = std::vector<std::pair<std::string, std::string>>;

/// Makes the assignments in `values`, all or none. Returns what is wrong with them, a
/// sentence, or nothing. Dashes in names count as underscores.
[[nodiscard]] std::optional<std::string> assign(settings& values, const assignments& wanted);

/// The settings as a JSON object that assign() takes back; the key only as whether
/// there is one.
[[nodiscard]] std::string to_json(const settings& values);

} // namespace sonicmatch::tests::llm_stub
