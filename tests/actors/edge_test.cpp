#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::edge_settings;
using events::errc;
using events::log_offset;
namespace ports = actors::ports;
using tests::code_in;
using tests::edge_fixture;
using tests::tailed;

namespace {

ports::log_record completed(const events::session_id& id, std::int64_t offset, std::int64_t claim = 0) {
  return tests::event_record(id, tests::sample_completed(), 2, offset, claim);
}

} // namespace

// -- requests --------------------------------------------------------------------

TEST_CASE("an edge refuses requests before its tails have started", "[actors][edge]") {
  edge_fixture edge;
  CHECK(code_in(*edge.submit()) == errc::log_unavailable);
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("a request becomes one command in the log", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  CHECK(got->empty());
  REQUIRE(edge.producer->calls.size() == 1);
  const auto& appended = edge.producer->calls[0];
  CHECK(appended.record.topic == "sonicmatch.commands");
  CHECK(appended.type() == "sonicmatch.request_recommendation.v1");
  CHECK(appended.header("content-type") == "application/cloudevents+json");
  auto decoded = events::decode_command(appended.record.value);
  REQUIRE(decoded);
  CHECK(decoded->head.subject == appended.record.key);
  CHECK(decoded->head.partitionkey == appended.record.key);
  CHECK(decoded->head.traceparent == "trace");
  CHECK(decoded->head.time == edge.clock->time);
  CHECK(std::get<events::session::command>(decoded->body)
        == events::session::command{
          events::session::request_recommendation{tests::sample_preferences(), 3, edge.clock->time + 60s}});
}

TEST_CASE("every request is a session of its own", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  (void)edge.submit();
  (void)edge.submit();
  CHECK(edge.session(0) != edge.session(1));
}

TEST_CASE("a request that does not wait is answered once it is durable", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit(false);
  CHECK(got->empty());
  edge.deliver(0, 7);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->id == edge.session());
  CHECK_FALSE(got->at(0)->terminal);
}

TEST_CASE("a request that does not wait is pending though its session has ended already", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit(false);
  edge.read(tailed::events, {completed(edge.session(), 1)});
  CHECK(got->empty());
  edge.deliver(0, 7);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
  auto found = edge.find(edge.session());
  REQUIRE(found->size() == 1);
  CHECK(found->at(0)->terminal);
}

TEST_CASE("a request that waits is answered when its session ends", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.deliver(0, 7);
  edge.read(tailed::events, {tests::event_record(edge.session(), tests::sample_requested(), 1, 1, 0)});
  CHECK(got->empty());
  edge.read(tailed::events, {completed(edge.session(), 2)});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->terminal);
  CHECK(got->at(0)->document->find("\"status\":\"complete\"") != std::string::npos);
  edge.read(tailed::events, {completed(edge.session(), 3)});
  CHECK(got->size() == 1);
}

TEST_CASE("an end that overtakes the delivery report answers all the same", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.read(tailed::events, {completed(edge.session(), 1)});
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->terminal);
  edge.deliver(0, 7);
  CHECK(got->size() == 1);
}

TEST_CASE("a void decision answers nobody", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.read(tailed::events, {tests::claim_record(5), completed(edge.session(), 6, 4)});
  CHECK(got->empty());
  edge.read(tailed::events, {completed(edge.session(), 7, 5)});
  CHECK(got->size() == 1);
}

TEST_CASE("a failed delivery is passed on", "[actors][edge]") {
  for (auto code : {errc::log_unavailable, errc::log_full, errc::log_rejected}) {
    edge_fixture edge;
    edge.start();
    auto got = edge.submit();
    edge.producer->fail(0, code);
    edge.bench.settle();
    REQUIRE(got->size() == 1);
    CHECK(code_in(*got) == code);
  }
}

TEST_CASE("an edge refuses more waiting requests than it may hold", "[actors][edge]") {
  edge_settings settings;
  settings.waiting_max = 2;
  edge_fixture edge{settings};
  edge.start();
  auto first = edge.submit();
  (void)edge.submit();
  CHECK(code_in(*edge.submit()) == errc::overloaded);
  CHECK(edge.producer->calls.size() == 2);
  edge.read(tailed::events, {completed(edge.session(0), 1)});
  CHECK(first->size() == 1);
  CHECK(edge.submit()->empty());
}

TEST_CASE("a durable request that takes too long is answered as pending", "[actors][edge]") {
  edge_settings settings;
  settings.sync_timeout = 1s;
  edge_fixture edge{settings};
  edge.start();
  auto got = edge.submit();
  edge.deliver(0, 7);
  edge.advance(999ms);
  CHECK(got->empty());
  edge.advance(51ms);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
  edge.read(tailed::events, {completed(edge.session(), 1)});
  CHECK(got->size() == 1);
  CHECK(edge.find(edge.session())->at(0)->terminal);
}

TEST_CASE("a request that Kafka never confirmed is answered as unavailable", "[actors][edge]") {
  edge_settings settings;
  settings.sync_timeout = 1s;
  edge_fixture edge{settings};
  edge.start();
  auto got = edge.submit();
  edge.advance(1'050ms);
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::log_unavailable);
  edge.deliver(0, 7);
  CHECK(got->size() == 1);
}

TEST_CASE("a search under way does not hold up a request's deadline", "[actors][edge]") {
  edge_settings settings;
  settings.sync_timeout = 200ms;
  edge_fixture edge{settings};
  edge.start();
  (void)edge.find(tests::sample_id<events::session_id>());
  auto got = edge.submit();
  for (int i = 0; i < 6; ++i)
    edge.advance(50ms);
  CHECK(got->size() == 1);
}

TEST_CASE("an end that cannot be read leaves its request to the deadline", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.deliver(0, 7);
  auto broken = completed(edge.session(), 1);
  broken.value = "garbage";
  edge.read(tailed::events, {broken});
  CHECK(got->empty());
  CHECK(edge.logger->has("cannot be read"));
  edge.advance(61s);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0));
}

// -- draining --------------------------------------------------------------------

TEST_CASE("a draining edge refuses what is new and answers what waits", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto waiting = edge.submit();
  int drained = 0;
  edge.bench.tell(edge.under_test, actors::drain_edge{[&] { ++drained; }});
  CHECK(drained == 0);
  CHECK(code_in(*edge.submit()) == errc::shutting_down);
  edge.read(tailed::events, {completed(edge.session(), 1)});
  CHECK(waiting->size() == 1);
  CHECK(waiting->at(0)->terminal);
  CHECK(drained == 1);
}

TEST_CASE("an idle edge is drained at once", "[actors][edge]") {
  edge_fixture edge;
  int drained = 0;
  edge.bench.tell(edge.under_test, actors::drain_edge{[&] { ++drained; }});
  CHECK(drained == 1);
}
