#include "events/error.hpp"
#include "http/problem.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using events::errc;
using events::feedback::kind;
using tests::asking;
using tests::route_fixture;

namespace {

const auto id = tests::sample_id<events::session_id>();
const auto user = tests::sample_id<events::user_id>(3);

asking feedback(std::string body = R"({"headphone_id":"the-slug","kind":"saved"})",
                const std::string& session = to_string(id)) {
  return {http::method::post, "/api/v1/recommendations/" + session + "/feedback", std::move(body)};
}

asking erasure(const std::string& session = to_string(id)) {
  return {http::method::delete_, "/api/v1/recommendations/" + session};
}

bool mentions(const http::response& made, std::string_view text) {
  return http::view(made.body).find(text) != std::string_view::npos;
}

} // namespace

TEST_CASE("feedback is handed to the edge as it was sent", "[http][feedback]") {
  route_fixture routes;
  (void)routes.ask(feedback());
  (void)routes.ask(feedback(R"({"headphone_id":"the-slug","kind":"rated","rating":5})"));
  REQUIRE(routes.told.feedback.size() == 2);
  CHECK(routes.told.feedback[0].session == id);
  CHECK(routes.told.feedback[0].headphone == "the-slug");
  CHECK(routes.told.feedback[0].kind == kind::saved);
  CHECK_FALSE(routes.told.feedback[0].rating);
  CHECK_FALSE(routes.told.feedback[0].asker);
  CHECK(routes.told.feedback[0].traceparent == std::string(55, '0'));
  CHECK(routes.told.feedback[1].kind == kind::rated);
  CHECK(routes.told.feedback[1].rating == 5);
}

TEST_CASE("feedback that breaks its rules is refused, and every wrong field named", "[http][feedback]") {
  const std::pair<std::string, std::string_view> mistakes[] = {
    {R"({"kind":"saved"})", "/headphone_id"},
    {R"({"headphone_id":"a"})", "/kind"},
    {R"({"headphone_id":"a","kind":"liked"})", "/kind"},
    {R"({"headphone_id":"","kind":"saved"})", "/headphone_id"},
    {R"({"headphone_id":"a","kind":"rated"})", "/rating"},
    {R"({"headphone_id":"a","kind":"saved","rating":3})", "/rating"},
    {R"({"headphone_id":"a","kind":"rated","rating":0})", "/rating"},
    {R"({"headphone_id":"a","kind":"rated","rating":6})", "/rating"},
    {R"({"headphone_id":"a","kind":"rated","rating":2.5})", "/rating"},
    {R"({"headphone_id":"a","kind":"saved","why":"so"})", "/why"}};
  for (const auto& [body, pointer] : mistakes) {
    route_fixture routes;
    CAPTURE(body);
    auto made = routes.answer(feedback(body));
    CHECK(made.status == 422);
    CHECK(mentions(made, "\"pointer\":\"" + std::string{pointer} + "\""));
    CHECK(routes.told.feedback.empty());
  }
  CHECK(route_fixture{}.answer(feedback("x")).status == 400);
  CHECK(route_fixture{}.answer(feedback("{}", "no-id")).status == 404);
}

TEST_CASE("feedback that is durable is 202, with its id", "[http][feedback]") {
  route_fixture routes;
  auto kept = routes.ask(feedback());
  CHECK_FALSE(kept->answer_);
  auto given = tests::sample_id<events::feedback_id>(9);
  routes.told.feedback.at(0).answer(actors::feedback_answer{given, id});
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 202);
  CHECK(http::view(kept->answer_->body)
        == R"({"feedback_id":")" + to_string(given) + R"(","session_id":")" + to_string(id)
             + R"(","status":"accepted"})");
}

TEST_CASE("feedback on what is no match names the field", "[http][feedback]") {
  route_fixture routes;
  auto kept = routes.ask(feedback());
  routes.told.feedback.at(0).answer(events::make_error(errc::not_a_match, "no"));
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 422);
  CHECK(mentions(*kept->answer_, R"("pointer":"/headphone_id")"));
}

TEST_CASE("an erasure that is durable is 204, and without a body", "[http][erasure]") {
  route_fixture routes;
  auto kept = routes.ask(erasure());
  REQUIRE(routes.told.erasures.size() == 1);
  CHECK(routes.told.erasures[0].id == id);
  CHECK(routes.told.erasures[0].reason == events::session::erasure_reason::session_deleted);
  CHECK_FALSE(kept->answer_);
  routes.told.erasures[0].answer({});
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 204);
  CHECK(http::view(kept->answer_->body).empty());
  CHECK(route_fixture{}.answer(erasure("no-id")).status == 404);
}

TEST_CASE("an erasure of what is not there, or was erased, is not found", "[http][erasure]") {
  for (auto code : {errc::not_found, errc::erased}) {
    route_fixture routes;
    auto kept = routes.ask(erasure());
    routes.told.erasures.at(0).answer(events::make_error(code, "No session has this id."));
    REQUIRE(kept->failure_);
    auto shown = http::problem_of(*kept->failure_);
    CHECK(shown.status == 404);
    CHECK(shown.code == "not_found");
    CHECK(shown.detail == "No session has this id.");
  }
}

TEST_CASE("who asks comes along, and who cannot say is turned away", "[http][feedback][erasure]") {
  route_fixture routes;
  caf::expected<std::optional<events::user_id>> caller = std::optional{user};
  routes.parts.find_caller = [&](const http::request&) { return caller; };
  routes.use_parts();
  (void)routes.ask(feedback());
  (void)routes.ask(erasure());
  CHECK(routes.told.feedback.at(0).asker == user);
  CHECK(routes.told.erasures.at(0).asker == user);
  caller = events::make_error(errc::unauthenticated, "expired");
  for (const auto& asked : {feedback(), erasure()}) {
    auto kept = routes.ask(asked);
    REQUIRE(kept->failure_);
    CHECK(events::code_of(*kept->failure_) == errc::unauthenticated);
  }
  CHECK(routes.told.feedback.size() == 1);
  CHECK(routes.told.erasures.size() == 1);
}
