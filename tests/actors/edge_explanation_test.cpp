#include "events/record/writer.hpp"
#include "events/session/document.hpp"
#include "tests/actors/explaining_edge.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
using events::explanation::document_status;
namespace explanation = events::explanation;
using tests::code_in;
using tests::edge_fixture;
using tests::explaining_edge;
using tests::tailed;

namespace {

const auto id = tests::explained_session;
const auto headphone = tests::explained_headphone;

} // namespace

// -- the command -----------------------------------------------------------------

TEST_CASE("a request for an explanation becomes one command under its session's key",
          "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  CHECK(got->empty());
  REQUIRE(edge.producer->calls.size() == 1);
  const auto& appended = edge.producer->calls[0];
  CHECK(appended.record.topic == "sonicmatch.commands");
  CHECK(appended.record.key == to_string(id));
  CHECK(appended.type() == "sonicmatch.request_explanation.v1");
  auto asked = edge.command();
  CHECK(appended.header("stream") == to_string(asked.id));
  CHECK(asked.headphone == headphone);
  CHECK(asked.preferences == tests::sample_preferences());
  CHECK(asked.matches == std::vector{tests::sample_match()});
  CHECK(asked.deadline == edge.clock->time + 60s);
  auto decoded = events::decode_command(appended.record.value);
  CHECK(decoded->head.subject == to_string(asked.id));
  CHECK(decoded->head.partitionkey == to_string(id));
  CHECK(decoded->head.traceparent == "trace");
}

TEST_CASE("a pick is named by its id or its slug", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id, true, to_string(headphone));
  REQUIRE(edge.producer->calls.size() == 1);
  CHECK(edge.command().headphone == headphone);
}

TEST_CASE("a command to explain issues no session", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id);
  edge_fixture other;
  other.start();
  other.read(tailed::commands, {tests::read_back(edge.producer->calls.at(0).record, 0)});
  auto got = other.find(id);
  other.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::not_found);
}

TEST_CASE("an explanation is answered when it has ended", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  edge.deliver(0, 7);
  auto command = edge.command();
  edge.end(command.id, tests::sample_explanation_requested(), 2);
  CHECK(got->empty());
  edge.complete(0, 3);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->id == command.id);
  CHECK(got->at(0)->status == document_status::complete);
  CHECK(got->at(0)->document->find("\"session_id\":\"" + to_string(id)) != std::string::npos);
  CHECK(got->at(0)->document->find("the most even of the three") != std::string::npos);
}

TEST_CASE("an explanation that failed is answered with why", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  edge.fail(0, 2);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->status == document_status::error);
  CHECK(got->at(0)->failure->code == "deadline_exceeded");
}

TEST_CASE("a void decision ends no explanation", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  edge.read(tailed::events, {tests::claim_record(5)});
  edge.complete(0, 6);
  CHECK(got->empty());
}

TEST_CASE("an end of an explanation that cannot be read is left to the deadline", "[actors][edge][explain]") {
  explaining_edge edge;
  auto got = edge.explain(id);
  edge.deliver(0, 7);
  auto broken = tests::explanation_record(id, edge.command().id,
                                          explanation::event{tests::sample_explanation_completed()}, 2, 3, 0);
  broken.value = "garbage";
  edge.read(tailed::events, {broken});
  CHECK(got->empty());
  CHECK(edge.logger->has("cannot be read"));
  edge.advance(61s);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->status == document_status::pending);
}

// -- one explanation for all who ask ------------------------------------------------

TEST_CASE("who asks for what is being explained joins", "[actors][edge][explain]") {
  explaining_edge edge;
  auto first = edge.explain(id);
  auto second = edge.explain(id);
  CHECK(edge.producer->calls.size() == 1);
  edge.complete(0, 2);
  CHECK(first->size() == 1);
  REQUIRE(second->size() == 1);
  CHECK(second->at(0)->status == document_status::complete);
}

