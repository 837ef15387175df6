#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <chrono>
#include <thread>

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::raw_http_client;
using tests::running_edge;

namespace {

/// Sends `drop` again and again until the server has had enough; false when it
/// puts up with that for several times its deadline.
bool is_cut_off_while_sending(raw_http_client& client, std::string_view drop) {
  auto give_up = std::chrono::steady_clock::now() + 4s;
  while (std::chrono::steady_clock::now() < give_up) {
    client.send(drop);
    if (client.has_news(1ms))
      return true;
  }
  return false;
}

} // namespace

TEST_CASE("a head that drips in is cut off with 408", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.head_deadline = 100ms;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  client.send("GET /hello HTTP/1.1\r\nHost: x\r\nX-Slow: ");
  REQUIRE(is_cut_off_while_sending(client, "a"));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 408);
  CHECK(answer->field("Connection") == "close");
  CHECK(answer->body.find("request_timeout") != std::string::npos);
}

TEST_CASE("a body that drips in is cut off with 408", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.body_deadline = 100ms;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n");
  REQUIRE(is_cut_off_while_sending(client, "a"));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 408);
}

TEST_CASE("an idle connection is closed without a word", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.idle_deadline = 50ms;
  running_edge edge{settings};
  raw_http_client silent{edge.port()};
  CHECK(silent.is_closed());
  raw_http_client served{edge.port()};
  served.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(served.read_answer());
  CHECK(served.is_closed());
}

TEST_CASE("a client that does not read its answer is let go", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.write_deadline = 100ms;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  for (int i = 0; i < 8; ++i)
    client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(edge.server().drain(5s)); // no connection is left
}

TEST_CASE("connections beyond the limit of one address are turned away with 503", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.connections_per_address_max = 2;
  running_edge edge{settings};
  auto first = std::make_unique<raw_http_client>(edge.port());
  raw_http_client second{edge.port()};
  for (auto* client : {first.get(), &second}) {
    client->send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(client->read_answer());
  }
  raw_http_client third{edge.port()};
  auto refused = third.read_answer();
  REQUIRE(refused);
  CHECK(refused->status == 503);
  CHECK(refused->field("Retry-After") == "1");
  CHECK(refused->field("X-Content-Type-Options") == "nosniff");
  CHECK(third.is_closed());
  CHECK(edge.server().connections_refused() == 1);

  first.reset();
  auto give_up = std::chrono::steady_clock::now() + 5s;
  while (edge.server().connections() > 1 && std::chrono::steady_clock::now() < give_up)
    std::this_thread::yield();
  raw_http_client fourth{edge.port()};
  fourth.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  auto served = fourth.read_answer();
  REQUIRE(served);
  CHECK(served->status == 200);
}

TEST_CASE("connections beyond the overall limit are turned away with 503", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.connections_max = 1;
  running_edge edge{settings};
  raw_http_client first{edge.port()};
  first.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(first.read_answer());
  raw_http_client second{edge.port()};
  auto refused = second.read_answer();
  REQUIRE(refused);
  CHECK(refused->status == 503);
}

TEST_CASE("a server can be destroyed at any moment of its sweeps", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.idle_deadline = 1ms; // sweeps as often as there are
  for (int i = 0; i < 150; ++i) {
    running_edge edge{settings};
    raw_http_client client{edge.port()};
    CHECK(client.is_closed()); // by a sweep: the next one is due one interval later
    auto next_sweep = std::chrono::steady_clock::now() + 4ms + std::chrono::microseconds{i * 10};
    while (std::chrono::steady_clock::now() < next_sweep)
      std::this_thread::yield();
  }
}

TEST_CASE("a taken port is one clear error", "[http]") {
  running_edge edge;
  auto settings = running_edge::quick_settings();
  settings.port = edge.port();
  CHECK_THROWS_WITH(running_edge{settings}, "bad_configuration: cannot listen on 127.0.0.1:"
                                              + std::to_string(edge.port()) + ": Address already in use");
  settings.host = "localhost.example";
  CHECK_THROWS_WITH(
    running_edge{settings},
    "bad_configuration: the HTTP host must be an address such as 0.0.0.0, not localhost.example");
}
