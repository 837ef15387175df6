#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using tests::ask;
using tests::running_edge;

TEST_CASE("an allowed origin is echoed, on errors too", "[http]") {
  running_edge edge;
  for (std::string path : {"/hello", "/nowhere"}) {
    auto answer =
      ask(edge.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\nOrigin: http://localhost:3000\r\n\r\n");
    REQUIRE(answer);
    CHECK(answer->field("Access-Control-Allow-Origin") == "http://localhost:3000");
    CHECK(answer->field("Access-Control-Expose-Headers").find("X-Request-Id") != std::string::npos);
    CHECK(answer->field("Vary") == "Origin");
  }
}

TEST_CASE("another origin is not echoed, and the answer still varies by origin", "[http]") {
  running_edge edge;
  for (std::string fields : {"Origin: http://evil.example\r\n", "Origin: null\r\n", ""}) {
    auto answer = ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
    REQUIRE(answer);
    CHECK_FALSE(answer->has("Access-Control-Allow-Origin"));
    CHECK(answer->field("Vary") == "Origin");
  }
}

TEST_CASE("a preflight is answered at the edge with the methods of its path", "[http]") {
  running_edge edge;
  auto preflight = [&](const std::string& path, const std::string& origin) {
    return ask(edge.port(), "OPTIONS " + path + " HTTP/1.1\r\nHost: x\r\nOrigin: " + origin
                              + "\r\nAccess-Control-Request-Method: POST\r\n\r\n");
  };
  auto allowed = preflight("/later", "http://localhost:3000");
  REQUIRE(allowed);
  CHECK(allowed->status == 204);
  CHECK(allowed->field("Access-Control-Allow-Origin") == "http://localhost:3000");
  CHECK(allowed->field("Access-Control-Allow-Methods") == "GET, HEAD, POST, OPTIONS");
  CHECK(allowed->field("Access-Control-Allow-Headers").find("idempotency-key") != std::string::npos);
  CHECK(allowed->has("Access-Control-Max-Age"));

  auto refused = preflight("/later", "http://evil.example");
  REQUIRE(refused);
  CHECK(refused->status == 204);
  CHECK_FALSE(refused->has("Access-Control-Allow-Origin"));
  CHECK_FALSE(refused->has("Access-Control-Allow-Methods"));

  auto nowhere = preflight("/nowhere", "http://localhost:3000");
  REQUIRE(nowhere);
  CHECK(nowhere->status == 404);
}
