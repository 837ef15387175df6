#include "actors/edge/idempotency_key.hpp"
#include "actors/ownership.hpp"
#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
using events::stream_origin;
using tests::code_in;
using tests::edge_fixture;
using tests::tailed;
namespace ports = actors::ports;

namespace {

const std::string key = "0123456789abcdef";

/// An edge that is asked under a key; its log and read model are empty unless said.
struct keyed_edge : edge_fixture {
  explicit keyed_edge(actors::edge_settings settings = {})
    : edge_fixture(with_secret(std::move(settings))) {
    start();
  }

  static actors::edge_settings with_secret(actors::edge_settings settings) {
    settings.secret = "secret";
    return settings;
  }

  std::shared_ptr<answers> ask(bool wait = true, int max_results = 3,
                               std::optional<events::user_id> user = std::nullopt) {
    auto out = std::make_shared<answers>();
    actors::submit_recommendation asked;
    asked.preferences = tests::sample_preferences();
    asked.max_results = max_results;
    asked.wait = wait;
    asked.user = user;
    asked.idempotency_key = key;
    asked.answer = [out](caf::expected<actors::session_answer> each) { out->push_back(std::move(each)); };
    bench.tell(under_test, std::move(asked));
    return out;
  }

  /// Nothing is in the log: every question about its ends is answered.
  void nothing_there() {
    while (!reader->ends.empty())
      answer_ends(log_offset{0}, log_offset{0});
  }

  /// Asked, looked for, and appended.
  std::shared_ptr<answers> open(bool wait = true, int max_results = 3) {
    auto out = ask(wait, max_results);
    nothing_there();
    return out;
  }

  [[nodiscard]] events::session_id first_id() const {
    return actors::sessions_of_key("secret", {std::nullopt, key}, clock->time).front();
  }
  [[nodiscard]] static stream_origin origin(int max_results = 3) {
    return {std::nullopt, actors::request_hash_of(tests::sample_preferences(), max_results)};
  }

  void read_command(std::int64_t offset, int max_results = 3) {
    auto record = tests::with_origin(tests::command_record(first_id(), offset), origin(max_results));
    record.time = clock->time;
    read(tailed::commands, {record});
  }
  void read_requested(std::int64_t offset, int max_results = 3) {
    read(tailed::events,
         {tests::with_origin(tests::event_record(first_id(), tests::sample_requested(), 1, offset, 0),
                             origin(max_results))});
  }
  void read_completed(std::int64_t offset, int max_results = 3) {
    auto happened = tests::sample_completed();
    happened.requested_at = clock->time;
    read(tailed::events,
         {tests::with_origin(tests::event_record(first_id(), happened, 2, offset, 0), origin(max_results))});
  }
};

} // namespace

TEST_CASE("a request under a key opens the key's session, once nobody knows it", "[actors][edge][keyed]") {
  keyed_edge edge;
  auto got = edge.ask();
  CHECK(edge.producer->calls.empty());
  edge.nothing_there();
  REQUIRE(edge.producer->calls.size() == 1);
  CHECK(edge.session() == edge.first_id());
  auto head = events::decode_command(edge.producer->calls[0].record.value)->head;
  CHECK(head.origin() == keyed_edge::origin());
  CHECK(actors::origin_of(tests::read_back(edge.producer->calls[0].record, 0)) == head.origin());
  edge.deliver(0, 7);
  edge.read_completed(1);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->terminal);
}

