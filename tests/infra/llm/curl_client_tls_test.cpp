#include "infra/llm/curl_client.hpp"
#include "tests/infra/llm/asked.hpp"
#include "tests/infra/llm/certificate.hpp"
#include "tests/infra/llm/scripted_server.hpp"
#include "tests/support/scratch_folder.hpp"

using namespace sonicmatch;
using events::errc;
using infra::llm::curl_settings;
using infra::llm::make_curl_client;
using tests::asked;
using tests::reaction;
using tests::request_to;
using tests::response_of;
using tests::scripted_server;
using tests::seen_request;

namespace {

constexpr int crowd = 100;

scripted_server::script greeting() {
  return [](const seen_request&) { return reaction{response_of(200, "hello")}; };
}

} // namespace

TEST_CASE("a server whose certificate nobody vouches for is sent nothing", "[infra][llm]") {
  scripted_server server{greeting(), {.key_and_certificate = tests::self_signed_certificate()}};
  asked a;
  auto client = make_curl_client();
  client->post(request_to(server.url()), a.taker());
  CHECK(a.await_error() == errc::peer_unreachable);
  CHECK(server.record().now().requests == 0);
}

TEST_CASE("a trusted certificate that is for another name is not enough", "[infra][llm]") {
  auto certificate = tests::self_signed_certificate();
  tests::scratch_folder folder;
  scripted_server server{greeting(), {.key_and_certificate = certificate}};
  curl_settings settings;
  settings.ca_file = folder.write("ca.pem", certificate);
  asked a;
  auto client = make_curl_client(settings);
  auto url = server.url();
  url.replace(url.find("127.0.0.1"), 9, "localhost");
  client->post(request_to(url), a.taker());
  CHECK(a.await_error() == errc::peer_unreachable);
  CHECK(server.record().now().requests == 0);
}

TEST_CASE("many requests to a trusted server go over TLS, on connections that are kept", "[infra][llm]") {
  auto certificate = tests::self_signed_certificate();
  tests::scratch_folder folder;
  scripted_server server{greeting(), {.key_and_certificate = certificate}};
  curl_settings settings;
  settings.ca_file = folder.write("ca.pem", certificate);
  asked a;
  auto client = make_curl_client(settings);
  for (int round = 1; round <= 2; ++round) {
    for (int i = 0; i < crowd; ++i)
      client->post(request_to(server.url()), a.taker());
    a.await(static_cast<std::size_t>(round * crowd));
  }
  for (const auto& each : a.all()) {
    REQUIRE(each);
    CHECK(each->body == "hello");
  }
  CHECK(server.record().now().connections <= crowd);
}

TEST_CASE("a server that speaks no TLS is sent nothing", "[infra][llm]") {
  scripted_server server{greeting()};
  asked a;
  auto client = make_curl_client();
  auto request = request_to("https" + server.url().substr(std::string_view{"http"}.size()));
  request.timeout = std::chrono::milliseconds{200};
  client->post(std::move(request), a.taker());
  CHECK(a.await_error() == errc::peer_unreachable);
  CHECK(server.record().now().requests == 0);
}
