#include "events/error.hpp"
#include "tests/http/routes/account_fixture.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::account_fixture;
using tests::header_of;

namespace {

constexpr auto post = http::method::post;

const std::string credentials = R"({"email":" Ann@Example.com","password":"right password"})";

std::string text_of(const http::response& answer) {
  return std::string{http::view(answer.body)};
}

} // namespace

TEST_CASE("registering hands the desk what is normalised, and answers with tokens", "[http][accounts]") {
  account_fixture routes;
  auto kept =
    routes.ask({post, "/api/v1/auth/register",
                R"({"email":" Ann@Example.COM ","password":"right password","display_name":" Ann "})"});
  REQUIRE(routes.desk.opened.size() == 1);
  const auto& asked = routes.desk.opened[0];
  CHECK(asked.email == "ann@example.com");
  CHECK(asked.password.view() == "right password");
  CHECK(asked.display_name == "Ann");
  CHECK(asked.asked_at == routes.clock->time);
  asked.answer(routes.granted());
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 201);
  CHECK(header_of(*kept->answer_, "Location") == "/api/v1/users/me");
  CHECK(kept->answer_->cache == http::cache_policy::no_store);
  CHECK(
    text_of(*kept->answer_)
    == R"({"user":{"id":")" + to_string(routes.ann)
         + R"(","email":"ann@example.com","display_name":"Ann",)"
           R"("created_at":"2026-11-22T14:15:39.000000Z"},"access_token":"access","refresh_token":"refresh",)"
           R"("token_type":"Bearer","expires_in":900})");
}

TEST_CASE("what cannot be an account is refused at every wrong field", "[http][accounts]") {
  account_fixture routes;
  auto made = routes.answer(
    {post, "/api/v1/auth/register", R"({"email":"ann","password":"1234567890","display_name":"a\u0007"})"});
  CHECK(made.status == 422);
  for (const auto* pointer : {"/email", "/password", "/display_name"})
    CHECK(text_of(made).find("\"pointer\":\"" + std::string{pointer} + "\"") != std::string::npos);
  CHECK(text_of(made).find("1234567890") == std::string::npos);
  CHECK(routes.answer({post, "/api/v1/auth/register", "{}"}).status == 422);
  CHECK(routes.answer({post, "/api/v1/auth/register", "x"}).status == 400);
  CHECK(routes
          .answer({post, "/api/v1/auth/register",
                   R"({"email":"ann@example.com","password":"right password","is_admin":true})"})
          .status
        == 422);
  CHECK(routes.desk.opened.empty());
}

TEST_CASE("an e-mail that is taken is 409 at its field", "[http][accounts]") {
  account_fixture routes;
  auto kept = routes.ask({post, "/api/v1/auth/register", credentials});
  routes.desk.opened.at(0).answer(
    actors::accounts::refusal{events::make_error(events::errc::already_exists, "taken"),
                              {{"/email", "already_exists", "belongs to one"}},
                              {}});
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 409);
  CHECK(text_of(*kept->answer_).find(R"("code":"already_exists")") != std::string::npos);
  CHECK(text_of(*kept->answer_).find(R"("pointer":"/email")") != std::string::npos);
}

TEST_CASE("a login is answered with tokens, a wrong one as the desk says", "[http][accounts]") {
  account_fixture routes;
  auto right = routes.ask({post, "/api/v1/auth/login", credentials});
  auto wrong = routes.ask({post, "/api/v1/auth/login", credentials});
  REQUIRE(routes.desk.logged_in.size() == 2);
  CHECK(routes.desk.logged_in[0].email == "ann@example.com");
  routes.desk.logged_in[0].answer(routes.granted());
  routes.desk.logged_in[1].answer(
    actors::accounts::refusal{events::make_error(events::errc::unauthenticated, "wrong"), {}, {}});
  CHECK(right->answer_->status == 200);
  REQUIRE(wrong->failure_);
  CHECK(events::code_of(*wrong->failure_) == events::errc::unauthenticated);
  CHECK(routes.answer({post, "/api/v1/auth/login", R"({"email":"ann","password":"right password"})"}).status
        == 422);
}

TEST_CASE("too many wrong passwords are 429 with how long to wait", "[http][accounts]") {
  account_fixture routes;
  auto kept = routes.ask({post, "/api/v1/auth/login", credentials});
  routes.desk.logged_in.at(0).answer(
    actors::accounts::refusal{events::make_error(events::errc::over_the_rate, "too many"), {}, 61s});
  REQUIRE(kept->answer_);
  CHECK(kept->answer_->status == 429);
  CHECK(header_of(*kept->answer_, "Retry-After") == "61");
  CHECK(text_of(*kept->answer_).find("quota-exceeded") != std::string::npos);
}

TEST_CASE("refresh tokens are handed on as they are", "[http][accounts]") {
  account_fixture routes;
  auto refreshed = routes.ask({post, "/api/v1/auth/refresh", R"({"refresh_token":"abc"})"});
  CHECK(routes.desk.refreshed.at(0).refresh_token == "abc");
  routes.desk.refreshed[0].answer(routes.granted());
  CHECK(refreshed->answer_->status == 200);
  auto ended = routes.ask({post, "/api/v1/auth/logout", R"({"refresh_token":"abc"})"});
  CHECK(routes.desk.logged_out.at(0).refresh_token == "abc");
  routes.desk.logged_out[0].answer(actors::accounts::done{});
  CHECK(ended->answer_->status == 204);
  CHECK(text_of(*ended->answer_).empty());
  CHECK(routes.answer({post, "/api/v1/auth/refresh", "{}"}).status == 422);
  CHECK(routes.answer({post, "/api/v1/auth/logout", R"({"refresh_token":""})"}).status == 422);
}
