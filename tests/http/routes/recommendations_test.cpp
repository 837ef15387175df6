#include "events/error.hpp"
#include "http/problem.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

constexpr auto post = http::method::post;
constexpr auto get = http::method::get;
const auto id = tests::sample_id<events::session_id>();

asking recommend(std::string body, std::string prefer = {}) {
  asking out{post, "/api/v1/recommend", std::move(body)};
  if (!prefer.empty())
    out.fields.emplace_back("Prefer", prefer);
  return out;
}

asking session_path(std::string tag = {}) {
  asking out{get, "/api/v1/recommendations/" + to_string(id)};
  if (!tag.empty())
    out.fields.emplace_back("If-None-Match", tag);
  return out;
}

actors::session_answer answer(std::uint32_t version, bool terminal) {
  return {id, std::make_shared<const std::string>("{\"document\":1}"), {version}, terminal};
}

/// The one submission that the request leads to.
actors::submit_recommendation submitted(std::string body, std::string prefer = {}) {
  route_fixture routes;
  auto kept = routes.ask(recommend(std::move(body), std::move(prefer)));
  CHECK_FALSE(kept->answer_);
  REQUIRE(routes.told.submissions.size() == 1);
  return routes.told.submissions[0];
}

http::response refused(std::string body) {
  route_fixture routes;
  CAPTURE(body);
  auto made = routes.answer(recommend(std::move(body)));
  CHECK(routes.told.submissions.empty());
  return made;
}

} // namespace

TEST_CASE("preferences may come wrapped, with mode and number", "[http][recommendations]") {
  auto asked = submitted(R"({"preferences":{"genres":["rock"]},"mode":"async","max_results":3})");
  CHECK(asked.preferences.genres == std::vector<std::string>{"rock"});
  CHECK(asked.max_results == 3);
  CHECK_FALSE(asked.wait);
  CHECK(asked.traceparent == std::string(55, '0'));
}

TEST_CASE("preferences may come bare, as the whole body", "[http][recommendations]") {
  auto asked = submitted(R"({"genres":["rock"],"budget_max":500})");
  CHECK(asked.preferences.budget_max == events::usd{500'00});
  CHECK(asked.max_results == 5);
  CHECK(asked.wait);
}

TEST_CASE("a client may prefer not to wait", "[http][recommendations]") {
  CHECK_FALSE(submitted(R"({"genres":["rock"]})", "respond-async").wait);
  CHECK_FALSE(submitted(R"({"preferences":{"genres":["rock"]},"mode":"sync"})", "respond-async").wait);
  CHECK(submitted(R"({"genres":["rock"]})", "handling=strict").wait);
  CHECK(submitted(R"({"preferences":{"genres":["rock"]}})").wait);
}

TEST_CASE("a client may prefer to wait for a while, and is told so", "[http][recommendations]") {
  route_fixture routes;
  auto kept = routes.ask(recommend(R"({"genres":["rock"]})", "respond-async, wait=5"));
  REQUIRE(routes.told.submissions.size() == 1);
  CHECK(routes.told.submissions[0].wait);
  CHECK(routes.told.submissions[0].wait_max == std::chrono::seconds{5});
  routes.told.submissions[0].answer(answer(1, false));
  CHECK(header_of(*kept->answer_, "Preference-Applied") == "respond-async, wait=5");
  kept = routes.ask(recommend(R"({"genres":["rock"]})"));
  routes.told.submissions.at(1).answer(answer(1, false));
  CHECK_FALSE(header_of(*kept->answer_, "Preference-Applied"));
}

TEST_CASE("a key goes to the edge, and one that is none is refused", "[http][recommendations]") {
  route_fixture routes;
  auto asked = recommend(R"({"genres":["rock"]})");
  asked.fields.emplace_back("Idempotency-Key", "\"0123456789abcdef\"");
  routes.ask(asked);
  CHECK(routes.told.submissions.at(0).idempotency_key == "0123456789abcdef");
  asked.fields.back().second = "short";
  auto kept = routes.ask(asked);
  REQUIRE(kept->failure_);
  CHECK(http::problem_of(*kept->failure_).status == 400);
  CHECK(routes.told.submissions.size() == 1);
}

TEST_CASE("a body that is no JSON is 400", "[http][recommendations]") {
  for (auto body : {"", "x", "{\"genres\":[\"rock\"]", "{\"budget_max\":NaN}", "{\"genres\":[\"\\ud800\"]}",
                    "{\"genres\":[\"\xff\"]}"})
    CHECK(refused(body).status == 400);
  std::string deep = "1";
  for (int i = 0; i < 20; ++i)
    deep = "{\"a\":" + deep + "}";
  CHECK(refused(deep).status == 400);
}

TEST_CASE("a body that breaks the rules is 422, and its fields are named", "[http][recommendations]") {
  const std::pair<std::string_view, std::string_view> mistakes[] = {
    {"[]", ""},
    {"{}", "/preferences"},
    {"null", ""},
    {R"({"preferences":{}})", "/preferences"},
    {R"({"preferences":[]})", "/preferences"},
    {R"({"preferences":{"genres":["rock"]},"mode":"later"})", "/mode"},
    {R"({"preferences":{"genres":["rock"]},"max_results":0})", "/max_results"},
    {R"({"preferences":{"genres":["rock"]},"max_results":21})", "/max_results"},
    {R"({"preferences":{"genres":["rock"]},"max_results":"5"})", "/max_results"},
    {R"({"preferences":{"genres":["rock"]},"limit":5})", "/limit"},
    {R"({"preferences":{"genres":["rock"],"tempo":5}})", "/preferences/tempo"},
    {R"({"preferences":{"sound_preferences":{"bass":2}}})", "/preferences/sound_preferences/bass"},
    {R"({"mode":"async"})", "/preferences"},
    {R"({"genres":["rock"],"tempo":5})", "/tempo"},
    {R"({"genres":["rock"],"mode":"async"})", "/genres"},
    {R"({"genres":["rock"],"genres":["jazz"]})", "/genres"},
    {R"({"budget_min":"5"})", "/budget_min"}};
  for (auto [body, pointer] : mistakes) {
    auto made = refused(std::string{body});
    CAPTURE(body, http::view(made.body));
    CHECK(made.status == 422);
    CHECK(made.content_type == "application/problem+json");
    CHECK(http::view(made.body).find("\"pointer\":\"" + std::string{pointer} + "\"")
          != std::string_view::npos);
  }
}

TEST_CASE("budgets that exclude each other are both named", "[http][recommendations]") {
  auto made = refused(R"({"preferences":{"budget_min":500,"budget_max":200}})");
  CHECK(made.status == 422);
  CHECK(http::view(made.body).find("/preferences/budget_min") != std::string_view::npos);
  CHECK(http::view(made.body).find("/preferences/budget_max") != std::string_view::npos);
}

TEST_CASE("an ended session is 200 with its document", "[http][recommendations]") {
  route_fixture routes;
  auto kept = routes.ask(recommend(R"({"genres":["rock"]})"));
  routes.told.submissions.at(0).answer(answer(2, true));
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 200);
  CHECK(http::view(kept->answer_->body) == "{\"document\":1}");
  CHECK_FALSE(header_of(*kept->answer_, "Location"));
}

TEST_CASE("a pending session is 202 with where it will be", "[http][recommendations]") {
  route_fixture routes;
  auto kept = routes.ask(recommend(R"({"genres":["rock"]})"));
  routes.told.submissions.at(0).answer(answer(0, false));
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 202);
  CHECK(header_of(*kept->answer_, "Location") == "/api/v1/recommendations/" + to_string(id));
  CHECK(header_of(*kept->answer_, "Retry-After"));
  CHECK(kept->answer_->cache == http::cache_policy::no_store);
}

