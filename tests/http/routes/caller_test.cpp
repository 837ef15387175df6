#include "events/error.hpp"
#include "http/problem.hpp"
#include "http/routes/caller.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using events::errc;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

const auto id = tests::sample_id<events::session_id>();
const auto owner = tests::sample_id<events::user_id>(1);
const auto stranger = tests::sample_id<events::user_id>(2);

caf::expected<std::optional<events::user_id>> by_header(const http::request& asked) {
  auto sent = asked.header("authorization");
  if (!sent)
    return std::optional<events::user_id>{};
  if (*sent == "owner")
    return std::optional{owner};
  if (*sent == "stranger")
    return std::optional{stranger};
  return events::make_error(errc::unauthenticated, "no such token");
}

asking as(asking asked, const std::string& who) {
  if (!who.empty())
    asked.fields.emplace_back("Authorization", who);
  return asked;
}

asking session_path() {
  return {http::method::get, "/api/v1/recommendations/" + to_string(id), {}};
}

actors::session_answer owned() {
  actors::session_answer out{id, std::make_shared<const std::string>("{}"), {2}, true};
  out.origin.user = owner;
  return out;
}

} // namespace

TEST_CASE("without accounts nobody in particular asks", "[http][caller]") {
  route_fixture routes;
  CHECK_FALSE(*http::caller_of(routes.parts, tests::request_of(as(session_path(), "x"))));
  auto account = http::account_of(routes.parts, tests::request_of(session_path()));
  REQUIRE_FALSE(account);
  CHECK(events::code_of(account.error()) == errc::unauthenticated);
}

TEST_CASE("a 401 has a challenge", "[http][caller]") {
  auto made =
    http::problem_for(events::make_error(errc::unauthenticated, "no"), tests::request_of(session_path()));
  CHECK(made.status == 401);
  CHECK(header_of(made, "WWW-Authenticate") == "Bearer");
}

TEST_CASE("an invalid Authorization is refused wherever one is looked at", "[http][caller]") {
  route_fixture routes{by_header};
  for (const auto& asked : {session_path(), asking{http::method::get, session_path().target + "/events", {}},
                            asking{http::method::post, "/api/v1/recommend", R"({"genres":["rock"]})"},
                            asking{http::method::post, "/api/v1/explain",
                                   R"({"session_id":")" + to_string(id) + R"(","headphone_id":"a"})"}}) {
    auto kept = routes.ask(as(asked, "nonsense"));
    REQUIRE(kept->failure_);
    CHECK(events::code_of(*kept->failure_) == errc::unauthenticated);
  }
  CHECK(routes.told.submissions.empty());
}

TEST_CASE("a session of somebody is found by that person alone", "[http][caller]") {
  for (bool is_cached : {true, false})
    for (const auto& [who, sees] : {std::pair{"", false}, {"stranger", false}, {"owner", true}}) {
      route_fixture routes{by_header};
      if (is_cached)
        routes.parts.sessions->put_answer(id, owned(), routes.clock->time);
      auto kept = routes.ask(as(session_path(), who));
      if (!is_cached)
        routes.told.searches.at(0).answer(owned());
      CAPTURE(is_cached, who);
      CHECK(kept->answer_.has_value() == sees);
      if (!sees)
        CHECK(events::code_of(*kept->failure_) == errc::not_found);
    }
}

TEST_CASE("who is logged in owns what they ask for", "[http][caller]") {
  route_fixture routes{by_header};
  routes.ask(as({http::method::post, "/api/v1/recommend", R"({"genres":["rock"]})"}, "owner"));
  CHECK(routes.told.submissions.at(0).user == owner);
  routes.ask(as({http::method::post, "/api/v1/explain",
                 R"({"session_id":")" + to_string(id) + R"(","headphone_id":"a"})"},
                "owner"));
  CHECK(routes.told.explanations.at(0).asker == owner);
}
