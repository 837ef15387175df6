#include "events/error.hpp"
#include "http/bearer.hpp"
#include "http/problem.hpp"
#include "tests/actors/accounts/plain_ports.hpp"
#include "tests/http/routes/account_fixture.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using tests::account_fixture;
using tests::asking;

namespace {

constexpr auto get = http::method::get;

asking with_token(http::method method, std::string target, std::string body = {}) {
  return {method, std::move(target), std::move(body), {{"Authorization", "Bearer ann"}}};
}

std::string text_of(const http::response& answer) {
  return std::string{http::view(answer.body)};
}

actors::ports::listed_session session(std::uint8_t n) {
  return {tests::sample_id<events::session_id>(n),
          {"{\"n\":" + std::to_string(n) + "}", {1}, true, {}, tests::sample_time() + n * 1s}};
}

/// The list of a user who has `count` sessions, newest first.
std::vector<actors::ports::listed_session> sessions(std::uint8_t count) {
  std::vector<actors::ports::listed_session> out;
  for (auto n = count; n > 0; --n)
    out.push_back(session(n));
  return out;
}

actors::accounts::refusal gone() {
  return {events::make_error(errc::unauthenticated, "gone"), {}, {}};
}

} // namespace

TEST_CASE("an account's routes need a token", "[http][users]") {
  account_fixture routes;
  for (const auto& asked :
       {asking{get, "/api/v1/users/me"}, asking{get, "/api/v1/users/me/recommendations"},
        asking{get, "/api/v1/users/me/export"},
        asking{http::method::delete_, "/api/v1/users/me", R"({"password":"right password"})"}}) {
    CAPTURE(asked.target);
    auto kept = routes.ask(asked);
    REQUIRE(kept->failure_);
    CHECK(events::code_of(*kept->failure_) == errc::unauthenticated);
  }
  CHECK(routes.desk.found.empty());
  CHECK(routes.desk.closed.empty());
}

TEST_CASE("an account is shown as the desk knows it", "[http][users]") {
  account_fixture routes;
  auto kept = routes.ask(with_token(get, "/api/v1/users/me"));
  CHECK(routes.desk.found.at(0).user == routes.ann);
  routes.desk.found[0].answer(routes.account());
  CHECK(kept->answer_->status == 200);
  CHECK(text_of(*kept->answer_).find(R"("email":"ann@example.com")") != std::string::npos);
  auto late = routes.ask(with_token(get, "/api/v1/users/me"));
  routes.desk.found.at(1).answer(gone());
  CHECK(events::code_of(*late->failure_) == errc::unauthenticated);
}

TEST_CASE("closing an account takes the password", "[http][users]") {
  account_fixture routes;
  CHECK(routes.answer(with_token(http::method::delete_, "/api/v1/users/me", "{}")).status == 422);
  auto kept =
    routes.ask(with_token(http::method::delete_, "/api/v1/users/me", R"({"password":"right password"})"));
  const auto& asked = routes.desk.closed.at(0);
  CHECK(asked.user == routes.ann);
  CHECK(asked.password.view() == "right password");
  asked.answer(actors::accounts::done{});
  CHECK(kept->answer_->status == 204);
}

TEST_CASE("recommendations come in pages that say where the next begins", "[http][users]") {
  account_fixture routes;
  auto kept = routes.ask(with_token(get, "/api/v1/users/me/recommendations?limit=2"));
  routes.desk.found.at(0).answer(routes.account());
  REQUIRE(routes.searches.size() == 1);
  CHECK(routes.searches[0].user == routes.ann);
  CHECK(routes.searches[0].count_max == 3);
  CHECK_FALSE(routes.searches[0].after);
  routes.searches[0].on_found(sessions(3));
  auto cursor = "2026-11-22T14:15:41.000000Z_" + to_string(session(2).id);
  CHECK(text_of(*kept->answer_) == R"({"items":[{"n":3},{"n":2}],"next_cursor":")" + cursor + "\"}");
  auto next = routes.ask(with_token(get, "/api/v1/users/me/recommendations?cursor=" + cursor));
  routes.desk.found.at(1).answer(routes.account());
  REQUIRE(routes.searches.at(1).after);
  CHECK(routes.searches[1].after->id == session(2).id);
  CHECK(routes.searches[1].after->created_at == session(2).session.created_at);
  routes.searches[1].on_found(sessions(1));
  CHECK(text_of(*next->answer_) == R"({"items":[{"n":1}]})");
}

TEST_CASE("a page of nobody's making is refused", "[http][users]") {
  account_fixture routes;
  for (const auto* query : {"limit=0", "limit=51", "limit=x", "limit=", "cursor=x", "cursor=", "page=2",
                            "cursor=2026-11-22T14:15:41.000000Z_1"})
    CHECK(routes.answer(with_token(get, std::string{"/api/v1/users/me/recommendations?"} + query)).status
          == 422);
  CHECK(routes.searches.empty());
}

