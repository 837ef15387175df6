#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

#include <simdjson.h>

using namespace sonicmatch;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

constexpr auto get = http::method::get;

asking list(std::string query = {}, std::string tag = {}) {
  asking out{get, "/api/v1/headphones" + (query.empty() ? "" : "?" + query)};
  if (!tag.empty())
    out.fields.emplace_back("If-None-Match", tag);
  return out;
}

std::vector<events::catalog::headphone> numbered(int count) {
  std::vector<events::catalog::headphone> out;
  for (int i = 0; i < count; ++i) {
    out.push_back(tests::sample_headphone("h-" + std::to_string(100 + i)));
    out.back().model = std::to_string(100 + i);
  }
  return out;
}

struct page {
  explicit page(const http::response& from) {
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(std::string{http::view(from.body)});
    for (simdjson::dom::element each : simdjson::dom::array(root["items"]))
      slugs.emplace_back(std::string_view{each["slug"]});
    total = std::uint64_t{root["total"]};
    number = std::uint64_t{root["page"]};
    size = std::uint64_t{root["page_size"]};
  }

  std::vector<std::string> slugs;
  std::uint64_t total = 0;
  std::uint64_t number = 0;
  std::uint64_t size = 0;
};

} // namespace

TEST_CASE("before the catalog is loaded headphones are 503", "[http][headphones]") {
  route_fixture routes;
  for (const auto& asked : {list(), asking{get, "/api/v1/headphones/x"}}) {
    auto made = routes.answer(asked);
    CHECK(made.status == 503);
    CHECK(header_of(made, "Retry-After"));
  }
}

TEST_CASE("headphones come in pages", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(45));
  page first{routes.answer(list())};
  CHECK(first.total == 45);
  CHECK(first.number == 1);
  CHECK(first.size == 20);
  REQUIRE(first.slugs.size() == 20);
  CHECK(first.slugs.front() == "h-100");
  page last{routes.answer(list("page=3"))};
  CHECK(last.slugs == std::vector<std::string>{"h-140", "h-141", "h-142", "h-143", "h-144"});
  page beyond{routes.answer(list("page=1000000&page_size=100"))};
  CHECK(beyond.slugs.empty());
  CHECK(beyond.total == 45);
}

TEST_CASE("every headphone is on exactly one page", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(45));
  for (int size : {1, 7, 45, 100}) {
    std::vector<std::string> seen;
    for (int number = 1; seen.size() < 45 && number <= 45; ++number) {
      page part{routes.answer(
        list("sort=price&page=" + std::to_string(number) + "&page_size=" + std::to_string(size)))};
      seen.insert(seen.end(), part.slugs.begin(), part.slugs.end());
    }
    std::sort(seen.begin(), seen.end());
    CHECK(seen.size() == 45);
    CHECK(std::adjacent_find(seen.begin(), seen.end()) == seen.end());
  }
}

TEST_CASE("a page is the same from the cache, until the catalog changes", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(3), 7);
  auto made = routes.answer(list("sort=price"));
  auto again = routes.answer(list("sort=price"));
  CHECK(http::view(made.body) == http::view(again.body));
  CHECK(std::get<1>(made.body) == std::get<1>(again.body));
  routes.publish(numbered(4), 8);
  CHECK(page{routes.answer(list("sort=price"))}.total == 4);
}

TEST_CASE("a page's tag follows the catalog's version", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(3), 7);
  auto made = routes.answer(list());
  CHECK(header_of(made, "ETag") == "\"catalog-7\"");
  CHECK(made.cache == http::cache_policy::revalidate);
  auto unchanged = routes.answer(list({}, "\"catalog-7\""));
  CHECK(unchanged.status == 304);
  CHECK(http::view(unchanged.body).empty());
  CHECK(unchanged.cache == http::cache_policy::revalidate);
  routes.publish(numbered(3), 8);
  CHECK(routes.answer(list({}, "\"catalog-7\"")).status == 200);
}

TEST_CASE("a wrong query is refused, and is not kept", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(3));
  for (int i = 0; i < 2; ++i) {
    auto made = routes.answer(list("page=0&type=x"));
    CHECK(made.status == 422);
    CHECK(http::view(made.body).find("\"pointer\":\"page\"") != std::string_view::npos);
    CHECK(http::view(made.body).find("\"pointer\":\"type\"") != std::string_view::npos);
    CHECK(routes.answer(list("q=%zz")).status == 400);
  }
}

TEST_CASE("a headphone is found by slug and by id, with its measurement and sources", "[http][headphones]") {
  route_fixture routes;
  routes.publish(numbered(3));
  for (const auto& name : {std::string{"h-101"}, to_string(events::headphone_id_of("h-101"))}) {
    auto made = routes.answer({get, "/api/v1/headphones/" + name});
    CHECK(made.status == 200);
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(std::string{http::view(made.body)});
    CHECK(std::string_view{root["slug"]} == "h-101");
    CHECK(double{root["measured"]["preference_score"]} == 97.5);
    CHECK(std::string_view{root["sources"]["signature"]["measured_by"]} == "oratory1990");
    CHECK(header_of(made, "ETag"));
  }
  CHECK(routes.answer({get, "/api/v1/headphones/h-999"}).status == 404);
}