TEST_CASE("a repeat gets the stored answer", "[actors][edge][keyed]") {
  keyed_edge edge;
  auto first = edge.open();
  edge.deliver(0, 7);
  edge.read_completed(1);
  for (bool wait : {true, false}) {
    auto again = edge.ask(wait);
    REQUIRE(again->size() == 1);
    REQUIRE(again->at(0));
    CHECK(again->at(0)->document == first->at(0)->document);
  }
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("a repeat gets what another edge's request led to, from the read model", "[actors][edge][keyed]") {
  keyed_edge edge;
  edge.sessions->stored[edge.first_id()] = {
    "{\"stored\":true}", {2}, true, keyed_edge::origin(), edge.clock->time - 1min};
  auto got = edge.open();
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(*got->at(0)->document == "{\"stored\":true}");
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("a repeat joins the first while that is running", "[actors][edge][keyed]") {
  keyed_edge edge;
  std::vector<std::shared_ptr<edge_fixture::answers>> all;
  SECTION("before it is in the log") {
    all = {edge.ask(), edge.ask()};
    edge.nothing_there();
    all.push_back(edge.ask());
  }
  SECTION("when it is in the log") {
    all = {edge.open()};
    edge.deliver(0, 7);
    all.push_back(edge.ask());
  }
  SECTION("when it has begun") {
    all = {edge.open()};
    edge.deliver(0, 7);
    edge.read_requested(1);
    all.push_back(edge.ask());
  }
  SECTION("at another edge") {
    edge.read_requested(1);
    all = {edge.ask(), edge.ask()};
  }
  CHECK(edge.producer->calls.size() <= 1);
  for (const auto& each : all)
    CHECK(each->empty());
  edge.read_completed(2);
  for (const auto& each : all) {
    REQUIRE(each->size() == 1);
    REQUIRE(each->at(0));
    CHECK(each->at(0)->terminal);
  }
  CHECK(edge.producer->calls.size() <= 1);
}

TEST_CASE("another request under the same key is refused", "[actors][edge][keyed]") {
  keyed_edge edge;
  SECTION("when the first has ended") {
    (void)edge.open();
    edge.deliver(0, 7);
    edge.read_completed(1);
    CHECK(code_in(*edge.ask(true, 4)) == errc::key_reused);
  }
  SECTION("while the first is running") {
    auto first = edge.open();
    auto other = edge.ask(true, 4);
    auto not_waiting = edge.ask(false, 4);
    edge.deliver(0, 7);
    edge.read_requested(1);
    CHECK(code_in(*other) == errc::key_reused);
    CHECK(code_in(*not_waiting) == errc::key_reused);
    CHECK(first->empty());
    CHECK(code_in(*edge.ask(true, 4)) == errc::key_reused);
  }
  SECTION("by what the read model says") {
    edge.sessions->stored[edge.first_id()] = {"{}", {2}, true, keyed_edge::origin(4), edge.clock->time};
    CHECK(code_in(*edge.open()) == errc::key_reused);
  }
  CHECK(edge.producer->calls.size() <= 1);
}

TEST_CASE("a command that lost the race against another edge's is not taken for its session",
          "[actors][edge][keyed]") {
  keyed_edge edge;
  auto waits = edge.open();
  auto does_not = edge.ask(false);
  edge.deliver(0, 8);
  CHECK(does_not->empty()); // durable, but whose request counts is not known yet
  SECTION("the other's command is read first") {
    edge.read_command(7, 4);
  }
  SECTION("the other's event is read first") {
    edge.read_requested(1, 4);
  }
  SECTION("its end is read first") {
    edge.read_completed(2, 4);
  }
  CHECK(code_in(*waits) == errc::key_reused);
  CHECK(code_in(*does_not) == errc::key_reused);
}

TEST_CASE("of two commands for a session the first in the log counts, whatever follows",
          "[actors][edge][keyed]") {
  keyed_edge edge;
  auto winner = edge.open();
  auto loser = edge.ask(true, 4);
  edge.deliver(0, 7);
  edge.read_command(7);
  edge.read_command(8, 4); // another edge's, which lost
  CHECK(code_in(*loser) == errc::key_reused);
  CHECK(winner->empty());
  CHECK(code_in(*edge.ask(true, 4)) == errc::key_reused);
  edge.read_completed(2);
  REQUIRE(winner->size() == 1);
  REQUIRE(winner->at(0));
  CHECK(winner->at(0)->terminal);
}

TEST_CASE("a session that another edge has opened and ended while it was looked for is not opened again",
          "[actors][edge][keyed]") {
  keyed_edge edge;
  auto same = edge.ask();
  auto other = edge.ask(true, 4);
  edge.answer_ends(log_offset{0}, log_offset{0}); // it was not there then; the key's former session is next
  edge.read_completed(1);
  edge.nothing_there();
  CHECK(edge.producer->calls.empty());
  REQUIRE(same->size() == 1);
  REQUIRE(same->at(0));
  CHECK(same->at(0)->terminal);
  CHECK(code_in(*other) == errc::key_reused);
}

TEST_CASE("a session whose command came while the key's former one was looked for is not opened again",
          "[actors][edge][keyed]") {
  keyed_edge edge;
  auto same = edge.ask();
  auto other = edge.ask(true, 4);
  edge.answer_ends(log_offset{0}, log_offset{0}); // it was not there then; the key's former session is next
  edge.read_command(0);
  edge.nothing_there();
  CHECK(edge.producer->calls.empty());
  CHECK(same->empty());
  CHECK(code_in(*other) == errc::key_reused);
  edge.read_completed(1);
  REQUIRE(same->size() == 1);
  REQUIRE(same->at(0));
  CHECK(same->at(0)->terminal);
}

TEST_CASE("who lost the race with the same request gets the one session", "[actors][edge][keyed]") {
  keyed_edge edge;
  auto waits = edge.open();
  auto does_not = edge.ask(false);
  edge.read_command(7);
  REQUIRE(does_not->size() == 1);
  REQUIRE(does_not->at(0));
  CHECK_FALSE(does_not->at(0)->terminal);
  CHECK(does_not->at(0)->id == edge.first_id());
  edge.producer->fail(0); // its own command does not matter any more
  edge.bench.settle();
  CHECK(waits->empty());
  edge.read_completed(2);
  REQUIRE(waits->size() == 1);
  CHECK(waits->at(0));
}

TEST_CASE("who does not wait is answered once the log shows whose the session is", "[actors][edge][keyed]") {
  keyed_edge edge;
  auto got = edge.open(false);
  edge.deliver(0, 7);
  CHECK(got->empty());
  edge.read_command(7);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
}

TEST_CASE("after its time a key is free again", "[actors][edge][keyed]") {
  keyed_edge edge;
  auto old = edge.first_id();
  edge.sessions->stored[old] = {"{}", {2}, true, keyed_edge::origin(4), edge.clock->time};
  edge.clock->time += 24h;
  auto got = edge.open();
  CHECK(got->empty());
  REQUIRE(edge.producer->calls.size() == 1);
  CHECK(edge.session() != old);
}

TEST_CASE("what cannot be looked for opens no second session", "[actors][edge][keyed]") {
  keyed_edge edge;
  SECTION("PostgreSQL is away") {
    edge.sessions->away = true;
    CHECK(code_in(*edge.open()) == errc::store_unavailable);
  }
  SECTION("Kafka is away") {
    auto got = edge.ask();
    auto away = events::make_error(errc::log_unavailable, "away");
    edge.answer_ends(away, away);
    CHECK(code_in(*got) == errc::log_unavailable);
  }
  SECTION("the tails do not come to the log's end") {
    auto got = edge.ask();
    edge.answer_ends(log_offset{9}, log_offset{9});
    edge.advance(2'050ms);
    CHECK(code_in(*got) == errc::deadline_exceeded);
  }
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("a key is its owner's", "[actors][edge][keyed]") {
  keyed_edge edge;
  (void)edge.open();
  (void)edge.ask(true, 4, tests::sample_id<events::user_id>(1));
  edge.nothing_there();
  (void)edge.ask(true, 5, tests::sample_id<events::user_id>(2));
  edge.nothing_there();
  REQUIRE(edge.producer->calls.size() == 3);
  CHECK(edge.session(0) != edge.session(1));
  CHECK(edge.session(1) != edge.session(2));
}

TEST_CASE("a client may wait for less time than the edge would", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = std::make_shared<edge_fixture::answers>();
  actors::submit_recommendation asked;
  asked.preferences = tests::sample_preferences();
  asked.wait_max = 2s;
  asked.answer = [got](caf::expected<actors::session_answer> each) { got->push_back(std::move(each)); };
  auto longer = edge.submit();
  edge.bench.tell(edge.under_test, std::move(asked));
  edge.deliver(0, 7);
  edge.deliver(1, 8);
  edge.advance(1'900ms);
  CHECK(got->empty());
  edge.advance(150ms);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
  CHECK(longer->empty());
}
