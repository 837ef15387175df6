#include "http/request_identity.hpp"
#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using tests::ask;
using tests::running_edge;

namespace {

constexpr auto valid_parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

} // namespace

TEST_CASE("a sane request id is taken, echoed and given to the route", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /identity HTTP/1.1\r\nHost: x\r\nx-request-id: My_id-1.2\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->field("X-Request-Id") == "My_id-1.2");
  CHECK(answer->body.rfind("My_id-1.2 ", 0) == 0);
  CHECK(answer->body.find(" 127.0.0.1") != std::string::npos);
}

TEST_CASE("a request id that is not sane is replaced", "[http]") {
  running_edge edge;
  for (std::string sent : {"a b", "a;b", "<script>", "%0d%0aSet-Cookie:x", "\xc3\xa9", ""}) {
    auto answer = ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + sent + "\r\n\r\n");
    REQUIRE(answer);
    CHECK(answer->field("X-Request-Id").size() == 36);
    CHECK_FALSE(answer->has("Set-Cookie"));
  }
  auto longest = std::string(129, 'a');
  auto answer = ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: " + longest + "\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->field("X-Request-Id").size() == 36);
}

TEST_CASE("a line end in a request id injects nothing", "[http]") {
  running_edge edge;
  auto answer =
    ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\nX-Request-Id: a\rSet-Cookie: stolen=1\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 400);
  CHECK_FALSE(answer->has("Set-Cookie"));
}

TEST_CASE("a request without an id gets a new one, on errors too", "[http]") {
  running_edge edge;
  auto first = ask(edge.port(), "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  auto second = ask(edge.port(), "GARBAGE\r\n\r\n");
  REQUIRE(first);
  REQUIRE(second);
  CHECK(first->field("X-Request-Id").size() == 36);
  CHECK(second->field("X-Request-Id").size() == 36);
  CHECK(first->field("X-Request-Id") != second->field("X-Request-Id"));
}

TEST_CASE("a valid traceparent is passed along and another one made anew", "[http]") {
  running_edge edge;
  auto kept = ask(edge.port(), std::string{"GET /identity HTTP/1.1\r\nHost: x\r\ntraceparent: "}
                                 + valid_parent + "\r\n\r\n");
  REQUIRE(kept);
  CHECK(kept->body.find(valid_parent) != std::string::npos);
  auto made = ask(edge.port(), "GET /identity HTTP/1.1\r\nHost: x\r\ntraceparent: nonsense\r\n\r\n");
  REQUIRE(made);
  CHECK(made->body.find("nonsense") == std::string::npos);
  CHECK(made->body.find(" 00-") != std::string::npos);
}

TEST_CASE("traceparents are read as W3C Trace Context says", "[http]") {
  std::array<char, 55> out{};
  auto is_taken = [&](std::string text) { return http::take_traceparent(text, out); };
  std::string valid = valid_parent;
  CHECK(is_taken(valid));
  CHECK(is_taken("cc" + valid.substr(2)));
  CHECK(std::string_view{out.data(), 2} == "00");
  CHECK(is_taken("cc" + valid.substr(2) + "-future"));
  CHECK_FALSE(is_taken(valid + "-future"));
  CHECK_FALSE(is_taken("cc" + valid.substr(2) + "future"));
  CHECK_FALSE(is_taken("ff" + valid.substr(2)));
  CHECK_FALSE(is_taken("00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01"));
  CHECK_FALSE(is_taken("00-" + std::string(32, '0') + "-00f067aa0ba902b7-01"));
  CHECK_FALSE(is_taken("00-4bf92f3577b34da6a3ce929d0e0e4736-" + std::string(16, '0') + "-01"));
  CHECK_FALSE(is_taken(""));
  http::make_traceparent(out);
  CHECK(is_taken({out.data(), out.size()}));
}
