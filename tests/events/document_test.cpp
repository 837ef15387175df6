#include "events/record/reader.hpp"
#include "events/session/document.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::session;
using namespace std::chrono_literals;

namespace {

const auto id = tests::sample_id<session_id>();
constexpr log_position place{{3}, {44}};

} // namespace

TEST_CASE("the document of a request says that it is pending and since when", "[events][document]") {
  auto shown = document_of(id, tests::sample_requested(), {1}, tests::sample_time(), place);
  CHECK(record::to_json(shown)
        == "{\"session_id\":\"" + to_string(id)
             + "\",\"status\":\"pending\",\"created_at\":\"2026-11-22T14:15:39.000000Z\","
               "\"version\":1,\"position\":\"3:44\"}");
}

TEST_CASE("the document of a completion holds all that happened", "[events][document]") {
  auto happened = tests::sample_completed();
  auto shown = document_of(id, happened, {2}, tests::sample_time(12ms), place);
  CHECK(shown.id == id);
  CHECK(shown.status == document_status::complete);
  CHECK(shown.matches == happened.matches);
  CHECK(shown.relaxations == happened.relaxations);
  CHECK(shown.notes == happened.notes);
  CHECK(shown.engine == "anthropic/claude-opus-4-5");
  CHECK(shown.degraded == true);
  CHECK(shown.degraded_reason == "incomplete_reply");
  CHECK(shown.preferences == tests::sample_preferences());
  CHECK(shown.catalog_version == 240);
  CHECK(shown.processing_time_ms == 12);
  CHECK(shown.created_at == tests::sample_time());
  CHECK(shown.completed_at == tests::sample_time(12ms));
  CHECK(shown.version == stream_version{2});
  CHECK(shown.position == "3:44");
  CHECK_FALSE(shown.error);
}

TEST_CASE("the document says when the language model is being asked", "[events][document]") {
  auto shown = document_of(id, tests::sample_call_started(), {2}, place);
  CHECK(shown.status == document_status::processing);
  CHECK(shown.version == stream_version{2});
  CHECK(shown.created_at == tests::sample_time());
  CHECK_FALSE(shown.matches);
}

TEST_CASE("a completion without picks still lists its matches, none", "[events][document]") {
  recommendation_completed none;
  none.engine = "heuristic";
  auto shown = document_of(id, none, {2}, tests::sample_time(), place);
  REQUIRE(shown.matches);
  CHECK(shown.matches->empty());
  CHECK_FALSE(shown.relaxations);
  CHECK_FALSE(shown.notes);
}

TEST_CASE("the document of a failure says why", "[events][document]") {
  auto shown = document_of(id, tests::sample_failed(), {2}, tests::sample_time(60s), place);
  CHECK(shown.status == document_status::error);
  CHECK(shown.error == failure{"deadline_exceeded", "No recommendation could be made in time."});
  CHECK(shown.created_at == tests::sample_time());
  CHECK(shown.completed_at == tests::sample_time(60s));
  CHECK_FALSE(shown.matches);
  CHECK_FALSE(shown.engine);
}

TEST_CASE("a document reads back from its JSON", "[events][document]") {
  for (const event& happened :
       {event{tests::sample_requested()}, event{tests::sample_completed()}, event{tests::sample_failed()}}) {
    auto shown = document_of(id, happened, {2}, tests::sample_time(), place);
    record::violations wrong;
    auto again = record::read<document>(record::to_json(shown), wrong, record::unknown_fields::refuse);
    CHECK(wrong.empty());
    CHECK(again == shown);
  }
}
