#pragma once

#include "http/ip_address.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <unordered_map>

namespace sonicmatch::http {

/// Counts connections, overall and for each network. Thread-safe; asked once when
/// a connection comes and once when it goes.
class connection_limits {
public:
  connection_limits(std::size_t overall_max, std::size_t per_network_max) noexcept
    : overall_max_{overall_max}
    , per_network_max_{per_network_max} {}

  /// Whether one more connection is allowed; if so it counts until leave().
  [[nodiscard]] bool enter(client_network from);
  void leave(client_network from);

  /// Waits until no connection counts any more; false when `patience` ran out.
  [[nodiscard]] bool wait_until_empty(std::chrono::milliseconds patience);

  [[nodiscard]] std::size_t open() const;
  [[nodiscard]] std::uint64_t refused() const;

private:
  struct hash {
    std::size_t operator()(client_network network) const noexcept {
      // Fibonacci hashing: neighbours in one network spread over the table.
      return network.bits * 0x9e3779b97f4a7c15ULL;
    }
  };

  const std::size_t overall_max_;
  const std::size_t per_network_max_;
  mutable std::mutex mutex_;
  std::condition_variable emptied_;
  std::unordered_map<client_network, std::size_t, hash> by_network_; ///< bounded by overall_max_
  std::size_t open_ = 0;
  std::uint64_t refused_ = 0;
};

} // namespace sonicmatch::http
