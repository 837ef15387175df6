#include "infra/llm/curl_client.hpp"
#include "tests/infra/llm/asked.hpp"
#include "tests/infra/llm/scripted_server.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::ports::http_request;
using events::errc;
using infra::llm::make_curl_client;
using tests::asked;
using tests::reaction;
using tests::request_to;
using tests::response_of;
using tests::scripted_server;
using tests::seen_request;

namespace {

/// Says the same to everybody.
scripted_server::script always(std::string bytes, reaction::then next = reaction::then::go_on) {
  return [=](const seen_request&) { return reaction{bytes, next}; };
}

/// An address nobody listens at: a port that was free a moment ago.
std::string address_of_nobody() {
  return scripted_server{always("")}.url();
}

bool tells_secrets(const caf::error& error) {
  auto text = events::describe(error);
  return text.find("secret") != std::string::npos || text.find("/v1/messages") != std::string::npos;
}

} // namespace

TEST_CASE("a request arrives as it was given, and the response comes back whole", "[infra][llm]") {
  tests::observed<seen_request> seen;
  scripted_server server{[&](const seen_request& request) {
    seen.change([&](auto& last) { last = request; });
    return reaction{response_of(200, "{\"answer\":1}", "Request-ID:  req_1 \r\nX-Empty:\r\n")};
  }};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  auto response = a.await();
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK(response->body == "{\"answer\":1}");
  REQUIRE(response->header("request-id"));
  CHECK(*response->header("request-id") == "req_1");
  CHECK(*response->header("x-empty") == "");
  CHECK_FALSE(response->header("Request-ID"));

  auto request = seen.now();
  CHECK(request.head.starts_with("POST /v1/messages HTTP/1.1\r\n"));
  CHECK(request.head.find("x-api-key: secret-key\r\n") != std::string::npos);
  CHECK(request.head.find("content-type: application/json\r\n") != std::string::npos);
  CHECK(request.head.find("User-Agent: sonicmatch\r\n") != std::string::npos);
  CHECK(request.head.find("Expect") == std::string::npos);
  CHECK(request.body == "{\"system\":\"be brief\",\"said\":\"secret-body\"}");
}

