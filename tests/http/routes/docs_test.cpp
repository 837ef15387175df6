#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

#include <simdjson.h>

#include <set>

using namespace sonicmatch;
using simdjson::dom::element;
using simdjson::dom::object;
using tests::asking;
using tests::header_of;
using tests::route_fixture;

namespace {

constexpr auto get = http::method::get;

/// The document, parsed, and every operation in it.
struct api {
  explicit api(route_fixture& routes)
    : text(http::view(routes.answer({get, "/openapi.json"}).body))
    , root(parser.parse(text)) {}

  template <class Visit>
  void for_each_operation(Visit visit) const {
    for (auto [path, methods] : object(root["paths"]))
      for (auto [method, operation] : object(methods)) {
        auto where = std::string{method} + ' ' + std::string{path};
        CAPTURE(where);
        visit(path, operation);
      }
  }

  simdjson::dom::parser parser;
  std::string text;
  element root;
};

bool has(element of, std::string_view name) {
  return of[name].error() == simdjson::SUCCESS;
}

bool has_text(element of, std::string_view name) {
  std::string_view text;
  return of[name].get(text) == simdjson::SUCCESS && !text.empty();
}

} // namespace

TEST_CASE("the document has every operation, once, with what a frontend needs", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  std::set<std::string_view> ids;
  document.for_each_operation([&](std::string_view, element operation) {
    CHECK(ids.insert(std::string_view{operation["operationId"]}).second);
    CHECK(has_text(operation, "summary"));
    CHECK(has_text(operation, "description"));
    CHECK(has(operation, "security"));
    std::set<std::string_view> statuses;
    for (auto [status, answer] : object(operation["responses"])) {
      statuses.insert(status);
      if (!has(answer, "$ref"))
        CHECK(has_text(answer, "description"));
      if (has(answer, "content"))
        for (auto [type, media] : object(answer["content"]))
          CHECK((has(media, "example") && (type == "text/event-stream" || has(media, "schema"))));
    }
    for (auto status : {"400", "406", "429", "500", "503"})
      CHECK(statuses.contains(status));
  });
  for (auto id : {"recommend", "find_recommendation", "explain", "list_headphones", "find_headphone",
                  "find_health", "find_readiness", "find_liveness"})
    CHECK(ids.contains(id));
  CHECK_FALSE(ids.contains("show_docs"));
}

TEST_CASE("each parameter and each body has an example", "[http][openapi]") {
  route_fixture routes;
  api{routes}.for_each_operation([](std::string_view, element operation) {
    if (has(operation, "parameters"))
      for (auto parameter : simdjson::dom::array(operation["parameters"])) {
        CAPTURE(std::string{std::string_view{parameter["name"]}});
        CHECK(has(parameter, "example"));
        CHECK(has(parameter, "schema"));
      }
    if (has(operation, "requestBody"))
      CHECK(has(operation["requestBody"]["content"]["application/json"], "example"));
  });
}

TEST_CASE("each tag, header and problem of the document has words", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  for (auto tag : simdjson::dom::array(document.root["tags"])) {
    CAPTURE(std::string{std::string_view{tag["name"]}});
    CHECK(has_text(tag, "description"));
  }
  for (auto kind : {"headers", "responses"})
    for (auto [name, described] : object(document.root["components"][kind])) {
      CAPTURE(std::string{name});
      CHECK(has_text(described, "description"));
    }
}

TEST_CASE("every reference of the document leads somewhere", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  constexpr std::string_view mark = R"("$ref":"#)";
  std::size_t found = 0;
  for (auto at = document.text.find(mark); at != std::string::npos; at = document.text.find(mark, at + 1)) {
    auto begin = at + mark.size();
    auto pointer = document.text.substr(begin, document.text.find('"', begin) - begin);
    CAPTURE(pointer);
    CHECK(document.root.at_pointer(pointer).error() == simdjson::SUCCESS);
    ++found;
  }
  CHECK(found > 50);
}

TEST_CASE("what a reader takes and a writer sends are two schemas where they differ", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  auto schemas = document.root["components"]["schemas"];
  CHECK(has(schemas["preferences"]["properties"]["budget_max"], "anyOf"));
  CHECK(std::string_view{schemas["shown_preferences"]["properties"]["budget_max"]["type"]} == "number");
  CHECK(std::string_view{schemas["recommendation"]["properties"]["preferences"]["$ref"]}
        == "#/components/schemas/shown_preferences");
  CHECK(std::string_view{schemas["recommend_request"]["properties"]["mode"]["allOf"].at(0)["default"]}
        == "sync");
}

TEST_CASE("query parameters are those that are read, with their bounds and defaults", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  std::map<std::string_view, element> known;
  for (auto each : simdjson::dom::array(document.root["paths"]["/api/v1/headphones"]["get"]["parameters"]))
    known[std::string_view{each["name"]}] = each;
  CHECK(std::string_view{known.at("type")["schema"]["type"]} == "array");
  CHECK(std::string_view{known.at("wireless")["schema"]["type"]} == "boolean");
  CHECK(std::uint64_t{known.at("page_size")["schema"]["maximum"]} == 100);
  CHECK(std::uint64_t{known.at("page_size")["schema"]["default"]} == 20);
  CHECK(std::string_view{known.at("sort")["schema"]["default"]} == "name");
}

TEST_CASE("the document's examples of requests are accepted", "[http][openapi]") {
  route_fixture routes;
  api document{routes};
  auto example = [&](std::string_view path) {
    return simdjson::minify(
      element{document.root["paths"][path]["post"]["requestBody"]["content"]["application/json"]["example"]});
  };
  routes.ask({http::method::post, "/api/v1/recommend", example("/api/v1/recommend")});
  CHECK(routes.told.submissions.size() == 1);
  routes.ask({http::method::post, "/api/v1/explain", example("/api/v1/explain")});
  CHECK(routes.told.explanations.size() == 1);
}

TEST_CASE("the document is not sent again to who has it", "[http][openapi]") {
  route_fixture routes;
  auto first = routes.answer({get, "/openapi.json"});
  CHECK(first.cache == http::cache_policy::revalidate);
  auto tag = header_of(first, "ETag");
  REQUIRE(tag);
  CHECK(routes.answer({get, "/openapi.json", {}, {{"If-None-Match", *tag}}}).status == 304);
}
