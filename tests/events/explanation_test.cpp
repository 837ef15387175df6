#include "events/explanation/document.hpp"
#include "events/explanation/state.hpp"
#include "events/record/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::explanation;
using namespace std::chrono_literals;

namespace {

state open() {
  return evolve({}, tests::sample_explanation_requested(), {1}, tests::sample_time());
}

const auto of_session = tests::sample_id<session_id>();

} // namespace

TEST_CASE("a request opens an explanation, once", "[events][explanation]") {
  auto happened = decide(state{}, tests::sample_request_explanation());
  REQUIRE(happened.size() == 1);
  CHECK(std::get<explanation_requested>(happened.front()) == tests::sample_explanation_requested());
  CHECK(decide(open(), tests::sample_request_explanation()).empty());
}

TEST_CASE("an explanation completes with the pick it is about", "[events][explanation]") {
  auto expected = tests::sample_explanation_completed();
  expected.calls = {};
  auto happened =
    decide(open(),
           complete_explanation{expected.detailed_explanation, expected.comparison_points, expected.engine,
                                expected.degraded, expected.degraded_reason, expected.prompt_version},
           tests::sample_time(15ms));
  REQUIRE(happened.size() == 1);
  CHECK(std::get<explanation_completed>(happened.front()) == expected);
  auto ended = evolve(open(), happened.front(), {2}, tests::sample_time(15ms));
  CHECK(ended.status == status::complete);
  CHECK(decide(ended, fail_explanation{}, tests::sample_time()).empty());
  CHECK_FALSE(decide(ended, language_model::start_call{}, tests::sample_id<command_id>()));
}

TEST_CASE("an explanation fails with a reason", "[events][explanation]") {
  auto happened = decide(open(), fail_explanation{"deadline_exceeded", "too late"}, tests::sample_time(60s));
  REQUIRE(happened.size() == 1);
  const auto& failed = std::get<explanation_failed>(happened.front());
  CHECK(failed.id == open().id);
  CHECK(failed.processing_time_ms == 60'000);
  CHECK(evolve(open(), happened.front(), {2}, tests::sample_time(60s)).status == status::error);
}

TEST_CASE("what never began does not end", "[events][explanation]") {
  CHECK(decide(state{}, complete_explanation{}, tests::sample_time()).empty());
  CHECK(evolve({}, tests::sample_explanation_completed(), {1}, tests::sample_time()) == state{});
}

TEST_CASE("a headphone that is no match of the session is refused", "[events][explanation]") {
  auto asked = tests::sample_request_explanation();
  asked.headphone = headphone_id_of("something-else");
  record::violations wrong;
  CHECK_FALSE(
    record::read<request_explanation>(record::to_json(asked), wrong, record::unknown_fields::ignore));
  REQUIRE(wrong.size() == 1);
  CHECK(wrong.front().pointer == "/headphone_id");
}

TEST_CASE("an explanation's document reads back from its JSON", "[events][explanation]") {
  for (const event& happened :
       {event{tests::sample_explanation_requested()}, event{tests::sample_explanation_completed()},
        event{tests::sample_explanation_failed()}}) {
    auto shown = document_of(of_session, happened, tests::sample_time());
    record::violations wrong;
    auto again = record::read<document>(record::to_json(shown), wrong, record::unknown_fields::refuse);
    CHECK(wrong.empty());
    CHECK(again == shown);
    CHECK(shown.session == of_session);
    CHECK((shown.status == document_status::pending) == !is_terminal(happened));
  }
}
