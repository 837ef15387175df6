#include "tests/actors/explaining_edge.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::edge_settings;
using events::errc;
using events::explanation::document_status;
using tests::code_in;
using tests::edge_fixture;
using tests::explaining_edge;
using tests::tailed;

namespace {

const auto id = tests::explained_session;

edge_settings patient_for(std::chrono::milliseconds time) {
  edge_settings out;
  out.sync_timeout = time;
  return out;
}

} // namespace

// -- who does not wait, and deadlines ----------------------------------------------------

TEST_CASE("an explanation that nobody waits for is answered once it is durable", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id, false);
  auto waiting = edge.explain(id);
  CHECK(got->empty());
  edge.deliver(0, 7);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->status == document_status::pending);
  CHECK(got->at(0)->document->find("\"status\":\"pending\"") != std::string::npos);
  CHECK(waiting->empty());
  auto joined = edge.explain(id, false);
  REQUIRE(joined->size() == 1);
  CHECK(joined->at(0)->id == got->at(0)->id);
}

TEST_CASE("a failed delivery is passed on to all, and the next asks anew", "[actors][edge][explain]") {
  explaining_edge edge;
  auto first = edge.explain(id);
  auto second = edge.explain(id);
  edge.producer->fail(0, errc::log_unavailable);
  edge.bench.settle();
  CHECK(code_in(*first) == errc::log_unavailable);
  CHECK(code_in(*second) == errc::log_unavailable);
  CHECK(edge.explain(id)->empty());
  CHECK(edge.producer->calls.size() == 2);
}

TEST_CASE("an explanation that takes too long is pending, and who asks again joins it",
          "[actors][edge][explain]") {
  explaining_edge edge{patient_for(1s)};
  auto got = edge.explain(id);
  edge.deliver(0, 7);
  edge.advance(1'050ms);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->status == document_status::pending);
  auto again = edge.explain(id);
  CHECK(again->empty());
  edge.complete(0, 2);
  REQUIRE(again->size() == 1);
  CHECK(again->at(0)->status == document_status::complete);
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("who was told to come back gets how it ended, however poor", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id, false);
  edge.deliver(0, 7);
  edge.complete(0, 2, true);
  auto back = edge.explain(id, false);
  REQUIRE(back->size() == 1);
  CHECK(back->at(0)->status == document_status::complete);
  CHECK(back->at(0)->degraded);
  CHECK(edge.producer->calls.size() == 1);
  CHECK(edge.explain(id, false)->empty());
  CHECK(edge.producer->calls.size() == 2);
}

TEST_CASE("a poor end that nobody comes back for is forgotten", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id, false);
  edge.deliver(0, 7);
  edge.complete(0, 2, true);
  edge.advance(61s);
  CHECK(edge.explain(id, false)->empty());
  CHECK(edge.producer->calls.size() == 2);
}

TEST_CASE("an explanation that Kafka never confirmed is unavailable", "[actors][edge][explain]") {
  explaining_edge edge{patient_for(1s)};
  auto got = edge.explain(id);
  edge.advance(1'050ms);
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::log_unavailable);
  edge.deliver(0, 7);
  CHECK(got->size() == 1);
}

TEST_CASE("an explanation that never ends is asked for anew after its deadline", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id, false);
  edge.deliver(0, 7);
  edge.advance(61s);
  CHECK(edge.explain(id)->empty());
  CHECK(edge.producer->calls.size() == 2);
}

// -- bounds, and the end -------------------------------------------------------------------

TEST_CASE("an edge that starts or drains refuses to explain", "[actors][edge][explain]") {
  edge_fixture edge;
  CHECK(code_in(*edge.explain(id)) == errc::log_unavailable);
  edge.start();
  edge.bench.tell(edge.under_test, actors::drain_edge{[] {}});
  CHECK(code_in(*edge.explain(id)) == errc::shutting_down);
}

TEST_CASE("an edge refuses more who wait for explanations than it may hold", "[actors][edge][explain]") {
  edge_settings settings;
  settings.waiting_max = 2;
  explaining_edge edge{settings};
  auto first = edge.explain(id);
  (void)edge.explain(id);
  CHECK(code_in(*edge.explain(id)) == errc::overloaded);
  edge.complete(0, 2);
  CHECK(first->size() == 1);
  CHECK(edge.explain(id)->size() == 1);
}

TEST_CASE("an edge refuses to have more explained than it may hold", "[actors][edge][explain]") {
  edge_settings settings;
  settings.waiting_max = 1;
  explaining_edge edge{settings};
  auto two = tests::sample_completed();
  auto other = tests::sample_match(2);
  other.headphone.id = events::headphone_id_of("other");
  two.matches.push_back(other);
  edge.read(tailed::events, {tests::event_record(id, two, 3, 2, 0)});
  (void)edge.explain(id, false);
  edge.deliver(0, 7);
  CHECK(code_in(*edge.explain(id, false, "other")) == errc::overloaded);
}

TEST_CASE("a draining edge waits for its explanations, within its patience", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  edge.deliver(0, 7);
  int drained = 0;
  edge.bench.tell(edge.under_test, actors::drain_edge{[&] { ++drained; }, 5s});
  CHECK(drained == 0);
  edge.advance(5'050ms);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->status == document_status::pending);
  CHECK(drained == 1);
}
