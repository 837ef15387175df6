#include "tests/actors/gateway_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;
using namespace std::chrono_literals;
using events::errc;
using tests::gateway_fixture;
using verdict = call_admitted::verdict;

namespace {

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