TEST_CASE("a large body arrives byte by byte, wherever it is split", "[infra][llm]") {
  tests::observed<std::string> body;
  scripted_server server{[&](const seen_request& request) {
    body.change([&](auto& last) { last = request.body; });
    return reaction{response_of(200, "{}")};
  }};
  std::string bytes;
  for (int i = 0; i < 300'000; ++i)
    bytes += static_cast<char>(i * 7 % 256);
  asked a;
  auto client = make_curl_client();
  std::size_t count = 0;
  for (std::size_t split : {0UL, 1UL, 16'384UL, 200'000UL, bytes.size()}) {
    auto request = request_to(server.url());
    request.opening = std::make_shared<const std::string>(bytes.substr(0, split));
    request.rest = bytes.substr(split);
    client->post(std::move(request), a.taker());
    REQUIRE(a.await(++count));
    CHECK(body.now() == bytes);
  }
}

TEST_CASE("a request may have no opening, or no body at all", "[infra][llm]") {
  scripted_server server{
    [&](const seen_request& request) { return reaction{response_of(200, request.body)}; }};
  asked a;
  auto client = make_curl_client();
  auto request = request_to(server.url());
  request.opening = nullptr;
  client->post(request, a.taker());
  CHECK(a.await(1)->body == "\"said\":\"secret-body\"}");
  request.rest.clear();
  client->post(request, a.taker());
  CHECK(a.await(2)->body == "");
}

TEST_CASE("any status is a response, and redirects are not followed", "[infra][llm]") {
  for (int status : {201, 307, 400, 429, 500, 529}) {
    CAPTURE(status);
    scripted_server server{always(response_of(status, "said", "Location: /elsewhere\r\n"))};
    asked a;
    auto client = make_curl_client();
    client->post(request_to(server.url()), a.taker());
    auto response = a.await();
    REQUIRE(response);
    CHECK(response->status == status);
    CHECK(response->body == "said");
    CHECK(server.record().now().requests == 1);
  }
}

TEST_CASE("an interim answer is no response, and its headers are not the response's", "[infra][llm]") {
  scripted_server server{always("HTTP/1.1 103 Early\r\nLink: early\r\n\r\n" + response_of(200, "late"))};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  auto response = a.await();
  REQUIRE(response);
  CHECK(response->status == 200);
  CHECK_FALSE(response->header("link"));
  CHECK(response->body == "late");
}

TEST_CASE("a server that nobody runs is unreachable", "[infra][llm]") {
  asked a;
  auto client = make_curl_client();
  auto url = address_of_nobody();
  client->post(request_to(url), a.taker());
  auto outcome = a.await();
  REQUIRE_FALSE(outcome);
  CHECK(events::code_of(outcome.error()) == errc::peer_unreachable);
  CHECK(events::detail_of(outcome.error()).find("127.0.0.1:") == 0);
  CHECK_FALSE(tells_secrets(outcome.error()));
}

TEST_CASE("what cannot be sent at all counts as unreachable", "[infra][llm]") {
  scripted_server server{always(response_of(200, "{}"))};
  asked a;
  auto client = make_curl_client();
  std::size_t count = 0;
  for (auto url : {"", "::", "ftp://127.0.0.1/secret", "http://"}) {
    CAPTURE(url);
    client->post(request_to(url), a.taker());
    CHECK(a.await_error(++count) == errc::peer_unreachable);
    CHECK_FALSE(tells_secrets(a.all().back().error()));
  }
  auto request = request_to(server.url());
  request.headers.emplace_back("x-api-key", "secret\r\nx-smuggled: 1");
  client->post(request, a.taker());
  CHECK(a.await_error(++count) == errc::peer_unreachable);
  CHECK_FALSE(tells_secrets(a.all().back().error()));
  CHECK(server.record().now().connections == 0);
}

TEST_CASE("a server that closes without a word has lost the request", "[infra][llm]") {
  scripted_server server{always("", reaction::then::close)};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  auto outcome = a.await();
  REQUIRE_FALSE(outcome);
  CHECK(events::code_of(outcome.error()) == errc::connection_lost);
  CHECK(events::detail_of(outcome.error()).find("127.0.0.1:") == 0);
  CHECK_FALSE(tells_secrets(outcome.error()));
}

TEST_CASE("a part of a response is none", "[infra][llm]") {
  auto whole = response_of(200, "{\"answer\":\"which is long enough to be cut\"}");
  std::string in_chunks = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nsecre\r\n";
  for (const auto& part : {whole.substr(0, whole.size() / 4), whole.substr(0, whole.size() - 5), in_chunks}) {
    CAPTURE(part);
    scripted_server server{always(part, reaction::then::close)};
    asked a;
    auto client = make_curl_client();
    client->post(request_to(server.url()), a.taker());
    auto outcome = a.await();
    REQUIRE_FALSE(outcome);
    CHECK(events::code_of(outcome.error()) == errc::connection_lost);
    CHECK_FALSE(tells_secrets(outcome.error()));
    CHECK(server.record().now().requests == 1);
  }
}

TEST_CASE("what is not HTTP loses the request, and is not quoted", "[infra][llm]") {
  scripted_server server{always("220 secret.example ESMTP\r\n", reaction::then::close)};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  auto outcome = a.await();
  REQUIRE_FALSE(outcome);
  CHECK(events::code_of(outcome.error()) == errc::connection_lost);
  CHECK_FALSE(tells_secrets(outcome.error()));
}

TEST_CASE("a silent server is given up at the timeout", "[infra][llm]") {
  auto part = response_of(200, "{\"answer\":1}").substr(0, 40);
  for (const auto& said : {std::string{}, part}) {
    CAPTURE(said);
    scripted_server server{always(said, reaction::then::wait)};
    asked a;
    auto client = make_curl_client();
    auto request = request_to(server.url());
    request.timeout = 150ms;
    auto began = std::chrono::steady_clock::now();
    client->post(std::move(request), a.taker());
    CHECK(a.await_error() == errc::deadline_exceeded);
    auto took = std::chrono::steady_clock::now() - began;
    CHECK(took >= 140ms);
    CHECK(took < 5s);
    CHECK_FALSE(tells_secrets(a.all().back().error()));
  }
}

TEST_CASE("a timeout before anything was sent means that the server is unreachable", "[infra][llm]") {
  // One connection at most, and it is taken.
  scripted_server server{always("", reaction::then::wait)};
  infra::llm::curl_settings settings;
  settings.connections_max = 1;
  asked first;
  asked second;
  auto client = make_curl_client(settings);
  client->post(request_to(server.url()), first.taker());
  REQUIRE(server.record().await([](const auto& is) { return is.waiting == 1; }));
  auto request = request_to(server.url());
  request.timeout = 100ms;
  client->post(request, second.taker());
  CHECK(second.await_error() == errc::peer_unreachable);

  client->post(request_to(server.url()), second.taker());
  server.answer_waiting(response_of(200, "one"));
  CHECK(first.await()->body == "one");
  REQUIRE(server.record().await([](const auto& is) { return is.waiting == 2; }));
  server.answer_waiting(response_of(200, "two"));
  CHECK(second.await(2)->body == "two");
  CHECK(server.record().now().connections == 1);
}

TEST_CASE("a response that is too large is not read to its end", "[infra][llm]") {
  infra::llm::curl_settings settings;
  settings.response_body_bytes_max = 1'000;
  settings.response_head_bytes_max = 500;
  asked a;
  auto client = make_curl_client(settings);
  std::size_t count = 0;
  auto outcome_of = [&](const std::string& response) {
    scripted_server server{always(response)};
    client->post(request_to(server.url()), a.taker());
    return a.await_error(++count);
  };
  CHECK(outcome_of(response_of(200, std::string(1'000, 'x'))) == errc::none);
  CHECK(outcome_of(response_of(200, std::string(1'001, 'x'))) == errc::response_too_large);
  CHECK(outcome_of(response_of(200, "", "X-Long: " + std::string(500, 'x') + "\r\n"))
        == errc::response_too_large);
}
