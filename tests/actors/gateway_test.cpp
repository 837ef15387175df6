#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_model.hpp"
#include "tests/actors/session_records.hpp"
#include "tests/support/catch.hpp"

#include "actors/recommender/partition_owner.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;
using namespace std::chrono_literals;
using events::errc;
using verdict = call_admitted::verdict;

namespace {

/// An owner that only notes what it is told.
struct noting_owner {
  std::shared_ptr<std::vector<call_admitted>> admitted = std::make_shared<std::vector<call_admitted>>();
  std::shared_ptr<std::vector<call_ended>> ended = std::make_shared<std::vector<call_ended>>();
  partition_owner actor;
};

struct gateway_fixture {
  explicit gateway_fixture(language_model::gateway_settings settings = {}) {
    parts.settings = settings;
    parts.provider = tests::sample_provider();
    parts.client = client;
    parts.clock = clock;
    parts.logger = logger;
    parts.health = health;
    parts.board = board;
    parts.reader = reader;
    parts.find_spending = [this](events::timestamp since, auto done) {
      asked_since.push_back(since);
      spending.push_back(std::move(done));
    };
    under_test = bench.spawn(language_model::language_model_gateway_actor, parts);
    bench.settle();
  }

  noting_owner new_owner() {
    noting_owner out;
    out.actor = bench.spawn([out](partition_owner::pointer) -> partition_owner::behavior_type {
      return {
        [](const owned_commands&) {},
        [](const claim_partition&) {},
        [](const claim_appended&) {},
        [](const events_replayed&) {},
        [](const commands_end_found&) {},
        [](const record_appended&) {},
        [](const owner_tick&) {},
        [out](const call_admitted& told) { out.admitted->push_back(told); },
        [out](const call_ended& told) { out.ended->push_back(told); },
        [](const hand_off_partition&) {},
      };
    });
    return out;
  }

  static events::stream_id stream(std::uint8_t n) {
    return tests::sample_id<events::stream_id>(n);
  }
  static events::call_id call(std::uint8_t n) {
    return tests::sample_id<events::call_id>(n);
  }

  void ask(const noting_owner& owner, std::uint8_t n, const std::string& question = "",
           std::int32_t partition = 0, std::int64_t cost_max = 1'000) {
    bench.tell(under_test,
               ask_admission{
                 owner.actor, 0, stream(n), {partition}, call(n), question, {cost_max}, clock->time + 58s});
  }
  void make(const noting_owner& owner, std::uint8_t n) {
    ports::http_request request;
    request.url = "http://model.test/v1/messages";
    bench.tell(under_test, make_call{owner.actor, stream(n), call(n), std::move(request)});
  }
  void respond(std::size_t n, int status, const std::string& body) {
    client->respond(n, status, body);
    bench.settle();
  }
  void fail(std::size_t n, errc code) {
    client->fail(n, code);
    bench.settle();
  }
  /// Five calls that fail open the breaker.
  void open_breaker(const noting_owner& owner) {
    for (std::uint8_t n = 100; n < 105; ++n) {
      ask(owner, n);
      make(owner, n);
      fail(client->calls.size() - 1, errc::peer_unreachable);
    }
    owner.admitted->clear();
    owner.ended->clear();
  }

  std::shared_ptr<tests::recording_client> client = std::make_shared<tests::recording_client>();
  std::shared_ptr<tests::set_clock> clock = std::make_shared<tests::set_clock>();
  std::shared_ptr<tests::recording_logger> logger = std::make_shared<tests::recording_logger>();
  std::shared_ptr<tests::recording_reader> reader = std::make_shared<tests::recording_reader>();
  std::shared_ptr<health_board> health = std::make_shared<health_board>();
  std::shared_ptr<language_model::gateway_board> board = std::make_shared<language_model::gateway_board>();
  std::vector<events::timestamp> asked_since;
  std::vector<std::function<void(caf::expected<ports::spending_reader::spending>)>> spending;
  language_model::gateway_parts parts;
  tests::actor_bench bench;
  language_model_gateway under_test;
};

language_model::gateway_settings with_places(std::size_t in_flight_max, std::size_t queue_max = 100) {
  language_model::gateway_settings out;
  out.in_flight_max = in_flight_max;
  out.queue_max = queue_max;
  return out;
}

language_model::answer_ptr some_answer() {
  return std::make_shared<const language_model::accepted_answer>();
}

} // namespace