TEST_CASE("a read model that is away is told", "[http][users]") {
  account_fixture routes;
  auto kept = routes.ask(with_token(get, "/api/v1/users/me/recommendations"));
  routes.desk.found.at(0).answer(routes.account());
  routes.searches.at(0).on_found(events::make_error(errc::store_unavailable, "away"));
  CHECK(events::code_of(*kept->failure_) == errc::store_unavailable);
}

TEST_CASE("an export has the account and all its sessions, in one document", "[http][users]") {
  account_fixture routes;
  auto kept = routes.ask(with_token(get, "/api/v1/users/me/export"));
  routes.desk.found.at(0).answer(routes.account());
  routes.searches.at(0).on_found(sessions(50));
  REQUIRE(routes.searches.size() == 2);
  CHECK(routes.searches[1].after->id == session(1).id);
  routes.searches[1].on_found(sessions(2));
  routes.settle();
  REQUIRE(routes.collections.size() == 1);
  CHECK(routes.collections[0].user == routes.ann);
  routes.collections[0].answer(actors::ports::personal_records{
    {R"({"explained":1})"},
    {{session(1).id, "sennheiser-hd-560s", events::feedback::kind::rated, 5, tests::sample_time()}}});
  REQUIRE(kept->answer_);
  auto text = text_of(*kept->answer_);
  CHECK(text.starts_with(R"({"exported_at":"2026-11-22T14:15:39.000000Z","account":{"id":")"));
  CHECK(text.find("password") == std::string::npos);
  CHECK(text.ends_with(R"({"n":2},{"n":1}],"explanations":[{"explained":1}],"feedback":[{"session_id":")"
                       + to_string(session(1).id)
                       + R"(","headphone":"sennheiser-hd-560s","kind":"rated","rating":5,)"
                         R"("created_at":"2026-11-22T14:15:39.000000Z"}],"complete":true})"));
}

TEST_CASE("more exports at once than memory allows are refused", "[http][users]") {
  account_fixture routes;
  std::vector<std::shared_ptr<tests::kept_answer>> running;
  for (int i = 0; i < 4; ++i)
    running.push_back(routes.ask(with_token(get, "/api/v1/users/me/export")));
  auto refused = routes.ask(with_token(get, "/api/v1/users/me/export"));
  CHECK(events::code_of(*refused->failure_) == errc::overloaded);
  for (auto& each : routes.desk.found)
    each.answer(gone());
  routes.desk.found.clear();
  auto again = routes.ask(with_token(get, "/api/v1/users/me/export"));
  CHECK_FALSE(again->failure_);
}

TEST_CASE("who asks is in a bearer token of the Authorization, and nowhere else", "[http][users]") {
  auto clock = std::make_shared<tests::set_clock>();
  auto tokens = std::make_shared<actors::accounts::access_tokens>(actors::accounts::token_rules{},
                                                                  std::make_shared<tests::plain_signer>());
  tests::counting_entropy entropy;
  auto ann = tests::sample_id<events::user_id>(1);
  auto token = *tokens->issue(ann, clock->time, entropy);
  auto find = http::make_caller_finder(tokens, clock);
  auto caller = [&](std::vector<std::pair<std::string, std::string>> fields, std::string target = "/") {
    return find(tests::request_of({get, std::move(target), {}, std::move(fields)}));
  };
  CHECK(*caller({{"Authorization", "Bearer " + token}}) == ann);
  CHECK(*caller({{"authorization", "bearer   " + token}}) == ann);
  CHECK_FALSE(*caller({}));
  CHECK_FALSE(*caller({{"Cookie", "access_token=" + token}}, "/?access_token=1"));
  for (const auto& text : {std::string{}, std::string{"Bearer"}, std::string{"Bearer "}, "Basic " + token,
                           token, "Bearer " + token + "x", "Bearer," + token, "BearerX " + token}) {
    auto found = caller({{"Authorization", text}});
    REQUIRE_FALSE(found);
    CHECK(events::code_of(found.error()) == errc::unauthenticated);
  }
  CHECK_FALSE(caller({{"Authorization", "Bearer " + token}, {"Authorization", "Bearer " + token}}));
  clock->time += 16min;
  CHECK_FALSE(caller({{"Authorization", "Bearer " + token}}));
}

TEST_CASE("a 401 says how to authenticate, and that the token was wrong when there was one",
          "[http][users]") {
  auto error = events::make_error(errc::unauthenticated, "no");
  auto with = http::problem_for(error, tests::request_of(with_token(get, "/api/v1/users/me")));
  CHECK(tests::header_of(with, "WWW-Authenticate") == "Bearer error=\"invalid_token\"");
  auto without = http::problem_for(error, tests::request_of({get, "/api/v1/users/me"}));
  CHECK(tests::header_of(without, "WWW-Authenticate") == "Bearer");
}
