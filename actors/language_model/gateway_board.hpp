#pragma once

#include "actors/language_model/circuit_breaker.hpp"
#include "events/language_model/usage.hpp"

#include <array>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

namespace sonicmatch::actors::language_model {

/// The gateway in figures, for metrics and the health page. Counters count from the
/// process's start.
struct gateway_figures {
  std::string engine; ///< "anthropic/claude-opus-4-5"
  std::uint64_t calls_replied = 0;
  std::map<std::string, std::uint64_t> calls_failed; ///< by code
  std::map<std::string, std::uint64_t> refused;      ///< admissions, by reason
  std::uint64_t answers_reused = 0;                  ///< from the cache
  std::uint64_t answers_shared = 0;                  ///< by another request's call for the same question
  events::language_model::token_usage tokens;
  std::int64_t cost_micro_usd = 0;
  std::uint64_t latency_sum_ms = 0;
  std::size_t in_flight = 0;
  std::size_t queued = 0;
  std::size_t cache_bytes = 0;
  circuit_breaker::state breaker = circuit_breaker::state::closed;
  std::int64_t budget_limit_micro_usd = 0; ///< 0: no limit
  std::int64_t spent_today_micro_usd = 0;
  bool budget_is_spent = false;
};

/// Where the gateway's figures are for other threads. Thread-safe.
class gateway_board {
public:
  void publish(gateway_figures newest) {
    std::lock_guard guard{mutex_};
    figures_ = std::move(newest);
  }
  [[nodiscard]] gateway_figures figures() const {
    std::lock_guard guard{mutex_};
    return figures_;
  }

private:
  mutable std::mutex mutex_;
  gateway_figures figures_;
};

} // namespace sonicmatch::actors::language_model
