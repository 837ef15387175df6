#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
namespace ports = actors::ports;
using tests::edge_fixture;
using tests::tailed;

namespace {

ports::log_record completed(const events::session_id& id, std::int64_t offset, std::int64_t claim = 0) {
  return tests::event_record(id, tests::sample_completed(), 2, offset, claim);
}

std::string detail_of_tails(const edge_fixture& edge) {
  return edge.health->parts().at(0).detail;
}

} // namespace

// -- starting --------------------------------------------------------------------

TEST_CASE("the tails begin where the read model and the recommenders are", "[actors][edge]") {
  edge_fixture edge;
  edge.sessions->reached = {{{0}, {40}, log_offset{30}}};
  edge.bench.tell(edge.under_test, actors::begin_tailing{});
  REQUIRE(edge.reader->follows.size() == 1);
  CHECK(edge.reader->follows[0].topic == "sonicmatch.events");
  CHECK(edge.reader->follows[0].from == log_offset{40});
  edge.reader->committed.at(0)(std::vector<std::optional<log_offset>>{log_offset{9}});
  edge.bench.settle();
  REQUIRE(edge.reader->follows.size() == 2);
  CHECK(edge.reader->follows[1].topic == "sonicmatch.commands");
  CHECK(edge.reader->follows[1].from == log_offset{9});
  auto got = edge.submit();
  edge.read(tailed::events, {completed(edge.session(), 40, 29)});
  CHECK(got->empty());
  edge.read(tailed::events, {completed(edge.session(), 41, 30)});
  CHECK(got->size() == 1);
}

TEST_CASE("the tails are ready when both have been at their ends", "[actors][edge]") {
  edge_fixture edge;
  CHECK_FALSE(edge.health->ready());
  edge.start();
  CHECK(detail_of_tails(edge) == "reading up to the log's end");
  edge.at_end(tailed::events, 0);
  CHECK_FALSE(edge.health->ready());
  edge.at_end(tailed::commands, 0);
  CHECK(edge.health->ready());
}

TEST_CASE("an edge that starts before PostgreSQL asks again until it answers", "[actors][edge]") {
  edge_fixture edge;
  edge.sessions->away = true;
  edge.bench.tell(edge.under_test, actors::begin_tailing{});
  CHECK(edge.reader->follows.empty());
  CHECK(detail_of_tails(edge).find("PostgreSQL") != std::string::npos);
  edge.advance(500ms);
  CHECK(edge.reader->follows.empty());
  edge.sessions->away = false;
  edge.advance(500ms);
  CHECK(edge.reader->follows.size() == 1);
}

TEST_CASE("an edge that cannot learn what is committed asks again, after a while", "[actors][edge]") {
  edge_fixture edge;
  edge.bench.tell(edge.under_test, actors::begin_tailing{});
  edge.reader->committed.at(0)(events::make_error(errc::log_unavailable, "away"));
  edge.bench.settle();
  CHECK(edge.reader->committed.size() == 1);
  edge.advance(500ms);
  REQUIRE(edge.reader->committed.size() == 2);
  edge.reader->committed.at(1)(std::vector<std::optional<log_offset>>(1));
  edge.bench.settle();
  CHECK(edge.reader->follows.size() == 2);
}

// -- what the tails bring ----------------------------------------------------------

TEST_CASE("a session for which the language model is asked is processing and still waited for",
          "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.deliver(0, 7);
  edge.read(tailed::events,
            {tests::event_record(edge.session(), tests::sample_requested(), 1, 1, 0),
             tests::call_record(edge.session(), tests::sample_call_started(), 2, 2, 0),
             tests::call_record(edge.session(), tests::sample_call_failed(), std::nullopt, 3, 0),
             tests::call_record(edge.session(), tests::sample_reply_recorded(), std::nullopt, 4, 0)});
  CHECK(got->empty());
  auto found = edge.find(edge.session());
  REQUIRE(found->size() == 1);
  CHECK_FALSE(found->at(0)->terminal);
  CHECK(found->at(0)->version == events::stream_version{2});
  CHECK(found->at(0)->document->find("\"status\":\"processing\"") != std::string::npos);
  edge.read(tailed::events, {tests::event_record(edge.session(), tests::sample_completed(), 3, 5, 0)});
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->terminal);
}

TEST_CASE("a request that waits is answered by an end in a former version", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  edge.read(tailed::events, {tests::former_end_record(edge.session(), 2, 1, 0)});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->terminal);
  CHECK(got->at(0)->document->find("\"status\":\"error\"") != std::string::npos);
}

TEST_CASE("what happens to an explanation is nothing new of its session", "[actors][edge]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.submit();
  auto stream = tests::sample_explanation_completed().id;
  edge.read(
    tailed::events,
    {tests::explanation_record(edge.session(), stream,
                               events::language_model::event{tests::sample_call_started()}, 7, 1, 0),
     tests::explanation_record(edge.session(), stream,
                               events::explanation::event{tests::sample_explanation_completed()}, 8, 2, 0)});
  CHECK(got->empty());
  CHECK_FALSE(edge.cache->find(edge.session(), edge.clock->time));
}