TEST_CASE("an error of the edge is passed on", "[http][recommendations]") {
  route_fixture routes;
  auto submitted = routes.ask(recommend(R"({"genres":["rock"]})"));
  routes.told.submissions.at(0).answer(events::make_error(events::errc::overloaded, "full"));
  REQUIRE(submitted->failure_);
  CHECK(events::code_of(*submitted->failure_) == events::errc::overloaded);
  auto sought = routes.ask(session_path());
  routes.told.searches.at(0).answer(events::make_error(events::errc::not_found, "none"));
  REQUIRE(sought->failure_);
  CHECK(events::code_of(*sought->failure_) == events::errc::not_found);
}

TEST_CASE("a session in the cache is answered without the edge", "[http][recommendations]") {
  route_fixture routes;
  routes.parts.sessions->put_answer(id, answer(2, true), routes.clock->time);
  auto made = routes.answer(session_path());
  CHECK(made.status == 200);
  CHECK(header_of(made, "ETag") == "\"2\"");
  CHECK_FALSE(header_of(made, "Retry-After"));
  CHECK(made.cache == http::cache_policy::no_store);
  CHECK(routes.told.searches.empty());
}

TEST_CASE("a session that is not in the cache is asked of the edge", "[http][recommendations]") {
  route_fixture routes;
  auto kept = routes.ask(session_path());
  CHECK_FALSE(kept->answer_);
  REQUIRE(routes.told.searches.size() == 1);
  CHECK(routes.told.searches[0].id == id);
  routes.told.searches[0].answer(answer(1, false));
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 200);
  CHECK(header_of(*kept->answer_, "ETag") == "\"1\"");
  CHECK(header_of(*kept->answer_, "Retry-After"));
}

TEST_CASE("a session the client has is 304 without a body", "[http][recommendations]") {
  route_fixture routes;
  routes.parts.sessions->put_answer(id, answer(2, true), routes.clock->time);
  auto made = routes.answer(session_path("\"2\""));
  CHECK(made.status == 304);
  CHECK(http::view(made.body).empty());
  CHECK(made.content_type.empty());
  CHECK(header_of(made, "ETag") == "\"2\"");
  CHECK(routes.answer(session_path("\"1\"")).status == 200);
}

TEST_CASE("an id that is no UUID is 404", "[http][recommendations]") {
  route_fixture routes;
  CHECK(routes.answer({get, "/api/v1/recommendations/1"}).status == 404);
  CHECK(routes.told.searches.empty());
}
