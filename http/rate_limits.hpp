#pragma once

#include "http/ip_address.hpp"
#include "http/quota.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::http {

/// At most `requests_max` requests of one client in any `window`; 0: as many as it likes.
struct rate {
  std::uint32_t requests_max = 0;
  std::chrono::seconds window{60};

  bool operator==(const rate&) const = default;

  /// Reads "10/second", "10/minute", "10/hour", or "0" for no limit.
  [[nodiscard]] static std::optional<rate> parse(std::string_view text) noexcept;
};

/// Counts the requests of each client network against one rate, in a sliding window.
///
/// The algorithm is the sliding-window log: a client's accepted requests are kept with
/// their times, and one is accepted while fewer than `requests_max` of the last window are
/// there, to the millisecond (as in "Scaling your API with rate limiters", Stripe 2017, and Redis' sorted-set
/// recipe). Requests that were refused do not count, so that asking on never prolongs the
/// wait. A log has at most `log_entries_max` entries: for a higher rate the requests of a
/// stretch, a nineteenth of the window, share an entry that has the time of their last one.
/// So no window ever sees more than `requests_max`, and a place comes back when its request
/// has left the window, for such higher rates up to that stretch later.
///
/// Memory is bounded by clients_max, however many networks ask: a table of buckets of
/// `bucket_clients` logs, made when first needed. A newcomer to a full bucket takes the log
/// that has run out; else the one that holds the fewest requests, of these the oldest. So
/// to be forgotten with c requests, a client needs that many of each of the others in its
/// bucket, which he cannot name, for the hash is keyed by chance: he has to keep the whole
/// table at c requests a window, with clients_max networks whose own allowance is
/// greater by far than what he regains. A flood of networks with one request each takes
/// each other's logs, and the others are served as ever.
///
/// Thread-safe: its buckets are divided among shards, each with a lock that is held for
/// some ten nanoseconds.
class rate_limit {
public:
  using time_point = std::chrono::steady_clock::time_point;

  static constexpr std::size_t log_entries_max = 20;
  static constexpr std::size_t bucket_clients = 8;
  static constexpr std::size_t clients_max_default = 32'768;

  /// `clients_max` is rounded up to whole buckets. `seed` keys the hash.
  explicit rate_limit(rate allowed, std::size_t clients_max = clients_max_default,
                      std::uint64_t seed = random_seed());
  ~rate_limit();
  rate_limit(rate_limit&&) noexcept;

  /// Counts one request of `client` at `now`, unless it is one too many.
  [[nodiscard]] quota take(client_network client, time_point now);

  /// What it takes at most, in bytes: 6.5 MiB for the default of clients.
  [[nodiscard]] std::size_t bytes_max() const noexcept;

private:
  struct entry;
  struct log;
  struct bucket;
  struct shard;

  [[nodiscard]] static std::uint64_t random_seed();
  [[nodiscard]] bucket& bucket_of(shard& within, std::uint64_t hash) const;
  [[nodiscard]] log& log_of(bucket& within, client_network client, std::int64_t now_ms) const;
  void let_go(log& kept, std::int64_t now_ms) const noexcept;
  void add(log& kept, std::int64_t now_ms) const noexcept;

  rate allowed_;
  std::int64_t window_ms_;
  std::int64_t stretch_ms_; ///< 0: each request has an entry of its own
  std::size_t log_entries_;
  std::size_t buckets_per_shard_;
  std::uint64_t seed_;
  std::unique_ptr<shard[]> shards_;
};

/// A rate and the routes it is for: those whose `limit_class` is its name.
struct named_rate {
  std::string name;
  rate allowed;
};

/// The limits of a server, by name. Thread-safe.
class rate_limits {
public:
  explicit rate_limits(const std::vector<named_rate>& rates);

  /// Counts one request; not limited when no limit has that name, or its rate is 0.
  [[nodiscard]] quota take(std::string_view name, client_network client, rate_limit::time_point now);

private:
  std::vector<std::pair<std::string, rate_limit>> limits_;
};

} // namespace sonicmatch::http
