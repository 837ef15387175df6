#include "actors/language_model/answer_cache.hpp"
#include "actors/language_model/circuit_breaker.hpp"
#include "actors/language_model/daily_budget.hpp"
#include "actors/language_model/fair_queue.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::language_model;
using namespace std::chrono_literals;
using events::micro_dollars;

namespace {

const auto noon = *events::parse_timestamp("2026-11-22T12:00:00Z");

events::call_id call(std::uint8_t n) {
  return tests::sample_id<events::call_id>(n);
}

events::language_model::fact replied(std::uint8_t n, std::int64_t cost) {
  auto out = tests::sample_reply_recorded();
  out.call = call(n);
  out.cost_micro_usd = cost;
  return out;
}

answer_ptr answer_of(std::string text) {
  accepted_answer out;
  out.explanation = std::move(text);
  return std::make_shared<const accepted_answer>(std::move(out));
}

} // namespace

// -- the breaker --------------------------------------------------------------------

TEST_CASE("so many failures in a row open the breaker, and a success in between does not",
          "[gateway][breaker]") {
  circuit_breaker breaker{{3, 1'000ms, 8'000ms}};
  breaker.failed(noon);
  breaker.failed(noon);
  breaker.succeeded();
  breaker.failed(noon);
  breaker.failed(noon);
  CHECK(breaker.admits(noon));
  breaker.failed(noon);
  CHECK_FALSE(breaker.admits(noon));
  CHECK(breaker.refuses(noon));
}

TEST_CASE("after its pause one call may try, and its success closes the breaker", "[gateway][breaker]") {
  circuit_breaker breaker{{1, 1'000ms, 8'000ms}};
  breaker.failed(noon);
  CHECK_FALSE(breaker.admits(noon + 999ms));
  CHECK(breaker.admits(noon + 1s));
  CHECK_FALSE(breaker.admits(noon + 1s));
  CHECK(breaker.now_at() == circuit_breaker::state::half_open);
  breaker.succeeded();
  CHECK(breaker.admits(noon + 1s));
  CHECK(breaker.admits(noon + 1s));
}

TEST_CASE("each failed try doubles the pause, up to its limit", "[gateway][breaker]") {
  circuit_breaker breaker{{1, 1'000ms, 4'000ms}};
  breaker.failed(noon);
  auto now = noon;
  for (auto pause : {1'000ms, 2'000ms, 4'000ms, 4'000ms}) {
    CHECK_FALSE(breaker.admits(now + pause - 1ms));
    now += pause;
    REQUIRE(breaker.admits(now));
    breaker.failed(now);
  }
}

TEST_CASE("a try that is not made leaves the next one to try", "[gateway][breaker]") {
  circuit_breaker breaker{{1, 1'000ms, 4'000ms}};
  breaker.failed(noon);
  REQUIRE(breaker.admits(noon + 1s));
  breaker.abandoned();
  CHECK(breaker.admits(noon + 1s));
}

TEST_CASE("failures of calls from before do not lengthen the pause", "[gateway][breaker]") {
  circuit_breaker breaker{{1, 1'000ms, 4'000ms}};
  for (int i = 0; i < 100; ++i)
    breaker.failed(noon + i * 1ms);
  CHECK(breaker.admits(noon + 1s));
}

// -- the queue ----------------------------------------------------------------------

TEST_CASE("groups take turns, and within one the first comes first", "[gateway][queue]") {
  fair_queue<int, std::string> queue{10};
  for (const auto* each : {"a1", "a2", "a3"})
    REQUIRE(queue.push(1, each));
  REQUIRE(queue.push(2, "b1"));
  REQUIRE(queue.push(3, "c1"));
  std::string order;
  while (auto next = queue.pop())
    order += *next + " ";
  CHECK(order == "a1 b1 c1 a2 a3 ");
}

TEST_CASE("a full queue takes nothing, and what is taken out makes room", "[gateway][queue]") {
  fair_queue<int, int> queue{2};
  CHECK(queue.push(1, 10));
  CHECK(queue.push(2, 20));
  CHECK_FALSE(queue.push(3, 30));
  queue.erase_if([](int each) { return each == 10; });
  CHECK(queue.size() == 1);
  CHECK(queue.push(3, 30));
  CHECK(queue.pop() == 20);
  CHECK(queue.pop() == 30);
  CHECK_FALSE(queue.pop());
}

// -- the budget ---------------------------------------------------------------------