TEST_CASE("what was explained well is not asked for again", "[actors][edge][explain]") {
  explaining_edge edge;
  (void)edge.explain(id);
  edge.complete(0, 2);
  auto again = edge.explain(id);
  REQUIRE(again->size() == 1);
  CHECK(again->at(0)->status == document_status::complete);
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("what another edge asked for is known from the tail", "[actors][edge][explain]") {
  explaining_edge edge;
  auto happened = tests::sample_explanation_completed();
  happened.degraded = false;
  edge.end(happened.id, happened, 2);
  auto got = edge.explain(id);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->id == happened.id);
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("an explanation that is degraded, or none, is asked for anew", "[actors][edge][explain]") {
  for (bool fails : {false, true}) {
    explaining_edge edge;
    auto first = edge.explain(id);
    if (fails)
      edge.fail(0, 2);
    else
      edge.complete(0, 2, true);
    CHECK(first->size() == 1);
    CHECK(edge.explain(id)->empty());
    CHECK(edge.producer->calls.size() == 2);
  }
}

TEST_CASE("the read model is asked before the recommender", "[actors][edge][explain]") {
  explaining_edge edge;
  edge.store(false);
  auto got = edge.explain(id);
  REQUIRE(got->size() == 1);
  CHECK(*got->at(0)->document == "{\"stored\":true}");
  CHECK(edge.producer->calls.empty());
  CHECK(edge.explain(id)->size() == 1);
  CHECK(edge.sessions->explanation_finds == 1);
}

TEST_CASE("what the read model holds of a poor explanation is asked for anew", "[actors][edge][explain]") {
  for (auto status : {document_status::complete, document_status::error, document_status::pending}) {
    explaining_edge edge;
    edge.store(true, status);
    CHECK(edge.explain(id)->empty());
    CHECK(edge.producer->calls.size() == 1);
  }
}

TEST_CASE("without the read model an explanation is asked for anew", "[actors][edge][explain]") {
  explaining_edge edge;
  edge.sessions->away = true;
  auto got = edge.explain(id);
  CHECK(edge.producer->calls.size() == 1);
  CHECK(edge.logger->has("asking for a new one"));
  edge.complete(0, 2);
  CHECK(got->size() == 1);
}

// -- what cannot be explained ----------------------------------------------------------

TEST_CASE("a session that is looked for is explained once it is found", "[actors][edge][explain]") {
  edge_fixture edge;
  edge.start();
  auto document = events::session::document_of(id, tests::sample_completed(), {2}, tests::sample_time(), {});
  edge.sessions->stored[id] = {events::record::to_json(document), {2}, true};
  auto got = edge.explain(id);
  CHECK(edge.producer->calls.empty());
  edge.answer_ends(log_offset{0}, log_offset{0});
  CHECK(got->empty());
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("a session that nobody knows is not found", "[actors][edge][explain]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.explain(id);
  edge.answer_ends(log_offset{0}, log_offset{0});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::not_found);
}

TEST_CASE("a session without picks cannot be explained", "[actors][edge][explain]") {
  for (bool fails : {false, true}) {
    edge_fixture edge;
    edge.start();
    if (fails)
      edge.read(tailed::events, {tests::event_record(id, tests::sample_failed(), 2, 1, 0)});
    else
      edge.read(tailed::events, {tests::event_record(id, tests::sample_requested(), 1, 1, 0)});
    auto got = edge.explain(id);
    edge.answer_ends(log_offset{2}, log_offset{0});
    edge.at_end(tailed::events, 2);
    REQUIRE(got->size() == 1);
    CHECK(code_in(*got) == errc::not_complete);
  }
}

TEST_CASE("a session is not called incomplete before the tails have caught up", "[actors][edge][explain]") {
  edge_fixture edge;
  edge.start();
  edge.read(tailed::events, {tests::event_record(id, tests::sample_requested(), 1, 1, 0)});
  auto got = edge.explain(id);
  edge.answer_ends(log_offset{3}, log_offset{0});
  CHECK(got->empty());
  edge.read(tailed::events, {tests::event_record(id, tests::sample_completed(), 2, 2, 0)});
  CHECK(got->empty());
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("a headphone that is no pick of the session cannot be explained", "[actors][edge][explain]") {
  explaining_edge edge;
  CHECK(code_in(*edge.explain(id, true, "sony-wh-1000xm5")) == errc::not_a_match);
  CHECK(code_in(*edge.explain(id, true, to_string(tests::sample_id<events::headphone_id>())))
        == errc::not_a_match);
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("a session document that cannot be read is nobody's request's fault", "[actors][edge][explain]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->stored[id] = {"{\"stored\":true}", {2}, true};
  auto got = edge.explain(id);
  edge.answer_ends(log_offset{0}, log_offset{0});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::store_rejected);
}
