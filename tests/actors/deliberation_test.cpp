#include "actors/recommender/deliberation.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;
using namespace sonicmatch::events::language_model;
using namespace std::chrono_literals;
using kind = next_step::kind;

namespace {

const auto opened_by = tests::sample_id<events::command_id>(4);
const auto deadline = tests::sample_time(60s);

/// A journal, call by call.
struct told {
  call_journal calls;

  told& started(purpose why = purpose::answer) {
    start_call asked;
    asked.purpose = why;
    asked.deadline = tests::sample_time(30s);
    calls.apply(calls.next(opened_by, asked, tests::sample_time()));
    return *this;
  }
  told& replied() {
    auto fact = tests::sample_reply_recorded();
    fact.call = calls.newest()->id;
    calls.apply(fact);
    return *this;
  }
  told& failed(std::optional<std::int64_t> retry_after_ms = std::nullopt, bool retriable = true) {
    auto fact = tests::sample_call_failed();
    fact.call = calls.newest()->id;
    fact.retriable = retriable;
    fact.retry_after_ms = retry_after_ms;
    calls.apply(fact);
    return *this;
  }
  [[nodiscard]] next_step then(const call_situation& known = {}, events::timestamp now = tests::sample_time(),
                               const call_policy& policy = {}) const {
    return deliberate(calls, known, policy, deadline, now);
  }
};

call_situation with_retry_at(events::timestamp at) {
  call_situation out;
  out.retry_at = at;
  return out;
}

call_situation judged(bool is_clean, bool may_repair = true) {
  call_situation out;
  out.is_clean = is_clean;
  out.may_repair = may_repair;
  out.fault = is_clean ? "" : "incomplete_reply";
  return out;
}

} // namespace

TEST_CASE("a request that nobody was asked about is asked about", "[actors][deliberation]") {
  CHECK(told{}.then() == next_step{kind::call, purpose::answer, {}});
}

TEST_CASE("too late for a call, the request is concluded without", "[actors][deliberation]") {
  CHECK(told{}.then({}, deadline - 2'400ms)
        == next_step{kind::conclude, purpose::answer, "deadline_exceeded"});
  CHECK(told{}.then({}, deadline - 2'600ms).does == kind::call);
}

TEST_CASE("a clean reply concludes", "[actors][deliberation]") {
  CHECK(told{}.started().replied().then(judged(true)) == next_step{kind::conclude, purpose::answer, {}});
}

TEST_CASE("a reply with faults is repaired once", "[actors][deliberation]") {
  told story;
  story.started().replied();
  CHECK(story.then(judged(false)) == next_step{kind::call, purpose::repair, {}});
  story.started(purpose::repair).replied();
  CHECK(story.then(judged(false)) == next_step{kind::conclude, purpose::repair, "incomplete_reply"});
  CHECK(story.then(judged(true)) == next_step{kind::conclude, purpose::repair, {}});
}

TEST_CASE("a refusal is not argued with", "[actors][deliberation]") {
  CHECK(told{}.started().replied().then(judged(false, false)).does == kind::conclude);
}

TEST_CASE("a failed call is made again when its time has come", "[actors][deliberation]") {
  told story;
  story.started().failed();
  auto at = tests::sample_time(500ms);
  CHECK(story.then(with_retry_at(at)).does == kind::wait);
  CHECK(story.then(with_retry_at(at), at) == next_step{kind::call, purpose::answer, {}});
  CHECK(story.then() == next_step{kind::conclude, purpose::answer, "rate_limited"}); // not to be retried
}

TEST_CASE("a wait that would take too long is not begun", "[actors][deliberation]") {
  told story;
  story.started().failed();
  CHECK(story.then(with_retry_at(deadline - 2'400ms)).does == kind::conclude);
}

TEST_CASE("a repair that failed is made again as a repair", "[actors][deliberation]") {
  told story;
  story.started().replied().started(purpose::repair).failed();
  CHECK(story.then(with_retry_at(tests::sample_time())).purpose == purpose::repair);
}

TEST_CASE("a call under way is waited for", "[actors][deliberation]") {
  call_situation under_way;
  under_way.is_under_way = true;
  CHECK(told{}.started().then(under_way).does == kind::wait);
}

TEST_CASE("a call that was lost with its process is made again, once", "[actors][deliberation]") {
  CHECK(told{}.started().then() == next_step{kind::call, purpose::answer, {}});
  CHECK(told{}.started().started().then() == next_step{kind::conclude, purpose::answer, "calls_lost"});
}

TEST_CASE("a former owner's call is waited for until its deadline has passed", "[actors][deliberation]") {
  call_situation awaited;
  awaited.is_awaited = true;
  told story;
  story.started();
  CHECK(story.then(awaited, tests::sample_time(30'900ms)).does == kind::wait);
  CHECK(story.then(awaited, tests::sample_time(31s)).does == kind::call);
}

TEST_CASE("retries have their number, their wait and their limit", "[actors][deliberation]") {
  call_policy policy;
  auto now = tests::sample_time();
  auto wait_after = [&](told story, double chance = 0) -> std::optional<std::chrono::milliseconds> {
    auto at = retry_time(story.calls, policy, chance, now);
    if (!at)
      return std::nullopt;
    return std::chrono::duration_cast<std::chrono::milliseconds>(*at - now);
  };
  CHECK(wait_after(told{}.started().failed()) == 500ms);
  CHECK(wait_after(told{}.started().failed(), 1.0) == 375ms);
  CHECK(wait_after(told{}.started().failed().started().failed()) == 1'000ms);
  CHECK(wait_after(told{}.started().failed().started().failed().started().failed()) == std::nullopt);
  CHECK(wait_after(told{}.started().failed(7'000)) == 7s);
  CHECK(wait_after(told{}.started().failed(61'000)) == std::nullopt); // nobody waits that long
  CHECK(wait_after(told{}.started().failed(std::nullopt, false)) == std::nullopt);
  CHECK(wait_after(told{}.started().replied()) == std::nullopt);
}
