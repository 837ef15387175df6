#include "http/rate_limits.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <atomic>
#include <ctime>
#include <deque>
#include <random>
#include <thread>
#include <tuple>

using namespace sonicmatch::http;
using namespace std::chrono_literals;

namespace {

constexpr client_network alice{1};
constexpr client_network bob{2};
/// Far from zero, where a steady clock may be, and where 32 bits of milliseconds wrap round.
const rate_limit::time_point start{std::chrono::milliseconds{(1LL << 32) - 30'000}};

constexpr rate per_minute(std::uint32_t requests_max) {
  return {requests_max, 1min};
}

} // namespace

TEST_CASE("a rate is read as N/second, N/minute, N/hour or 0", "[http]") {
  CHECK(rate::parse("10/second") == rate{10, 1s});
  CHECK(rate::parse("10/minute") == rate{10, 1min});
  CHECK(rate::parse("1000000000/hour") == rate{1'000'000'000, 1h});
  CHECK(rate::parse("0").value().requests_max == 0);
  CHECK(rate::parse("0/minute").value().requests_max == 0);
  for (auto text : {"", "10", "/minute", "-1/minute", "+1/minute", "10/day", "10 / minute", "10/minutes",
                    "10/minute ", " 10/minute", "1.5/minute", "1000000001/hour", "99999999999/hour", "x"})
    CHECK_FALSE(rate::parse(text));
}

TEST_CASE("a client may send as many requests as its rate, and no more", "[http]") {
  rate_limit limit{per_minute(3)};
  for (std::uint32_t left : {2U, 1U, 0U}) {
    auto told = limit.take(alice, start);
    CHECK_FALSE(told.is_exceeded);
    CHECK(told.remaining == left);
    CHECK(told.requests_max == 3);
    CHECK(told.window_s == 60);
    CHECK(told.reset_s == 60);
  }
  auto refused = limit.take(alice, start + 1ms);
  CHECK(refused.is_exceeded);
  CHECK(refused.remaining == 0);
  CHECK(refused.reset_s == 60);
  CHECK_FALSE(limit.take(bob, start + 1ms).is_exceeded);
}

TEST_CASE("the window slides: each place comes back when its own request has left it", "[http]") {
  rate_limit limit{per_minute(2)};
  CHECK_FALSE(limit.take(alice, start).is_exceeded);
  CHECK(limit.take(alice, start + 40s).reset_s == 20);
  CHECK(limit.take(alice, start + 59'999ms).is_exceeded);
  CHECK_FALSE(limit.take(alice, start + 60s).is_exceeded);
  auto refused = limit.take(alice, start + 60s);
  CHECK(refused.is_exceeded);
  CHECK(refused.reset_s == 40);
  CHECK_FALSE(limit.take(alice, start + 100s).is_exceeded);
}

TEST_CASE("a request that was refused does not prolong the wait", "[http]") {
  rate_limit limit{per_minute(1)};
  CHECK_FALSE(limit.take(alice, start).is_exceeded);
  for (auto t = 1s; t < 60s; t += 1s)
    CHECK(limit.take(alice, start + t).is_exceeded);
  CHECK_FALSE(limit.take(alice, start + 60s).is_exceeded);
}

TEST_CASE("a client who comes back after weeks begins anew", "[http]") {
  rate_limit limit{per_minute(1)};
  CHECK_FALSE(limit.take(alice, start).is_exceeded);
  // 2^32 ms later the low bits of the time are what they were.
  CHECK_FALSE(limit.take(alice, start + std::chrono::milliseconds{1LL << 32}).is_exceeded);
}

TEST_CASE("waiting as long as it is told is enough", "[http]") {
  auto requests = GENERATE(1U, 7U, 20U, 21U, 100U, 1'000U);
  auto window = GENERATE(1s, 60s);
  rate_limit limit{{requests, window}};
  std::mt19937 chance{requests};
  auto now = start;
  for (int round = 0; round < 20'000; ++round) {
    auto told = limit.take(alice, now);
    now += std::chrono::milliseconds{chance() % 50};
    if (!told.is_exceeded)
      continue;
    REQUIRE(told.reset_s >= 1);
    now += std::chrono::seconds{told.reset_s};
    REQUIRE_FALSE(limit.take(alice, now).is_exceeded);
  }
}

TEST_CASE("no window sees more than the rate, and no place comes back later than it may", "[http]") {
  auto requests = GENERATE(1U, 5U, 20U, 21U, 50U, 100U, 3'000U);
  constexpr auto window = 60'000ms;
  constexpr auto late = window / 19 + 1ms; // of the rates whose requests share entries
  rate_limit limit{{requests, 60s}};
  std::mt19937 chance{requests};
  std::deque<std::chrono::milliseconds> accepted;
  std::chrono::milliseconds now{0};
  for (int round = 0; round < 30'000; ++round) {
    // Bursts and pauses.
    now += std::chrono::milliseconds{chance() % 100 == 0 ? chance() % 40'000
                                                         : chance() % (120'000 / requests + 1)};
    while (!accepted.empty() && now - accepted.front() >= window + (requests > 20 ? late : 0ms))
      accepted.pop_front();
    auto possible = accepted.size();
    auto strictly = static_cast<std::size_t>(
      std::count_if(accepted.begin(), accepted.end(), [&](auto at) { return now - at < window; }));
    auto told = limit.take(alice, start + now);
    if (told.is_exceeded) {
      REQUIRE(possible >= requests);
    } else {
      REQUIRE(strictly < requests);
      accepted.push_back(now);
      REQUIRE(told.remaining <= requests - strictly - 1);
    }
  }
}

TEST_CASE("a million clients take no more memory than is said, and the others are served", "[http]") {
  rate_limit limit{per_minute(10)};
  CHECK(limit.bytes_max() < 7U << 20);
  CHECK(rate_limit{per_minute(100)}.bytes_max() < 7U << 20);
  std::uint64_t refused = 0;
  for (std::uint64_t i = 0; i < 1'000'000; ++i)
    refused += limit.take({i << 8}, start + std::chrono::microseconds{i * 50}).is_exceeded;
  CHECK(refused == 0);
  for (std::uint64_t i = 0; i < 1'000; ++i)
    CHECK_FALSE(limit.take({~i}, start + 51s).is_exceeded);
}

TEST_CASE("a client who has used up his rate cannot have himself forgotten by a flood of others", "[http]") {
  rate_limit limit{per_minute(10), 4'096, 42};
  for (int i = 0; i < 10; ++i)
    CHECK_FALSE(limit.take(alice, start).is_exceeded);
  for (std::uint64_t i = 0; i < 1'000'000; ++i)
    std::ignore = limit.take({1'000 + i}, start + 1s);
  CHECK(limit.take(alice, start + 2s).is_exceeded);
  CHECK_FALSE(limit.take(bob, start + 2s).is_exceeded);
}

TEST_CASE("to have a client forgotten, others must have used up as much", "[http]") {
  constexpr std::size_t clients = 1'024;
  rate_limit limit{per_minute(10), clients, 42};
  for (int i = 0; i < 5; ++i)
    CHECK_FALSE(limit.take(alice, start).is_exceeded);
  auto flood = [&](int each, rate_limit::time_point when) {
    for (std::uint64_t i = 0; i < clients * 8; ++i)
      for (int n = 0; n < each; ++n)
        std::ignore = limit.take({1'000 + i}, when);
  };
  flood(4, start + 1s);
  CHECK(limit.take(alice, start + 2s).remaining == 4);
  flood(9, start + 3s);
  CHECK(limit.take(alice, start + 4s).remaining == 9);
}

TEST_CASE("a limit counts right when several threads ask at once", "[http]") {
  rate_limit limit{per_minute(1'000)};
  std::atomic<int> accepted{0};
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t)
    threads.emplace_back([&] {
      for (int i = 0; i < 1'000; ++i)
        accepted += !limit.take(alice, start + std::chrono::milliseconds{i}).is_exceeded;
    });
  for (auto& thread : threads)
    thread.join();
  CHECK(accepted == 1'000);
}

TEST_CASE("limits are found by name, and a rate of 0 limits nothing", "[http]") {
  rate_limits limits{{{"few", per_minute(1)}, {"any", {0}}}};
  CHECK(limits.take("few", alice, start).requests_max == 1);
  CHECK(limits.take("few", alice, start).is_exceeded);
  for (auto name : {"any", "unknown", ""})
    for (int i = 0; i < 3; ++i) {
      auto told = limits.take(name, alice, start);
      CHECK_FALSE(told.is_exceeded);
      CHECK(told.requests_max == 0);
    }
}

TEST_CASE("the headers are the draft's structured fields and the customary ones", "[http]") {
  std::string head;
  append_headers(head, quota{10, 60, 9, 60, false});
  auto reset = std::time(nullptr) + 60;
  CHECK(head.starts_with("RateLimit-Policy: \"default\";q=10;w=60\r\nRateLimit: \"default\";r=9;t=60\r\n"
                         "X-RateLimit-Limit: 10\r\nX-RateLimit-Remaining: 9\r\nX-RateLimit-Reset: "));
  auto shown = std::stoll(head.substr(head.rfind(' ') + 1));
  CHECK(shown >= reset - 1);
  CHECK(shown <= reset);
  CHECK(head.ends_with("\r\n"));
  head.clear();
  append_headers(head, quota{});
  CHECK(head.empty());
}