TEST_CASE("calls under way count with what they may cost at most", "[gateway][budget]") {
  daily_budget budget{{1'000}};
  CHECK(budget.try_reserve(call(1), {600}, noon + 30s, noon));
  CHECK_FALSE(budget.try_reserve(call(2), {600}, noon + 30s, noon));
  CHECK(budget.is_spent(noon));
  budget.apply(replied(1, 100), noon, noon);
  CHECK(budget.spent(noon) == micro_dollars{100});
  CHECK(budget.try_reserve(call(2), {600}, noon + 30s, noon));
}

TEST_CASE("what others spend counts, and repeats do not", "[gateway][budget]") {
  daily_budget budget{{1'000}};
  budget.begin({300}, noon);
  auto started = tests::sample_call_started();
  started.call = call(7);
  started.reserved_micro_usd = 500;
  started.deadline = noon + 30s;
  budget.apply(started, noon);
  budget.apply(started, noon);
  CHECK_FALSE(budget.try_reserve(call(1), {300}, noon + 30s, noon));
  budget.apply(replied(7, 200), noon, noon);
  budget.apply(replied(7, 200), noon, noon);
  CHECK(budget.spent(noon) == micro_dollars{500});
  CHECK(budget.try_reserve(call(1), {500}, noon + 30s, noon));
}

TEST_CASE("a call that may have been billed counts with what it may have cost", "[gateway][budget]") {
  daily_budget budget{{1'000}};
  CHECK(budget.try_reserve(call(1), {600}, noon + 30s, noon));
  auto failed = tests::sample_call_failed();
  failed.call = call(1);
  failed.may_have_been_billed = true;
  failed.cost_max_micro_usd = 600;
  budget.apply(failed, noon, noon);
  CHECK(budget.spent(noon) == micro_dollars{600});
  CHECK_FALSE(budget.try_reserve(call(2), {600}, noon + 30s, noon));
  CHECK(budget.is_spent(noon));
  CHECK(budget.try_reserve(call(3), {300}, noon + 30s, noon));
  CHECK_FALSE(budget.is_spent(noon)); // this one fitted
}

TEST_CASE("midnight gives a new budget, and yesterday's calls do not count into it", "[gateway][budget]") {
  daily_budget budget{{1'000}};
  budget.begin({1'000}, noon);
  CHECK_FALSE(budget.try_reserve(call(1), {1}, noon + 30s, noon));
  auto tomorrow = noon + 13h;
  CHECK(budget.try_reserve(call(1), {900}, tomorrow + 30s, tomorrow));
  CHECK_FALSE(budget.is_spent(tomorrow));
  budget.apply(replied(2, 500), noon, tomorrow);
  CHECK(budget.spent(tomorrow) == micro_dollars{0});
}

TEST_CASE("the reservation of a process that was killed is not kept for ever", "[gateway][budget]") {
  daily_budget budget{{1'000}};
  CHECK(budget.try_reserve(call(1), {1'000}, noon + 30s, noon));
  CHECK_FALSE(budget.try_reserve(call(2), {1'000}, noon + 120s, noon + 80s));
  CHECK(budget.try_reserve(call(2), {1'000}, noon + 120s, noon + 91s));
}

TEST_CASE("without a limit everything fits", "[gateway][budget]") {
  daily_budget budget;
  CHECK_FALSE(budget.has_limit());
  CHECK(budget.try_reserve(call(1), {1'000'000'000'000}, noon, noon));
}

// -- the cache ----------------------------------------------------------------------

TEST_CASE("an answer is found for a while, by its very question", "[gateway][cache]") {
  answer_cache cache{{300'000ms, 1u << 20}};
  cache.put("q", answer_of("a"), noon);
  REQUIRE(cache.find("q", noon + 299s));
  CHECK(cache.find("q", noon + 299s)->explanation == "a");
  CHECK_FALSE(cache.find("other", noon));
  CHECK_FALSE(cache.find("q", noon + 300s));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("the cache stays within its bytes, and the oldest go first", "[gateway][cache]") {
  answer_cache cache{{300'000ms, 20'000}};
  for (int i = 0; i < 100; ++i) {
    cache.put(std::to_string(i), answer_of(std::string(1'000, 'x')), noon);
    CHECK(cache.bytes() <= 20'000);
  }
  CHECK_FALSE(cache.find("0", noon));
  CHECK(cache.find("99", noon));
}

TEST_CASE("with no time to live nothing is kept", "[gateway][cache]") {
  answer_cache cache{{0ms, 1u << 20}};
  cache.put("q", answer_of("a"), noon);
  CHECK_FALSE(cache.find("q", noon));
}
