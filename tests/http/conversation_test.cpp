#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using tests::ask;
using tests::raw_http_client;
using tests::running_edge;

TEST_CASE("a connection serves one request after another", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  for (int i = 0; i < 3; ++i) {
    client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 200);
    CHECK(answer->body == "hello");
    CHECK_FALSE(answer->has("Connection"));
  }
}

TEST_CASE("three pipelined requests are answered in their order", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /items/1 HTTP/1.1\r\nHost: x\r\n\r\n"
              "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\ntwo"
              "GET /items/3 HTTP/1.1\r\nHost: x\r\n\r\n");
  for (std::string expected : {"1", "two", "3"}) {
    auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == expected);
  }
}

TEST_CASE("a request pipelined behind an asynchronous one waits for its turn", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  auto held = edge.later().next();
  REQUIRE(held);
  held->second(http::json_response(std::string{"\"later\""}));
  auto first = client.read_answer();
  REQUIRE(first);
  CHECK(first->body == "\"later\"");
  auto second = client.read_answer();
  REQUIRE(second);
  CHECK(second->body == "hello");
  CHECK(held->first.target() == "/later"); // what a handler keeps is not written over
}

TEST_CASE("a request that comes byte by byte is understood", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  for (char byte : std::string_view{"\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    "2;name=value\r\nab\r\n1\r\nc\r\n0\r\nTrailer: x\r\n\r\n"})
    REQUIRE(client.send({&byte, 1}));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "abc");
}

TEST_CASE("a head of several kilobytes keeps its fields and its body", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nX-Filler: " + std::string(9'000, 'f')
              + "\r\nX-Request-Id: kept\r\nContent-Length: 60000\r\n\r\n");
  client.send(std::string(60'000, 'b'));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->field("X-Request-Id") == "kept");
  CHECK(answer->body == std::string(60'000, 'b'));
}

TEST_CASE("an answer larger than the socket's buffer arrives whole", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  auto large = client.read_answer();
  REQUIRE(large);
  CHECK(large->body == std::string(4 << 20, 'l'));
  auto next = client.read_answer();
  REQUIRE(next);
  CHECK(next->body == "hello");
}

TEST_CASE("HEAD has the head of GET and no body", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("HEAD /shared HTTP/1.1\r\nHost: x\r\n\r\n");
  auto answer = client.read_answer(true);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->field("Content-Length") == "11");
  client.send("GET /shared HTTP/1.1\r\nHost: x\r\n\r\n");
  auto next = client.read_answer();
  REQUIRE(next);
  CHECK(next->body == "shared body");
}

TEST_CASE("HTTP/1.0 is answered and closed, or kept when asked to", "[http]") {
  running_edge edge;
  raw_http_client once{edge.port()};
  once.send("GET /hello HTTP/1.0\r\n\r\n");
  auto answer = once.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "hello");
  CHECK(answer->field("Connection") == "close");
  CHECK(once.is_closed());

  raw_http_client kept{edge.port()};
  for (int i = 0; i < 2; ++i) {
    kept.send("GET /hello HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    answer = kept.read_answer();
    REQUIRE(answer);
    CHECK(answer->field("Connection") == "keep-alive");
  }
}

TEST_CASE("Connection: close closes after the answer", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->field("Connection") == "close");
  CHECK(client.is_closed());
}

TEST_CASE("a client that has stopped sending still gets its answer", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  client.finish_sending();
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "hello");
  CHECK(client.is_closed());
}

TEST_CASE("who asks whether to send the body is told to go on", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  CHECK(client.read_head() == "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("body");
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "body");
}

TEST_CASE("who asks whether to send the body to nowhere is told no at once", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(client.is_closed());
}

TEST_CASE("every answer carries the security fields, a date and no-store unless the route says more",
          "[http]") {
  running_edge edge;
  auto plain = ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(plain);
  CHECK(plain->field("X-Content-Type-Options") == "nosniff");
  CHECK(plain->field("Content-Security-Policy") == "frame-ancestors 'none'");
  CHECK(plain->field("Referrer-Policy") == "no-referrer");
  CHECK(plain->field("Cache-Control") == "no-store");
  CHECK(plain->field("Date").size() == std::string_view{"Sun, 22 Nov 2026 14:15:39 GMT"}.size());

  auto page = ask(edge.port(), "GET /page HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(page);
  CHECK(page->field("Content-Security-Policy") == "default-src 'self'");
  CHECK(page->field("Cache-Control") == "no-cache");
  CHECK(page->field("ETag") == "\"1\"");

  auto missing = ask(edge.port(), "GET /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(missing);
  CHECK(missing->field("X-Content-Type-Options") == "nosniff");
  CHECK(missing->field("Cache-Control") == "no-store");
}

TEST_CASE("a header value with a line end never leaves the server", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /injects HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 500);
  CHECK_FALSE(answer->has("Set-Cookie"));
  CHECK(edge.log().comes("control character"));
}

TEST_CASE("a route that throws is a 500 that says nothing, and a line in the log", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /throws HTTP/1.1\r\nHost: x\r\nX-Request-Id: find-me\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 500);
  CHECK(answer->body.find("secret") == std::string::npos);
  CHECK(answer->body.find("\"request_id\":\"find-me\"") != std::string::npos);
  CHECK(edge.log().comes("request_id=find-me path=/throws error=secret of the inside"));
}
