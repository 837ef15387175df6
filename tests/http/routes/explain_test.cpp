#include "events/error.hpp"
#include "http/problem.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using events::errc;
using events::explanation::document_status;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

const auto id = tests::sample_id<events::session_id>();

std::string body_of(const std::string& headphone = "sennheiser-hd-560s") {
  return R"({"session_id":")" + to_string(id) + R"(","headphone_id":")" + headphone + R"("})";
}

asking explain(std::string body = body_of(), const std::string& prefer = {}) {
  asking out{http::method::post, "/api/v1/explain", std::move(body)};
  if (!prefer.empty())
    out.fields.emplace_back("Prefer", prefer);
  return out;
}

actors::explanation_answer answer(document_status status) {
  actors::explanation_answer out;
  out.session = id;
  out.document = std::make_shared<const std::string>("{\"document\":1}");
  out.status = status;
  if (status == document_status::error)
    out.failure = events::session::failure{"deadline_exceeded", "No explanation could be given in time."};
  return out;
}

/// What comes back when the edge answers so.
tests::kept_answer answered(caf::expected<actors::explanation_answer> got) {
  route_fixture routes;
  auto kept = routes.ask(explain());
  CHECK_FALSE(kept->answer_);
  REQUIRE(routes.told.explanations.size() == 1);
  routes.told.explanations[0].answer(std::move(got));
  return *kept;
}

} // namespace

TEST_CASE("a request to explain is handed to the edge as it was sent", "[http][explain]") {
  route_fixture routes;
  (void)routes.ask(explain(body_of("the-slug")));
  (void)routes.ask(explain(body_of(), "respond-async"));
  REQUIRE(routes.told.explanations.size() == 2);
  CHECK(routes.told.explanations[0].session == id);
  CHECK(routes.told.explanations[0].headphone == "the-slug");
  CHECK(routes.told.explanations[0].wait);
  CHECK(routes.told.explanations[0].traceparent == std::string(55, '0'));
  CHECK_FALSE(routes.told.explanations[1].wait);
}

TEST_CASE("a body that breaks the rules of a request to explain is refused", "[http][explain]") {
  const auto session = R"("session_id":")" + to_string(id) + '"';
  const std::pair<std::string, std::string_view> mistakes[] = {
    {"{" + session + "}", "/headphone_id"},
    {R"({"headphone_id":"a"})", "/session_id"},
    {R"({"session_id":"1","headphone_id":"a"})", "/session_id"},
    {"{" + session + R"(,"headphone_id":""})", "/headphone_id"},
    {"{" + session + R"(,"headphone_id":")" + std::string(81, 'a') + "\"}", "/headphone_id"},
    {"{" + session + R"(,"headphone_id":"a","mode":"async"})", "/mode"}};
  for (const auto& [body, pointer] : mistakes) {
    route_fixture routes;
    CAPTURE(body);
    auto made = routes.answer(explain(body));
    CHECK(made.status == 422);
    CHECK(http::view(made.body).find("\"pointer\":\"" + std::string{pointer} + "\"")
          != std::string_view::npos);
    CHECK(routes.told.explanations.empty());
  }
  CHECK(route_fixture{}.answer(explain("x")).status == 400);
}

TEST_CASE("an explanation is 200 with its document", "[http][explain]") {
  auto kept = answered(answer(document_status::complete));
  REQUIRE(kept.answer_);
  CHECK(kept.answer_->status == 200);
  CHECK(http::view(kept.answer_->body) == "{\"document\":1}");
  CHECK(kept.answer_->cache == http::cache_policy::no_store);
  CHECK_FALSE(header_of(*kept.answer_, "Retry-After"));
}

TEST_CASE("an explanation that is being made is 202, to be asked for again", "[http][explain]") {
  auto kept = answered(answer(document_status::pending));
  REQUIRE(kept.answer_);
  CHECK(kept.answer_->status == 202);
  CHECK(http::view(kept.answer_->body) == "{\"document\":1}");
  CHECK(header_of(*kept.answer_, "Retry-After"));
}

TEST_CASE("an explanation that failed is 503 with why", "[http][explain]") {
  auto kept = answered(answer(document_status::error));
  REQUIRE(kept.answer_);
  CHECK(kept.answer_->status == 503);
  CHECK(kept.answer_->content_type == "application/problem+json");
  CHECK(http::view(kept.answer_->body).find("\"code\":\"deadline_exceeded\"") != std::string_view::npos);
  CHECK(header_of(*kept.answer_, "Retry-After"));
}

TEST_CASE("a headphone that is no match is 422 and named", "[http][explain]") {
  auto kept = answered(events::make_error(errc::not_a_match, "It is not among them."));
  REQUIRE(kept.answer_);
  CHECK(kept.answer_->status == 422);
  auto body = http::view(kept.answer_->body);
  CHECK(body.find("\"code\":\"not_a_match\"") != std::string_view::npos);
  CHECK(body.find("\"pointer\":\"/headphone_id\"") != std::string_view::npos);
}

TEST_CASE("other errors of the edge are passed on", "[http][explain]") {
  for (auto code : {errc::not_found, errc::not_complete, errc::overloaded, errc::log_unavailable}) {
    auto kept = answered(events::make_error(code, "why"));
    REQUIRE(kept.failure_);
    CHECK(events::code_of(*kept.failure_) == code);
  }
  CHECK(http::problem_of(events::make_error(errc::not_complete, "why")).status == 409);
}
