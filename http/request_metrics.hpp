#pragma once

#include "http/exchange.hpp"
#include "http/router.hpp"

#include <array>
#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace sonicmatch::http {

/// Connections of a server, now and since its start.
struct connection_figures {
  std::size_t open = 0;
  std::uint64_t refused = 0;
};

/// Counts requests by operation and kind of status, and how long they took.
///
/// Shared by a server, whose I/O threads count into stripes of their own, and by whoever
/// shows the figures. Begin with begin(), before the server starts; all else is thread-safe.
class request_metrics final : public exchange_observer {
public:
  /// The upper bounds of the histogram's buckets, seconds; one without a bound follows.
  static constexpr std::array bounds_s{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25,
                                       0.5,   1.0,    2.5,   5.0,  10.0,  30.0, 60.0};
  static constexpr std::size_t status_kinds = 5; ///< 1xx to 5xx

  /// What one operation came to. `operation_id` is empty for what no route answered.
  struct figures {
    std::string operation_id;
    std::array<std::uint64_t, status_kinds> by_status{};
    std::array<std::uint64_t, bounds_s.size() + 1> by_duration{}; ///< each bucket alone
    double seconds = 0;
  };

  /// Takes the operations that will be counted apart.
  void begin(const router& routes);

  void observe(const exchange& done) noexcept override;

  /// Every operation that was begun with, in that order, and last what no route answered.
  [[nodiscard]] std::vector<figures> read() const;

  /// Where connections() asks; nothing: nowhere any more.
  void follow_connections(std::function<connection_figures()> read);
  [[nodiscard]] connection_figures connections() const;

private:
  struct alignas(64) counters {
    std::array<std::atomic<std::uint64_t>, status_kinds> by_status{};
    std::array<std::atomic<std::uint64_t>, bounds_s.size() + 1> by_duration{};
    std::atomic<std::uint64_t> nanoseconds{0};
  };
  static constexpr std::size_t stripes = 4; ///< threads beyond share one, which is slower, not wrong

  std::vector<std::string> operations_;
  std::unordered_map<std::string_view, std::size_t> places_; ///< of the texts in operations_
  std::array<std::unique_ptr<counters[]>, stripes> counted_;
  mutable std::mutex mutex_;
  std::function<connection_figures()> read_connections_;
};

} // namespace sonicmatch::http
