#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::ask;
using tests::raw_answer;
using tests::running_edge;

namespace {

http::server_settings limited(std::uint32_t requests_max, std::chrono::seconds window = 1min) {
  auto settings = running_edge::quick_settings();
  settings.rates = {{"limited", {requests_max, window}}};
  settings.trusted_proxies = {http::ip_network::parse("127.0.0.1").value()};
  return settings;
}

raw_answer ask_limited(const running_edge& edge, const std::string& fields = {}) {
  auto answer = ask(edge.port(), "GET /limited HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
  REQUIRE(answer);
  return *answer;
}

} // namespace

TEST_CASE("a route over its rate answers 429 with a problem and when to come back", "[http]") {
  running_edge edge{limited(2)};
  auto first = ask_limited(edge);
  CHECK(first.status == 200);
  CHECK(first.field("RateLimit-Policy") == "\"default\";q=2;w=60");
  CHECK(first.field("RateLimit") == "\"default\";r=1;t=60");
  CHECK(first.field("X-RateLimit-Limit") == "2");
  CHECK(first.field("X-RateLimit-Remaining") == "1");
  CHECK(first.has("X-RateLimit-Reset"));
  CHECK(ask_limited(edge).status == 200);
  auto refused = ask_limited(edge, "Origin: http://localhost:3000\r\n");
  CHECK(refused.status == 429);
  CHECK(refused.field("Content-Type") == "application/problem+json");
  CHECK(refused.body.find("\"type\":\"https://iana.org/assignments/http-problem-types#quota-exceeded\"")
        != std::string::npos);
  CHECK(refused.body.find("\"code\":\"quota_exceeded\"") != std::string::npos);
  CHECK(refused.field("Retry-After") == "60");
  CHECK(refused.field("RateLimit") == "\"default\";r=0;t=60");
  CHECK(refused.field("X-RateLimit-Remaining") == "0");
  CHECK(refused.field("Cache-Control") == "no-store");
  auto exposed = refused.field("Access-Control-Expose-Headers");
  for (auto name : {"RateLimit,", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining",
                    "X-RateLimit-Reset", "Retry-After"})
    CHECK(exposed.find(name) != std::string::npos);
}

TEST_CASE("a client is served again once it has waited", "[http]") {
  running_edge edge{limited(1, 1s)};
  auto begun = std::chrono::steady_clock::now();
  CHECK(ask_limited(edge).status == 200);
  CHECK(ask_limited(edge).status == 429);
  while (ask_limited(edge).status == 429)
    REQUIRE(std::chrono::steady_clock::now() - begun < 5s);
  CHECK(std::chrono::steady_clock::now() - begun >= 1s - 1ms); // times are kept in milliseconds
}

TEST_CASE("every answer of a limited route tells the quota, refusals too", "[http]") {
  running_edge edge{limited(10)};
  CHECK(ask_limited(edge, "Accept: text/html\r\n").status == 406);
  auto refused = ask_limited(edge, "Accept: text/html\r\n");
  CHECK(refused.field("RateLimit") == "\"default\";r=8;t=60");
  tests::raw_http_client client{edge.port()};
  client.send("HEAD /limited HTTP/1.1\r\nHost: x\r\n\r\n");
  auto of_head = client.read_answer(true);
  REQUIRE(of_head);
  CHECK(of_head->has("RateLimit"));
}

TEST_CASE("the quota of one request is not told with the next", "[http]") {
  running_edge edge{limited(10)};
  tests::raw_http_client client{edge.port()};
  client.send("GET /limited HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n"
              "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  for (bool told : {true, false, false}) {
    auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->has("RateLimit") == told);
    CHECK(answer->has("X-RateLimit-Limit") == told);
  }
}

TEST_CASE("a preflight and another method do not count", "[http]") {
  running_edge edge{limited(1)};
  for (std::string method : {"OPTIONS", "DELETE"}) {
    auto answer = ask(edge.port(), method
                                     + " /limited HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\n"
                                       "Access-Control-Request-Method: GET\r\n\r\n");
    REQUIRE(answer);
    CHECK_FALSE(answer->has("RateLimit"));
  }
  CHECK(ask_limited(edge).status == 200);
}

TEST_CASE("clients behind a trusted proxy are counted each alone", "[http]") {
  running_edge edge{limited(1)};
  CHECK(ask_limited(edge, "X-Forwarded-For: 192.0.2.1\r\n").status == 200);
  CHECK(ask_limited(edge, "X-Forwarded-For: 192.0.2.1\r\n").status == 429);
  CHECK(ask_limited(edge, "X-Forwarded-For: 192.0.2.2\r\n").status == 200);
  CHECK(ask_limited(edge, "X-Forwarded-For: 2001:db8::1\r\n").status == 200);
  CHECK(ask_limited(edge, "X-Forwarded-For: 2001:db8::2\r\n").status == 429);
  CHECK(ask_limited(edge, "X-Forwarded-For: 9.9.9.9, 192.0.2.2\r\n").status == 429);
  CHECK(ask_limited(edge).status == 200);
}

TEST_CASE("what a client that is no trusted proxy says of itself is not believed", "[http]") {
  auto settings = limited(1);
  settings.trusted_proxies = {http::ip_network::parse("10.0.0.0/8").value()};
  running_edge edge{settings};
  CHECK(ask_limited(edge, "X-Forwarded-For: 192.0.2.1\r\n").status == 200);
  CHECK(ask_limited(edge, "X-Forwarded-For: 192.0.2.2\r\n").status == 429);
}

TEST_CASE("a handler sees the address of the client behind a trusted proxy", "[http]") {
  running_edge edge{limited(1)};
  auto seen = [&](const std::string& fields) {
    auto answer = ask(edge.port(), "GET /identity HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    REQUIRE(answer);
    return answer->body.substr(answer->body.rfind(' ') + 1);
  };
  CHECK(seen("X-Forwarded-For: 192.0.2.1\r\nX-Forwarded-For: 127.0.0.1\r\n") == "192.0.2.1");
  CHECK(seen("") == "127.0.0.1");
}
