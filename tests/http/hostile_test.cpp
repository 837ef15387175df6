#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <chrono>
#include <deque>
#include <thread>

using namespace sonicmatch;
using namespace std::chrono_literals;
using namespace std::string_literals;
using tests::ask;
using tests::raw_http_client;
using tests::running_edge;

namespace {

using clock_type = std::chrono::steady_clock;

/// How long an ordinary client may wait while others do their worst. Generous: the
/// machine has other work.
constexpr auto served_within = 2s;

const std::string hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

/// Sees that an ordinary client is served, on a connection of its own.
void check_served(const running_edge& edge) {
  auto begun = clock_type::now();
  auto answer = ask(edge.port(), hello);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(clock_type::now() - begun < served_within);
}

void send_pipelined(raw_http_client& client, const std::string& bytes, int times) {
  std::string all;
  for (int i = 0; i < times; ++i)
    all += bytes;
  client.send(all);
}

/// Sends `piece` over and over until there is an answer, at the speed that lets it come;
/// false when there is none after several times what a request may have.
bool is_answered_while_sending(raw_http_client& client, const std::string& piece) {
  constexpr std::size_t breath = 4'096;
  constexpr std::size_t enough = 2U << 20;
  std::size_t unanswered = 0;
  for (std::size_t sent = 0; sent < enough && client.send(piece); sent += piece.size()) {
    unanswered += piece.size();
    if (unanswered < breath)
      continue;
    unanswered = 0;
    if (client.has_news(1ms))
      return true;
  }
  return client.has_news(raw_http_client::patience);
}

/// Clients that have each sent a beginning, and go on with a byte at a time until the
/// server has had enough of them all; an ordinary client is served meanwhile.
void check_slow_senders(running_edge& edge, const std::string& beginning, bool is_told_to_go_on = false) {
  constexpr std::size_t senders = 400;
  std::deque<raw_http_client> slow;
  for (std::size_t i = 0; i < senders; ++i)
    slow.emplace_back(edge.port()).send(beginning);
  for (auto& each : slow)
    if (is_told_to_go_on)
      CHECK(each.read_head().starts_with("HTTP/1.1 100 "));
  auto give_up = clock_type::now() + 20s;
  std::size_t cut_off = 0;
  std::vector<bool> is_over(senders);
  while (cut_off < senders) {
    REQUIRE(clock_type::now() < give_up);
    check_served(edge);
    for (std::size_t i = 0; i < senders; ++i)
      if (!is_over[i] && (slow[i].has_news(0ms) || !slow[i].send("a"))) {
        is_over[i] = true;
        ++cut_off;
      }
  }
  slow.clear();
  CHECK(edge.server().drain(10s)); // nothing of them is left
}

} // namespace

TEST_CASE("hundreds of heads that drip in keep nobody from being served", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.head_deadline = 500ms;
  running_edge edge{settings};
  check_slow_senders(edge, "GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ");
}

TEST_CASE("hundreds of bodies that drip in keep nobody from being served", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.body_deadline = 500ms;
  running_edge edge{settings};
  SECTION("of a known length") {
    check_slow_senders(edge, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  }
  SECTION("in chunks") {
    check_slow_senders(edge, "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n");
  }
  SECTION("after asking whether to send them") {
    check_slow_senders(
      edge, "POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 60000\r\n\r\n", true);
  }
}

TEST_CASE("a deadline of a head is not prolonged by empty lines before it", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.head_deadline = 200ms;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  auto give_up = clock_type::now() + 4s;
  while (client.send("\r\n") && !client.has_news(1ms))
    REQUIRE(clock_type::now() < give_up);
}

TEST_CASE("clients that never read their answers keep nobody from being served", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.write_deadline = 300ms;
  running_edge edge{settings};
  std::deque<raw_http_client> deaf;
  for (int i = 0; i < 50; ++i)
    send_pipelined(deaf.emplace_back(edge.port()), "GET /large HTTP/1.1\r\nHost: x\r\n\r\n", 4);
  auto give_up = clock_type::now() + 10s;
  do {
    check_served(edge);
    REQUIRE(clock_type::now() < give_up);
  } while (edge.server().connections() > 0);
}

TEST_CASE("a client that half-closes in the middle of a request is let go at once", "[http]") {
  running_edge edge;
  for (const auto& beginning :
       {""s, "GET /hello HT"s, "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nabc"s,
        "POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab"s}) {
    INFO(beginning);
    raw_http_client client{edge.port()};
    client.send(beginning);
    client.finish_sending();
    CHECK(client.is_closed());
  }
  CHECK(edge.server().drain(5s));
}

TEST_CASE("a client that half-closes gets an answer that comes later", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n");
  client.finish_sending();
  auto held = edge.later().next();
  REQUIRE(held);
  held->second(http::json_response("{}"s));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(client.is_closed());
}

TEST_CASE("a chunked body without an end is 413 however it is cut", "[http]") {
  auto piece = GENERATE(as<std::string>{}, "1\r\nx\r\n", "400\r\n" + std::string(0x400, 'x') + "\r\n",
                        "1;e=\"" + std::string(900, 'q') + "\"\r\nx\r\n");
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n");
  REQUIRE(is_answered_while_sending(client, piece));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 413);
  CHECK(client.is_closed());
}

