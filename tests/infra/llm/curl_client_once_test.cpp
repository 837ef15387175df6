#include "infra/llm/curl_client.hpp"
#include "tests/infra/llm/asked.hpp"
#include "tests/infra/llm/scripted_server.hpp"

#include <atomic>

// A model's answer is paid for: a request is sent once, unless it is certain that the
// server cannot have acted on it.

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using infra::llm::make_curl_client;
using tests::asked;
using tests::reaction;
using tests::request_to;
using tests::response_of;
using tests::scripted_server;
using tests::seen_request;

TEST_CASE("a connection is used again", "[infra][llm]") {
  scripted_server server{[](const seen_request& request) {
    return reaction{response_of(200, std::to_string(request.on_connection))};
  }};
  asked a;
  auto client = make_curl_client();
  for (std::size_t i = 1; i <= 5; ++i) {
    client->post(request_to(server.url()), a.taker());
    CHECK(a.await(i)->body == std::to_string(i));
  }
  CHECK(server.record().now().connections == 1);
}

TEST_CASE("a connection that the server closed while it was idle costs nobody a request", "[infra][llm]") {
  // A server that says nothing of closing, as after an idle time.
  scripted_server server{[](const seen_request&) {
    return reaction{response_of(200, "{}"), reaction::then::close};
  }};
  asked a;
  auto client = make_curl_client();
  for (int i = 1; i <= 5; ++i) {
    client->post(request_to(server.url()), a.taker());
    REQUIRE(a.await(static_cast<std::size_t>(i)));
    REQUIRE(server.record().await([&](const auto& is) { return is.closed == i; }));
  }
  CHECK(server.record().now().requests == 5);
}

TEST_CASE("a request that a kept connection swallowed is lost, and not sent again", "[infra][llm]") {
  scripted_server server{[](const seen_request& request) {
    if (request.on_connection == 1)
      return reaction{response_of(200, "{}")};
    return reaction{"", reaction::then::close};
  }};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  REQUIRE(a.await(1));

  SECTION("with a body") {
    client->post(request_to(server.url()), a.taker());
  }
  SECTION("without a body") {
    auto request = request_to(server.url());
    request.opening = nullptr;
    request.rest.clear();
    client->post(request, a.taker());
  }
  CHECK(a.await_error(2) == errc::connection_lost);
  CHECK(server.record().now().requests == 2);

  client->post(request_to(server.url()), a.taker());
  CHECK(a.await(3)); // and the client is none the worse
}

TEST_CASE("a request that is cut off in its body is lost, or sent again from its beginning", "[infra][llm]") {
  // Which of the two depends on what libcurl notices first. More than the sockets hold:
  auto large = std::make_shared<const std::string>(std::size_t{8} << 20, 'x');
  std::atomic<bool> cut = false;
  tests::scripted_server_settings settings;
  settings.cuts_off = [&](const std::string&) { return cut.exchange(false); };
  auto tell_size = [](const seen_request& request) {
    return reaction{response_of(200, std::to_string(request.body.size()))};
  };
  scripted_server server{tell_size, settings};
  asked a;
  auto client = make_curl_client();
  auto request = request_to(server.url());
  int whole = 0;
  for (std::size_t round = 1; round <= 20; round += 2) {
    request.opening = nullptr;
    client->post(request, a.taker());
    REQUIRE(a.await(round));
    cut = true;
    request.opening = large;
    client->post(request, a.taker());
    auto response = a.await(round + 1);
    if (response)
      CHECK(response->body == std::to_string(large->size() + request.rest.size()));
    else
      CHECK(events::code_of(response.error()) == errc::connection_lost);
    whole += response ? 2 : 1;
  }
  CHECK(server.record().now().cut_off == 10);
  CHECK(server.record().now().requests == whole);
}
