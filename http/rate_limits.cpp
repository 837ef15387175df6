#include "http/rate_limits.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <ctime>
#include <mutex>
#include <random>

namespace sonicmatch::http {

namespace {

constexpr std::size_t shard_count = 16;
/// Far beyond what one client can send, and well within 32 bits.
constexpr std::uint32_t requests_limit = 1'000'000'000;

/// The finalizer of SplitMix64 (Steele, Lea and Flood 2014): each bit of the result
/// depends on each bit of the key.
std::uint64_t mix(std::uint64_t bits) noexcept {
  bits = (bits ^ bits >> 30) * 0xbf58476d1ce4e5b9ULL;
  bits = (bits ^ bits >> 27) * 0x94d049bb133111ebULL;
  return bits ^ bits >> 31;
}

std::uint32_t seconds_up(std::int64_t milliseconds) noexcept {
  return static_cast<std::uint32_t>((milliseconds + 999) / 1000);
}

void append_number(std::string& out, std::uint64_t number) {
  std::array<char, 20> digits;
  out.append(digits.data(), std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr);
}

} // namespace

void append_headers(std::string& head, const quota& told) {
  if (told.requests_max == 0)
    return;
  auto line = [&](std::string_view text, std::uint64_t number) {
    head += text;
    append_number(head, number);
  };
  line("RateLimit-Policy: \"default\";q=", told.requests_max);
  line(";w=", told.window_s);
  line("\r\nRateLimit: \"default\";r=", told.remaining);
  line(";t=", told.reset_s);
  line("\r\nX-RateLimit-Limit: ", told.requests_max);
  line("\r\nX-RateLimit-Remaining: ", told.remaining);
  line("\r\nX-RateLimit-Reset: ", static_cast<std::uint64_t>(std::time(nullptr)) + told.reset_s);
  head += "\r\n";
}

std::optional<rate> rate::parse(std::string_view text) noexcept {
  rate read;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), read.requests_max);
  if (failure != std::errc{} || read.requests_max > requests_limit)
    return std::nullopt;
  auto unit = text.substr(static_cast<std::size_t>(end - text.data()));
  if (unit.empty() && read.requests_max == 0)
    return read;
  if (unit == "/second")
    read.window = std::chrono::seconds{1};
  else if (unit == "/minute")
    read.window = std::chrono::minutes{1};
  else if (unit == "/hour")
    read.window = std::chrono::hours{1};
  else
    return std::nullopt;
  return read;
}

/// Requests that share a time. Times are the low bits of milliseconds: all of a log lie
/// within a window of its last one.
struct rate_limit::entry {
  std::uint32_t time_ms = 0;
  std::uint32_t requests = 0;
};

/// One client's accepted requests of the last window. Its entries, which follow in the
/// bucket's array, are a ring from `first` on.
struct rate_limit::log {
  client_network client;
  std::int64_t last_ms = 0;   ///< of the newest entry
  std::int64_t opened_ms = 0; ///< when the newest entry got its first request
  std::uint32_t requests = 0; ///< over all entries; 0: the log is free
  std::uint16_t first = 0;
  std::uint16_t size = 0;
  entry* entries = nullptr;
};

struct rate_limit::bucket {
  std::array<log, bucket_clients> logs{};
  std::unique_ptr<entry[]> entries;
};

struct rate_limit::shard {
  std::mutex mutex;
  std::vector<std::unique_ptr<bucket>> buckets;
};

rate_limit::rate_limit(rate allowed, std::size_t clients_max, std::uint64_t seed)
  : allowed_{allowed}
  , window_ms_{std::chrono::milliseconds{allowed.window}.count()}
  , stretch_ms_{allowed.requests_max <= log_entries_max
                  ? 0
                  : window_ms_ / static_cast<std::int64_t>(log_entries_max - 1) + 1}
  , log_entries_{std::clamp<std::size_t>(allowed.requests_max, 1, log_entries_max)}
  , buckets_per_shard_{std::max<std::size_t>(1, (clients_max + bucket_clients * shard_count - 1)
                                                  / (bucket_clients * shard_count))}
  , seed_{seed}
  , shards_{std::make_unique<shard[]>(shard_count)} {
  for (std::size_t i = 0; i < shard_count; ++i)
    shards_[i].buckets.resize(buckets_per_shard_);
}

rate_limit::~rate_limit() = default;
rate_limit::rate_limit(rate_limit&&) noexcept = default;

