#include "http/routes/reading.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::http;
using tests::request_of;

namespace {

request with(std::string name, std::string value) {
  return request_of({method::get, "/", {}, {{std::move(name), std::move(value)}}});
}

} // namespace

TEST_CASE("a tag is matched among others, weak or strong, or by a star", "[http][reading]") {
  constexpr std::string_view tag = "\"7\"";
  for (auto value : {"\"7\"", "W/\"7\"", "\"1\", \"7\"", "\"1\",\"7\" ,\"8\"", "*", " \"7\" "})
    CHECK(matches_etag(with("If-None-Match", value), tag));
  for (auto value : {"", "7", "\"77\"", "\"1\", \"8\"", "w/\"7\"", "\"7", "**"})
    CHECK_FALSE(matches_etag(with("If-None-Match", value), tag));
  CHECK(matches_etag(with("if-none-match", "\"7\""), tag));
  CHECK_FALSE(matches_etag(with("If-Match", "\"7\""), tag));
  CHECK_FALSE(matches_etag(request_of({method::get, "/"}), tag));
}

TEST_CASE("the members of a header come from all its fields, in order", "[http][reading]") {
  auto asked =
    request_of({method::get, "/", {}, {{"Prefer", " a, b;x=1 ,"}, {"Other", "c"}, {"PREFER", "d"}}});
  CHECK(members_of(asked, "prefer") == std::vector<std::string_view>{"a", "b;x=1", "d"});
  CHECK(members_of(asked, "absent").empty());
}

TEST_CASE("a body that is no JSON is 400 and one that breaks the rules 422", "[http][reading]") {
  auto asked = request_of({method::post, "/api/v1/recommend"});
  CHECK(refuse({{"", "malformed", "is not valid JSON"}}, asked).status == 400);
  CHECK(refuse({{"", "too_deep", "is nested more than 16 levels deep"}}, asked).status == 400);
  CHECK(refuse({{"/a", "wrong_type", "must be a string"}}, asked).status == 422);
}

TEST_CASE("a refusal lists every wrong field", "[http][reading]") {
  auto made = refuse({{"/a", "required", "is missing"}, {"/b/0", "wrong_type", "must be a string"}},
                     request_of({method::post, "/api/v1/recommend"}));
  auto body = view(made.body);
  CHECK(made.content_type == "application/problem+json");
  CHECK(body.find("The request has 2 wrong fields.") != std::string_view::npos);
  CHECK(body.find(R"({"pointer":"/a","code":"required","detail":"is missing"})") != std::string_view::npos);
  CHECK(body.find(R"("pointer":"/b/0")") != std::string_view::npos);
}