// -- places -----------------------------------------------------------------------

TEST_CASE("an admitted call is made, and its reply comes back with its cost known", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  f.ask(owner, 1);
  REQUIRE(owner.admitted->size() == 1);
  CHECK(owner.admitted->front().says == verdict::granted);
  f.make(owner, 1);
  REQUIRE(f.client->calls.size() == 1);
  f.clock->time += 1'200ms;
  f.respond(0, 200, tests::message_of("{}"));
  REQUIRE(owner.ended->size() == 1);
  CHECK(owner.ended->front().call == f.call(1));
  CHECK(owner.ended->front().latency == 1'200ms);
  CHECK(std::get<language_model::reply>(owner.ended->front().outcome).text == "{}");
  auto figures = f.board->figures();
  CHECK(figures.calls_replied == 1);
  CHECK(figures.cost_micro_usd == tests::message_cost_micro_usd);
  CHECK(figures.in_flight == 0);
}

TEST_CASE("calls beyond the limit wait, and partitions take turns", "[gateway]") {
  gateway_fixture f{with_places(1)};
  auto owner = f.new_owner();
  f.ask(owner, 1);
  f.ask(owner, 2, "", 0);
  f.ask(owner, 3, "", 0);
  f.ask(owner, 4, "", 7);
  CHECK(owner.admitted->size() == 1);
  CHECK(f.board->figures().queued == 3);
  for (std::uint8_t n : std::initializer_list<std::uint8_t>{1, 2, 4, 3}) { // 4 is of another partition
    REQUIRE(owner.admitted->back().stream == f.stream(n));
    f.make(owner, n);
    f.respond(f.client->calls.size() - 1, 200, tests::message_of("{}"));
  }
  CHECK(owner.ended->size() == 4);
}

TEST_CASE("a full queue refuses at once", "[gateway]") {
  gateway_fixture f{with_places(1, 1)};
  auto owner = f.new_owner();
  f.ask(owner, 1);
  f.ask(owner, 2);
  f.ask(owner, 3);
  REQUIRE(owner.admitted->size() == 2);
  CHECK(owner.admitted->back().says == verdict::refused);
  CHECK(owner.admitted->back().reason == "queue_full");
}

TEST_CASE("who withdraws makes room", "[gateway]") {
  gateway_fixture f{with_places(1)};
  auto owner = f.new_owner();
  f.ask(owner, 1);
  f.ask(owner, 2);
  f.ask(owner, 3);
  f.bench.tell(f.under_test, withdraw{owner.actor, 0, f.stream(2)});
  f.bench.tell(f.under_test, withdraw{owner.actor, 0, f.stream(1)});
  REQUIRE(owner.admitted->size() == 2);
  CHECK(owner.admitted->back().stream == f.stream(3));
}

TEST_CASE("an owner that ends takes its calls and places with it", "[gateway]") {
  gateway_fixture f{with_places(2)};
  auto owner = f.new_owner();
  auto other = f.new_owner();
  f.ask(owner, 1);
  f.make(owner, 1);
  f.ask(owner, 2);
  f.ask(other, 3);
  CHECK(other.admitted->empty());
  caf::anon_send_exit(owner.actor, caf::exit_reason::user_shutdown);
  f.bench.settle();
  CHECK(f.client->calls[0].cancelled);
  REQUIRE(other.admitted->size() == 1);
  CHECK(other.admitted->front().says == verdict::granted);
}

// -- one question once ----------------------------------------------------------------

TEST_CASE("the same question is asked once at a time, and its answer is for all", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  auto other = f.new_owner();
  f.ask(owner, 1, "q");
  f.ask(other, 2, "q");
  f.ask(other, 3, "another");
  CHECK(owner.admitted->size() == 1);
  REQUIRE(other.admitted->size() == 1);
  CHECK(other.admitted->front().stream == f.stream(3));
  auto answer = some_answer();
  f.bench.tell(f.under_test, settle_question{f.stream(1), "q", answer, {}});
  REQUIRE(other.admitted->size() == 2);
  CHECK(other.admitted->back().says == verdict::answered);
  CHECK(other.admitted->back().answer == answer);
  f.ask(other, 4, "q"); // a little later: from the cache
  CHECK(other.admitted->back().answer == answer);
  CHECK(f.board->figures().answers_shared == 1);
  CHECK(f.board->figures().answers_reused == 1);
  f.clock->time += 300s;
  f.ask(other, 5, "q");
  CHECK(other.admitted->back().says == verdict::granted);
}

TEST_CASE("when a question fails, those who wait for it hear why", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  f.ask(owner, 1, "q");
  f.ask(owner, 2, "q");
  f.bench.tell(f.under_test, settle_question{f.stream(1), "q", nullptr, "invalid_reply"});
  REQUIRE(owner.admitted->size() == 2);
  CHECK(owner.admitted->back().says == verdict::refused);
  CHECK(owner.admitted->back().reason == "invalid_reply");
}

TEST_CASE("when the one who asks goes away, the next one asks", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  auto other = f.new_owner();
  f.ask(owner, 1, "q");
  f.ask(other, 2, "q");
  f.ask(other, 3, "q");
  f.bench.tell(f.under_test, withdraw{owner.actor, 0, f.stream(1)});
  REQUIRE(other.admitted->size() == 1);
  CHECK(other.admitted->front().stream == f.stream(2));
  CHECK(other.admitted->front().says == verdict::granted);
  caf::anon_send_exit(other.actor, caf::exit_reason::user_shutdown);
  f.bench.settle();
  f.ask(owner, 4, "q");
  CHECK(owner.admitted->back().stream == f.stream(4));
  CHECK(owner.admitted->back().says == verdict::granted);
}

// -- a model that is down -----------------------------------------------------------------

TEST_CASE("after repeated failures nobody is let through, and then one is", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  f.open_breaker(owner);
  f.ask(owner, 1);
  REQUIRE(owner.admitted->size() == 1);
  CHECK(owner.admitted->front().reason == "breaker_open");
  CHECK(f.health->parts().front().degraded);
  CHECK(f.health->ready());
  f.clock->time += 1s;
  f.ask(owner, 2);
  f.ask(owner, 3);
  REQUIRE(owner.admitted->size() == 3);
  CHECK((*owner.admitted)[1].says == verdict::trial);
  CHECK((*owner.admitted)[2].reason == "breaker_open");
  f.make(owner, 2);
  f.respond(f.client->calls.size() - 1, 200, tests::message_of("{}"));
  f.ask(owner, 4);
  CHECK(owner.admitted->back().says == verdict::granted);
  CHECK_FALSE(f.health->parts().front().degraded);
}

TEST_CASE("those who wait in the queue when the model goes down are told at once", "[gateway]") {
  gateway_fixture f{with_places(5)};
  auto owner = f.new_owner();
  for (std::uint8_t n = 1; n <= 8; ++n)
    f.ask(owner, n);
  for (std::uint8_t n = 1; n <= 5; ++n)
    f.make(owner, n);
  for (std::size_t n = 0; n < 4; ++n) {
    f.fail(n, errc::peer_unreachable);
    if (n < 3)
      f.make(owner, static_cast<std::uint8_t>(6 + n));
  }
  f.fail(4, errc::peer_unreachable);
  f.ask(owner, 20);
  CHECK(owner.admitted->back().reason == "breaker_open");
}

TEST_CASE("a request that was wrong says nothing against the model", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  for (std::uint8_t n = 1; n <= 10; ++n) {
    f.ask(owner, n);
    REQUIRE(owner.admitted->back().says == verdict::granted);
    f.make(owner, n);
    f.respond(f.client->calls.size() - 1, 400,
              R"({"type":"error","error":{"type":"invalid_request_error","message":"no"}})");
  }
  CHECK(f.board->figures().calls_failed.at("invalid_request") == 10);
}

TEST_CASE("a try that is withdrawn leaves the next one to try", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  f.open_breaker(owner);
  f.clock->time += 1s;
  f.ask(owner, 1);
  REQUIRE(owner.admitted->back().says == verdict::trial);
  f.bench.tell(f.under_test, withdraw{owner.actor, 0, f.stream(1)});
  f.ask(owner, 2);
  CHECK(owner.admitted->back().says == verdict::trial);
}

TEST_CASE("a call that fails as the breaker opens says so, for another try is of no use", "[gateway]") {
  gateway_fixture f;
  auto owner = f.new_owner();
  for (std::uint8_t n = 1; n <= 5; ++n) {
    f.ask(owner, n);
    f.make(owner, n);
    f.fail(n - 1u, errc::peer_unreachable);
  }
  REQUIRE(owner.ended->size() == 5);
  CHECK_FALSE((*owner.ended)[3].model_is_down);
  CHECK((*owner.ended)[4].model_is_down);
}

TEST_CASE("what was asked for in an earlier life of an owner is not what it withdraws in this one",
          "[gateway]") {
  gateway_fixture f{with_places(0)};
  auto owner = f.new_owner();
  f.ask(owner, 1, "q");
  f.bench.tell(f.under_test, withdraw{owner.actor, 7, f.stream(1)});
  CHECK(f.board->figures().queued == 1);
  f.bench.tell(f.under_test, withdraw{owner.actor, 0, f.stream(1)});
  CHECK(f.board->figures().queued == 0);
}

TEST_CASE("a question whose asker came too late is asked by the next", "[gateway]") {
  gateway_fixture f{with_places(1)};
  auto owner = f.new_owner();
  f.ask(owner, 9);
  f.ask(owner, 1, "q");
  f.clock->time += 58s;
  f.ask(owner, 2, "q");
  f.make(owner, 9);
  f.respond(0, 200, tests::message_of("{}"));
  REQUIRE(owner.admitted->size() == 3);
  CHECK((*owner.admitted)[1].stream == f.stream(1));
  CHECK((*owner.admitted)[1].reason == "deadline_exceeded");
  CHECK((*owner.admitted)[2].stream == f.stream(2));
  CHECK((*owner.admitted)[2].says == verdict::granted);
}

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
  f.spending[1](ports::spending_reader::spending{{9'500}, {{{3}, {77}, std::nullopt}}});
  f.bench.settle();
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
  f.spending[0](ports::spending_reader::spending{});
  f.bench.settle();
  f.ask(owner, 3);
  CHECK(owner.admitted->back().says == verdict::granted);
}

TEST_CASE("a sum that was asked for yesterday is asked for again", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {1'000'000};
  gateway_fixture f{settings};
  f.clock->time += 24h;
  f.spending[0](ports::spending_reader::spending{{999'999}, {}});
  f.bench.settle();
  REQUIRE(f.asked_since.size() == 2);
  CHECK(f.asked_since[1] == *events::parse_timestamp("2026-11-23T00:00:00Z"));
  f.spending[1](ports::spending_reader::spending{});
  f.bench.settle();
  CHECK(f.board->figures().spent_today_micro_usd == 0);
}

TEST_CASE("at midnight the budget is new, and health says so by itself", "[gateway]") {
  language_model::gateway_settings settings;
  settings.budget_per_day = {500};
  gateway_fixture f{settings};
  auto owner = f.new_owner();
  f.spending[0](ports::spending_reader::spending{});
  f.bench.settle();
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
  f.spending[0](ports::spending_reader::spending{});
  f.bench.settle();
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
