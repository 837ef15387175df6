#include "events/error.hpp"
#include "http/head_scanner.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/query.hpp"
#include "http/router.hpp"
#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <stdexcept>

using namespace sonicmatch;
using namespace sonicmatch::http;

namespace {

handler nothing() {
  return [](const request&) { return response{}; };
}

request_data asking(method wanted, std::string_view path) {
  request_data data;
  data.method = wanted;
  data.path = path;
  return data;
}

} // namespace

TEST_CASE("a query gives its values decoded, repeated ones in order", "[http]") {
  auto query = query_parameters::parse("a=1&b=x%20y+z&a=%C3%A9&flag&&empty=");
  REQUIRE(query);
  CHECK(query->value("b") == "x y z");
  CHECK(query->values("a") == std::vector<std::string_view>{"1", "\xc3\xa9"});
  CHECK(query->value("flag") == "");
  CHECK(query->value("empty") == "");
  CHECK_FALSE(query->value("c"));
  auto moved = std::move(*query);
  CHECK(moved.value("b") == "x y z");
}

TEST_CASE("a query that can't be decoded is an error", "[http]") {
  for (auto text : {"a=%", "a=%4", "a=%zz", "%ff=1", "a=%00", "a=%0a"})
    CHECK_FALSE(query_parameters::parse(text));
  std::string many;
  for (std::size_t i = 0; i <= query_parameters_max; ++i)
    many += "a=1&";
  CHECK_FALSE(query_parameters::parse(many));
}

TEST_CASE("a router prefers literal segments and fills parameters", "[http]") {
  router routes;
  routes.get("/items/{id}", "one", nothing());
  routes.get("/items/first", "first", nothing());
  routes.post("/items/{id}/notes/{note}", "note", nothing());

  auto one = asking(method::head, "/items/7");
  auto found = routes.find(one);
  REQUIRE(found.target != nullptr);
  CHECK(found.target->operation_id == "one");
  CHECK(one.parameters[0].value == "7");

  auto first = asking(method::get, "/items/first");
  CHECK(routes.find(first).target->operation_id == "first");

  auto note = asking(method::post, "/items/7/notes/8");
  REQUIRE(routes.find(note).target != nullptr);
  CHECK(note.parameter_count == 2);
  CHECK(note.parameters[1].name == "note");
  CHECK(note.parameters[1].value == "8");

  for (auto path :
       {"/items", "/items/", "/items/7/", "/items/7/notes", "/items/7/notes/8/9", "/", "/other/7"}) {
    auto wrong = asking(method::get, path);
    CHECK(routes.find(wrong).target == nullptr);
    CHECK(routes.find(wrong).allowed.empty());
  }
  auto other_method = asking(method::put, "/items/7");
  CHECK(routes.find(other_method).allowed.join() == "GET, HEAD, OPTIONS");
}

TEST_CASE("a route that makes no sense is a mistake of the program", "[http]") {
  router routes;
  routes.get("/a", "a", nothing());
  CHECK_THROWS_AS(routes.get("/a", "again", nothing()), std::invalid_argument);
  CHECK_THROWS_AS(routes.get("a", "relative", nothing()), std::invalid_argument);
  CHECK_THROWS_AS(routes.get("/{a}/{b}/{c}/{d}/{e}", "many", nothing()), std::invalid_argument);
}

TEST_CASE("an encoded slash makes no segment and other escapes are decoded", "[http]") {
  tests::running_edge edge;
  auto escaped = tests::ask(edge.port(), "GET /it%65ms/a%2Fb%20c HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(escaped);
  CHECK(escaped->body == "a%2Fb c");
  auto absolute = tests::ask(edge.port(), "GET http://x/items/7?q=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(absolute);
  CHECK(absolute->body == "7");
  auto query = tests::ask(edge.port(), "GET /query?a=1&b=%41 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(query);
  CHECK(query->body == "a=1;b=A;");
}

TEST_CASE("Accept is weighed by the most exact range", "[http]") {
  constexpr std::string_view json = "application/json";
  CHECK(accepts("", json));
  CHECK(accepts("*/*", json));
  CHECK(accepts("text/html, application/*;q=0.2", json));
  CHECK(accepts("APPLICATION/JSON ; charset=utf-8", json));
  CHECK_FALSE(accepts("text/html", json));
  CHECK_FALSE(accepts("*/*, application/json;q=0.000", json));
  CHECK_FALSE(accepts("applicatio/*", json));
}

TEST_CASE("each error has one problem, and only the client's own show their detail", "[http]") {
  using events::errc;
  auto status = [](errc code) { return problem_of(events::make_error(code, "detail")).status; };
  CHECK(status(errc::unreadable_record) == 400);
  CHECK(status(errc::invalid_record) == 422);
  CHECK(status(errc::not_found) == 404);
  for (auto code : {errc::overloaded, errc::log_full, errc::log_unavailable, errc::store_unavailable,
                    errc::deadline_exceeded, errc::shutting_down}) {
    auto shown = problem_of(events::make_error(code, "inside"));
    CHECK(shown.status == 503);
    CHECK(shown.retry_after.has_value());
    CHECK(shown.detail.find("inside") == std::string::npos);
  }
  for (auto code : {errc::store_rejected, errc::checkpoint_conflict, errc::bad_configuration}) {
    auto shown = problem_of(events::make_error(code, "inside"));
    CHECK(shown.status == 500);
    CHECK(shown.detail.find("inside") == std::string::npos);
  }
}

TEST_CASE("a problem document is JSON whatever it has to say", "[http]") {
  auto data = std::make_shared<request_data>();
  data->target = "/a\"b\xff?secret";
  data->request_id = "id";
  problem shown{422, "invalid_request", "tab\tquote\" \xf0\x9f\x8e\xa7"};
  shown.errors = {{"/preferences/budget_min", "range", "too\nlarge"}, {"/b", "type", "c"}};
  auto made = to_response(shown, request{data});
  CHECK(view(made.body)
        == "{\"type\":\"about:blank\",\"title\":\"Unprocessable Content\",\"status\":422,"
           "\"detail\":\"tab\\tquote\\\" \xf0\x9f\x8e\xa7\","
           "\"instance\":\"/a%22b%FF\",\"code\":\"invalid_request\",\"request_id\":\"id\",\"errors\":["
           "{\"pointer\":\"/preferences/budget_min\",\"code\":\"range\",\"detail\":\"too\\nlarge\"},"
           "{\"pointer\":\"/b\",\"code\":\"type\",\"detail\":\"c\"}]}");
}

TEST_CASE("the end of a head is found however its bytes are cut", "[http]") {
  std::string_view head = "\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\nrest";
  head_scanner scanner;
  std::size_t seen = 0;
  auto verdict = head_scanner::verdict::need_more;
  while (verdict == head_scanner::verdict::need_more && seen < head.size())
    verdict = scanner.scan(head.substr(0, ++seen));
  CHECK(verdict == head_scanner::verdict::complete);
  CHECK(scanner.begin() == 2);
  CHECK(head.substr(scanner.end()) == "rest");
}
