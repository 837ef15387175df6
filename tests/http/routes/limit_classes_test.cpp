#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;

TEST_CASE("every operation of the API counts under a rate, and health under none", "[http][routes]") {
  tests::route_fixture fixture;
  auto routes = http::make_router(fixture.parts);
  auto class_of = [&](std::string_view pattern) -> std::string_view {
    for (const auto* each : routes.routes())
      if (each->pattern == pattern)
        return each->limit_class;
    return "no such route";
  };
  CHECK(class_of("/api/v1/recommend") == "recommend");
  CHECK(class_of("/api/v1/explain") == "explain");
  CHECK(class_of("/api/v1/headphones") == "headphones");
  CHECK(class_of("/api/v1/headphones/{id_or_slug}") == "headphones");
  CHECK(class_of("/api/v1/recommendations/{session_id}") == "other");
  CHECK(class_of("/health/ready").empty());
  for (const auto* each : routes.routes())
    CHECK(each->limit_class.empty() != each->pattern.starts_with("/api/"));
}
