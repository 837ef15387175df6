#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using namespace std::string_literals;
using tests::ask;
using tests::raw_answer;
using tests::raw_http_client;
using tests::running_edge;

namespace {

bool is_problem(const raw_answer& answer, std::string_view code) {
  return answer.field("Content-Type") == "application/problem+json"
         && answer.body.find("\"code\":\"" + std::string{code} + '"') != std::string::npos
         && answer.body.find("\"request_id\":\"" + answer.field("X-Request-Id") + '"') != std::string::npos;
}

/// Sends `bytes` and checks that they are refused with `status` and the connection closed.
void check_refused(const std::string& bytes, int status) {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(bytes);
  auto answer = client.read_answer();
  INFO(bytes.substr(0, 200));
  REQUIRE(answer);
  CHECK(answer->status == status);
  CHECK(answer->field("Connection") == "close");
  CHECK(answer->field("Content-Type") == "application/problem+json");
  CHECK(client.is_closed());
}

} // namespace

TEST_CASE("an unknown path is 404 as a problem document", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /no\"where?secret=1 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 404);
  CHECK(is_problem(*answer, "not_found"));
  CHECK(answer->body.find("\"instance\":\"/no%22where\"") != std::string::npos);
}

TEST_CASE("a method a path does not have is 405 with Allow", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "DELETE /later HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 405);
  CHECK(answer->field("Allow") == "GET, HEAD, POST, OPTIONS");
  CHECK(is_problem(*answer, "method_not_allowed"));
}

TEST_CASE("OPTIONS tells the methods of a path and of the server", "[http]") {
  running_edge edge;
  auto path = ask(edge.port(), "OPTIONS /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(path);
  CHECK(path->status == 204);
  CHECK(path->field("Allow") == "GET, HEAD, OPTIONS");
  CHECK_FALSE(path->has("Content-Length"));
  auto server = ask(edge.port(), "OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(server);
  CHECK(server->status == 204);
  auto nowhere = ask(edge.port(), "OPTIONS /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(nowhere);
  CHECK(nowhere->status == 404);
}

TEST_CASE("a method nobody knows is 501", "[http]") {
  running_edge edge;
  for (std::string name : {"PROPFIND", "BREW"}) {
    auto answer = ask(edge.port(), name + " /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(answer);
    CHECK(answer->status == 501);
    CHECK(is_problem(*answer, "not_implemented"));
  }
}

TEST_CASE("TRACE is a method that no path has", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "TRACE /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 405);
  CHECK(answer->field("Allow") == "GET, HEAD, OPTIONS");
  auto nowhere = ask(edge.port(), "TRACE /nowhere HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(nowhere);
  CHECK(nowhere->status == 404);
}

TEST_CASE("an Accept that excludes what the route makes is 406", "[http]") {
  running_edge edge;
  auto ask_accepting = [&](const std::string& accept) {
    auto answer =
      ask(edge.port(), "POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAccept: " + accept
                         + "\r\nContent-Length: 2\r\n\r\n{}");
    return answer ? answer->status : 0;
  };
  CHECK(ask_accepting("text/html") == 406);
  CHECK(ask_accepting("application/json;q=0, text/html") == 406);
  CHECK(ask_accepting("text/html, */*;q=0.1") == 200);
}

TEST_CASE("a body of another type than the route reads is 415", "[http]") {
  running_edge edge;
  auto post = [&](const std::string& fields) {
    auto answer =
      ask(edge.port(), "POST /json HTTP/1.1\r\nHost: x\r\n" + fields + "Content-Length: 2\r\n\r\n{}");
    return answer ? answer->status : 0;
  };
  CHECK(post("Content-Type: application/json; charset=utf-8\r\n") == 200);
  CHECK(post("Content-Type: text/plain\r\n") == 415);
  CHECK(post("Content-Type: application/json; charset=latin1\r\n") == 415);
  CHECK(post("") == 415);
}

TEST_CASE("an expectation other than 100-continue is 417", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /hello HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 417);
}

TEST_CASE("a body too large by its length is 413 before it is sent", "[http]") {
  check_refused("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 65537\r\n\r\n", 413);
  check_refused(
    "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 99999999999\r\n\r\n", 413);
}

TEST_CASE("the refusal of a body reaches a client that is still sending it", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + std::string(100'000, 'x'));
  client.send(std::string(100'000, 'x'));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 413);
  CHECK(client.is_closed());
}

TEST_CASE("a chunked body is 413 as soon as it grows too large", "[http]") {
  std::string head = "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
  check_refused(head + "ffffffff\r\n", 413);
  check_refused(head + "10000\r\n" + std::string(0x10000, 'x') + "\r\n1\r\n", 413);
}

TEST_CASE("chunks that are mostly overhead are 413", "[http]") {
  http::server_settings settings = running_edge::quick_settings();
  settings.body_bytes_max = 1024;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  for (int i = 0; i < 100; ++i)
    client.send("1;padding=" + std::string(100, 'p') + "\r\nx\r\n");
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 413);
}

TEST_CASE("a chunk header without an end is 413", "[http]") {
  check_refused(
    "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;" + std::string(8'000, 'p'), 413);
}

TEST_CASE("a head too large or with too many fields is 431", "[http]") {
  check_refused("GET /hello HTTP/1.1\r\nHost: x\r\nX-Large: " + std::string(17 * 1024, 'x') + "\r\n\r\n",
                431);
  std::string many = "GET /hello HTTP/1.1\r\nHost: x\r\n";
  for (int i = 0; i < 101; ++i)
    many += "X-F: 1\r\n";
  check_refused(many + "\r\n", 431);
}

TEST_CASE("a target too long is 414", "[http]") {
  check_refused("GET /" + std::string(9'000, 'x') + " HTTP/1.1\r\nHost: x\r\n\r\n", 414);
}

TEST_CASE("what is not HTTP is 400", "[http]") {
  check_refused("HELLO\r\n\r\n", 400);
  check_refused("GET /hello\r\nHost: x\r\n\r\n", 400);
  check_refused("GET hello HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  check_refused("GET /hello HTTP/2.0\r\nHost: x\r\n\r\n", 400);
  check_refused("GET /hello HTTP/1.1\r\nHost: x\r\nNo colon\r\n\r\n", 400);
  check_refused("GET /hello HTTP/1.1\r\nHost: x\r\nSpace : 1\r\n\r\n", 400);
  check_refused("GET /hello HTTP/1.1\r\nHost: x\r\nNul: a\0b\r\n\r\n"s, 400);
  check_refused("GET /hello HTTP/1.1\r\n\r\n", 400);
  check_refused("GET /hello HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400);
  check_refused("\x16\x03\x01\x02\n", 400); // a TLS greeting
}

TEST_CASE("a path or query that is not percent-encoded UTF-8 is 400", "[http]") {
  check_refused("GET /%zz HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  check_refused("GET /%ff HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  check_refused("GET /a%00b HTTP/1.1\r\nHost: x\r\n\r\n", 400);
  running_edge edge;
  auto answer = ask(edge.port(), "GET /query?a=%c3%28 HTTP/1.1\r\nHost: x\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 400);
}
