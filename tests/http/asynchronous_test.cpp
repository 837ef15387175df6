#include "events/error.hpp"
#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <chrono>
#include <thread>

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::ask;
using tests::raw_http_client;
using tests::running_edge;

namespace {

const std::string later = "GET /later HTTP/1.1\r\nHost: x\r\n\r\n";

} // namespace

TEST_CASE("an answer from another thread reaches its client", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  for (int i = 0; i < 3; ++i) {
    client.send(later);
    auto held = edge.later().next();
    REQUIRE(held);
    std::thread{[&] { held->second(http::json_response("{\"n\":" + std::to_string(i) + '}')); }}.join();
    auto answer = client.read_answer();
    REQUIRE(answer);
    CHECK(answer->body == "{\"n\":" + std::to_string(i) + '}');
  }
}

TEST_CASE("the first of several answers counts", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(later);
  auto held = edge.later().next();
  REQUIRE(held);
  auto copy = held->second;
  held->second(http::json_response(std::string{"1"}));
  copy(http::json_response(std::string{"2"}));
  copy.fail(events::make_error(events::errc::overloaded));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "1");
  CHECK_FALSE(client.has_news(50ms));
}

TEST_CASE("a responder that is dropped answers 500 and is logged", "[http]") {
  running_edge edge;
  auto answer = ask(edge.port(), "GET /drops HTTP/1.1\r\nHost: x\r\nX-Request-Id: lost\r\n\r\n");
  REQUIRE(answer);
  CHECK(answer->status == 500);
  CHECK(edge.log().comes("dropped without an answer request_id=lost"));
}

TEST_CASE("an error becomes its problem, and the client is not told the detail", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(later);
  auto held = edge.later().next();
  REQUIRE(held);
  held->second.fail(events::make_error(events::errc::log_unavailable, "broker 10.0.0.7 is away"));
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->has("Retry-After"));
  CHECK(answer->body.find("10.0.0.7") == std::string::npos);
  CHECK(edge.log().comes("error=log_unavailable: broker 10.0.0.7 is away"));
}

TEST_CASE("an answer that does not come in time is 503, and harmless afterwards", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.answer_deadline = 50ms;
  running_edge edge{settings};
  raw_http_client client{edge.port()};
  client.send(
    "POST /later HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4\r\n\r\ntrue");
  auto held = edge.later().next();
  REQUIRE(held);
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 503);
  CHECK(answer->body.find("deadline_exceeded") != std::string::npos);

  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nother");
  auto next = client.read_answer();
  REQUIRE(next);
  CHECK(next->body == "other");
  CHECK(held->first.body() == "true"); // still its own, whatever the connection read since
  held->second(http::json_response(std::string{"too late"}));
  CHECK_FALSE(client.has_news(50ms));
}

TEST_CASE("an answer to a client that is gone goes nowhere", "[http]") {
  running_edge edge;
  {
    raw_http_client client{edge.port()};
    client.send(later);
  }
  auto held = edge.later().next();
  REQUIRE(held);
  held->second(http::json_response(std::string{"anybody?"}));
  CHECK(edge.server().drain(5s));
}

TEST_CASE("an answer after the server is gone goes nowhere", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(later);
  auto answered = edge.later().next();
  REQUIRE(answered);
  raw_http_client other{edge.port()};
  other.send(later);
  auto dropped = edge.later().next();
  REQUIRE(dropped);
  edge.end();
  CHECK(client.is_closed());
  auto lines = edge.log().size();
  answered->second(http::json_response(std::string{"anybody?"}));
  dropped.reset();
  CHECK(edge.log().size() == lines);
}

TEST_CASE("many requests on two threads each get their own answer", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.io_threads = 2;
  running_edge edge{settings};
  constexpr int clients = 16;
  constexpr int rounds = 50;
  std::jthread answering{[&] {
    for (int i = 0; i < clients * rounds; ++i)
      if (auto held = edge.later().next())
        held->second(http::json_response(std::string{held->first.body()}));
  }};
  std::vector<std::jthread> asking;
  std::atomic<int> right{0};
  for (int c = 0; c < clients; ++c)
    asking.emplace_back([&, c] {
      raw_http_client client{edge.port()};
      for (int r = 0; r < rounds; ++r) {
        auto body = std::to_string(c) + ':' + std::to_string(r);
        client.send("POST /later HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
                    + std::to_string(body.size()) + "\r\n\r\n" + body);
        auto answer = client.read_answer();
        right += answer && answer->body == body;
      }
    });
  asking.clear();
  CHECK(right == clients * rounds);
}

TEST_CASE("a drain lets idle connections go and requests in flight finish", "[http]") {
  running_edge edge;
  raw_http_client idle{edge.port()};
  idle.send("GET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(idle.read_answer());
  raw_http_client busy{edge.port()};
  busy.send(later);
  auto held = edge.later().next();
  REQUIRE(held);

  edge.server().stop_accepting();
  CHECK(idle.is_closed());
  CHECK_FALSE(edge.server().drain(20ms));
  held->second(http::json_response(std::string{"done"}));
  auto answer = busy.read_answer();
  REQUIRE(answer);
  CHECK(answer->body == "done");
  CHECK(answer->field("Connection") == "close");
  CHECK(busy.is_closed());
  busy.finish_sending();
  CHECK(edge.server().drain(5s));
  CHECK_THROWS(raw_http_client{edge.port()});
}
