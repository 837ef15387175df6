// The gateway and the day's budget.

#include "tests/actors/gateway_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;
using namespace std::chrono_literals;
using events::errc;
using tests::gateway_fixture;
using verdict = call_admitted::verdict;

// -- the budget -----------------------------------------------------------------------

TEST_CASE("with a budget nobody is admitted before it is known what was spent", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {10'000};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.ask(owner, 1);
  CHECK(owner.admitted->empty());
  REQUIRE(f.spending.size() == 1);
  CHECK(f.asked_since.front() == *events::parse_timestamp("2026-11-22T00:00:00Z"));
  f.spending[0](events::make_error(errc::store_unavailable, "away"));
  f.bench.settle();
  f.bench.advance(1s);
  REQUIRE(f.spending.size() == 2);
  f.tell_spending(1, ports::spending_reader::spending{{9'500}, {{{3}, {77}, std::nullopt}}});
  REQUIRE(owner.admitted->size() == 1);
  CHECK(owner.admitted->front().reason == "budget_spent"); // 9,500 and the call's 1,000
  CHECK(f.board->figures().budget_is_spent);
  REQUIRE(f.reader->follows.size() == 32);
  CHECK(f.reader->follows[3].from == log_offset{77});
}

TEST_CASE("who asks before the sum is known waits a moment, and is refused then", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {1'000'000};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.ask(owner, 1);
  f.clock->time += 3s;
  f.bench.advance(1s);
  REQUIRE(owner.admitted->size() == 1);
  CHECK(owner.admitted->front().reason == "budget_unknown");
  CHECK(f.health->parts().front().degraded);
  f.ask(owner, 2);
  CHECK(owner.admitted->back().reason == "budget_unknown");
  f.tell_spending(0, ports::spending_reader::spending{});
  f.ask(owner, 3);
  CHECK(owner.admitted->back().says == verdict::granted);
}

TEST_CASE("what was spent is known once the log has been read behind the sum", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {10'000};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.spending[0](ports::spending_reader::spending{}); // a read model that is far behind
  f.bench.settle();
  f.ask(owner, 1);
  CHECK(owner.admitted->empty());
  auto reply = tests::sample_reply_recorded();
  reply.cost_micro_usd = 9'900;
  auto head = tests::sample_envelope();
  head.time = f.clock->time;
  ports::log_record record{
    {0}, {1}, f.clock->time, head.partitionkey, {}, {{"type", std::string{reply.type_name}}}};
  record.value = events::encode(head, events::language_model::event{reply});
  f.reader->follows.front().out.on_batch(tests::batch_of({record}));
  for (auto& each : f.reader->follows)
    each.out.on_end(each.partition, {2});
  f.bench.settle();
  REQUIRE(owner.admitted->size() == 1);
  CHECK(owner.admitted->front().reason == "budget_spent");
}

TEST_CASE("a sum that was asked for yesterday is asked for again", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {1'000'000};
  gateway_fixture f{settings};
  f.clock->time += 24h;
  f.tell_spending(0, ports::spending_reader::spending{{999'999}, {}});
  REQUIRE(f.asked_since.size() == 2);
  CHECK(f.asked_since[1] == *events::parse_timestamp("2026-11-23T00:00:00Z"));
  f.tell_spending(1, ports::spending_reader::spending{});
  CHECK(f.board->figures().spent_today_micro_usd == 0);
}

TEST_CASE("at midnight the budget is new, and health says so by itself", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {500};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.tell_spending(0, ports::spending_reader::spending{});
  f.ask(owner, 1);
  CHECK(owner.admitted->back().reason == "budget_spent");
  CHECK(f.health->parts().front().degraded);
  f.clock->time += 24h;
  f.bench.advance(1s);
  CHECK_FALSE(f.health->parts().front().degraded);
}

TEST_CASE("what the log tells of others' calls counts into the budget", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {10'000};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.tell_spending(0, ports::spending_reader::spending{});
  auto reply = tests::sample_reply_recorded();
  reply.cost_micro_usd = 9'500;
  events::envelope head = tests::sample_envelope();
  head.time = f.clock->time;
  ports::log_record record{
    {0}, {1}, f.clock->time, head.partitionkey, {}, {{"type", std::string{reply.type_name}}}};
  record.value = events::encode(head, events::language_model::event{reply});
  auto garbage = record;
  garbage.value = "garbage";
  f.reader->follows.front().out.on_batch(tests::batch_of({garbage, record}));
  f.bench.settle();
  CHECK(f.board->figures().spent_today_micro_usd == 9'500);
  f.ask(owner, 1);
  CHECK(owner.admitted->back().reason == "budget_spent");
}

TEST_CASE("no key is in anything the gateway says", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  f.ask(owner, 1);
  f.make(owner, 1);
  f.respond(
    0, 401,
    R"({"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key sk-ant-secret"}})");
  const auto& failure = std::get<language_model::call_failure>(owner.ended->back().outcome);
  CHECK(failure.code == "authentication");
  CHECK(failure.detail.find("secret") == std::string::npos);
  for (const auto& [level, line] : f.logger->lines)
    CHECK(line.find("secret") == std::string::npos);
}