TEST_CASE("trailers without an end are refused", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n");
  REQUIRE(is_answered_while_sending(client, "X-Trailer: " + std::string(80, 'x') + "\r\n"));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK((answer->status == 413 || answer->status == 431));
  CHECK(client.is_closed());
}

TEST_CASE("a head without an end is 431 however it is cut", "[http]") {
  auto piece = GENERATE(as<std::string>{}, "x", std::string(500, 'x'), "X: y\r\n");
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-First: ");
  REQUIRE(is_answered_while_sending(client, piece));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 431);
  CHECK(client.is_closed());
}

TEST_CASE("a body that is compressed or coded is 415 before it is read", "[http]") {
  running_edge edge;
  for (std::string coding : {"gzip", "br", "deflate", "x-gzip", "identity, gzip", "gzip, identity", "zstd"}) {
    INFO(coding);
    raw_http_client client{edge.port()};
    client.send("POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nExpect: 100-continue\r\n"
                "Content-Encoding: "
                + coding + "\r\nContent-Length: 20\r\n\r\n");
    auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->status == 415);
    CHECK(answer->field("Accept-Encoding") == "identity");
    CHECK(answer->body.find("\"code\":\"unsupported_content_coding\"") != std::string::npos);
  }
  auto twice = ask(edge.port(), "POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                "Content-Encoding: identity\r\nContent-Encoding: gzip\r\n"
                                "Content-Length: 2\r\n\r\n{}");
  REQUIRE(twice);
  CHECK(twice->status == 415);
  auto plain = ask(edge.port(), "POST /json HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
                                "Content-Encoding: Identity\r\nContent-Length: 2\r\n\r\n{}");
  REQUIRE(plain);
  CHECK(plain->status == 200);
}

TEST_CASE("the target's host is not the way to another server", "[http]") {
  running_edge edge;
  auto status = [&](const std::string& target) {
    auto answer = ask(edge.port(), "GET " + target + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return answer ? answer->status : 0;
  };
  // RFC 9112, 3.2.2: the absolute form is understood, and its host counts over Host. This
  // server is the same for all hosts.
  CHECK(status("http://other.example/hello") == 200);
  CHECK(status("http://other.example:80/hello?x=1") == 200);
  CHECK(status("http://other.example") == 404);
  CHECK(status("//other.example/hello") == 404);
  CHECK(status("/http://other.example/hello") == 404);
  CHECK(status("other.example:443") == 400);
  CHECK(status("*") == 400);
}

TEST_CASE("a million addresses through a proxy take no more memory, and the others are served", "[http]") {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr int addresses = 50'000;
#else
  constexpr int addresses = 1'000'000;
#endif
  constexpr int pipelined = 250; // whose answers fit into the socket's buffers
  auto settings = running_edge::quick_settings();
  settings.rates = {{"limited", {10, std::chrono::hours{1}}}};
  settings.trusted_proxies = {http::ip_network::parse("127.0.0.1").value()};
  running_edge edge{settings};
  auto ask_as = [&](const std::string& address) {
    auto answer =
      ask(edge.port(), "GET /limited HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: " + address + "\r\n\r\n");
    return answer ? answer->status : 0;
  };
  for (int i = 0; i < 10; ++i)
    CHECK(ask_as("192.0.2.1") == 200);
  CHECK(ask_as("192.0.2.1") == 429);
  auto before = tests::resident_bytes();
  raw_http_client proxy{edge.port()};
  for (int i = 0; i < addresses; i += pipelined) {
    std::string all;
    for (int j = i; j < i + pipelined; ++j)
      all += "GET /limited HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 10." + std::to_string(j >> 16) + '.'
             + std::to_string(j >> 8 & 255) + '.' + std::to_string(j & 255) + "\r\n\r\n";
    REQUIRE(proxy.send(all));
    for (int j = 0; j < pipelined; ++j) {
      auto answer = proxy.read_answer();
      REQUIRE(answer);
      if (answer->status != 200)
        REQUIRE(answer->status == 200);
    }
    if (i % 100'000 == 0)
      check_served(edge);
  }
  CHECK(ask_as("192.0.2.1") == 429); // a flood does not have it forgotten
  CHECK(ask_as("192.0.2.2") == 200);
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
  CHECK(tests::resident_bytes() - before < 12U << 20);
#endif
}