std::uint64_t rate_limit::random_seed() {
  std::random_device system;
  return std::uint64_t{system()} << 32 | system();
}

std::size_t rate_limit::bytes_max() const noexcept {
  return shard_count
         * (sizeof(shard)
            + buckets_per_shard_
                * (sizeof(void*) + sizeof(bucket) + bucket_clients * log_entries_ * sizeof(entry)));
}

rate_limit::bucket& rate_limit::bucket_of(shard& within, std::uint64_t hash) const {
  auto& place = within.buckets[hash % buckets_per_shard_];
  if (!place) {
    place = std::make_unique<bucket>();
    place->entries = std::make_unique<entry[]>(bucket_clients * log_entries_);
    for (std::size_t i = 0; i < bucket_clients; ++i)
      place->logs[i].entries = place->entries.get() + i * log_entries_;
  }
  return *place;
}

rate_limit::log& rate_limit::log_of(bucket& within, client_network client, std::int64_t now_ms) const {
  log* weakest = nullptr;
  for (auto& known : within.logs)
    if (known.requests > 0 && known.client == client)
      return known;
  for (auto& known : within.logs) {
    let_go(known, now_ms);
    if (weakest == nullptr || known.requests < weakest->requests
        || (known.requests == weakest->requests && known.last_ms < weakest->last_ms))
      weakest = &known;
  }
  weakest->client = client;
  weakest->requests = 0;
  weakest->size = 0;
  return *weakest;
}

/// Removes what has left the window.
void rate_limit::let_go(log& kept, std::int64_t now_ms) const noexcept {
  if (now_ms - kept.last_ms >= window_ms_) {
    kept.requests = 0;
    kept.size = 0;
    return;
  }
  while (kept.size > 0) {
    auto& oldest = kept.entries[kept.first];
    auto age = static_cast<std::uint32_t>(now_ms) - oldest.time_ms;
    if (age < window_ms_)
      return;
    kept.requests -= oldest.requests;
    kept.first = static_cast<std::uint16_t>((kept.first + 1) % log_entries_);
    --kept.size;
  }
}

void rate_limit::add(log& kept, std::int64_t now_ms) const noexcept {
  ++kept.requests;
  kept.last_ms = now_ms;
  if (kept.size > 0 && now_ms - kept.opened_ms < stretch_ms_) {
    auto& newest = kept.entries[(kept.first + kept.size - 1U) % log_entries_];
    newest.time_ms = static_cast<std::uint32_t>(now_ms);
    ++newest.requests;
    return;
  }
  // There is room: entries begin a stretch apart, and those beyond a window are gone.
  kept.opened_ms = now_ms;
  kept.entries[(kept.first + kept.size) % log_entries_] = {static_cast<std::uint32_t>(now_ms), 1};
  ++kept.size;
}

quota rate_limit::take(client_network client, time_point now) {
  if (allowed_.requests_max == 0)
    return {};
  auto now_ms = std::chrono::duration_cast<std::chrono::milliseconds>(now.time_since_epoch()).count();
  auto hash = mix(client.bits + seed_);
  auto& within = shards_[hash % shard_count];
  quota told{allowed_.requests_max, static_cast<std::uint32_t>(allowed_.window.count())};
  std::lock_guard guard{within.mutex};
  auto& kept = log_of(bucket_of(within, hash / shard_count), client, now_ms);
  now_ms = std::max(now_ms, kept.last_ms); // a thread that looked at the clock later may have come first
  let_go(kept, now_ms);
  told.is_exceeded = kept.requests >= allowed_.requests_max;
  if (!told.is_exceeded)
    add(kept, now_ms);
  told.remaining = allowed_.requests_max - kept.requests;
  auto age = static_cast<std::uint32_t>(now_ms) - kept.entries[kept.first].time_ms;
  told.reset_s = seconds_up(window_ms_ - age);
  return told;
}

rate_limits::rate_limits(const std::vector<named_rate>& rates) {
  for (const auto& [name, allowed] : rates)
    if (allowed.requests_max > 0)
      limits_.emplace_back(name, rate_limit{allowed});
}

quota rate_limits::take(std::string_view name, client_network client, rate_limit::time_point now) {
  if (!name.empty())
    for (auto& [known, limit] : limits_)
      if (known == name)
        return limit.take(client, now);
  return {};
}

} // namespace sonicmatch::http
