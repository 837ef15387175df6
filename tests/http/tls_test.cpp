#include "tests/http/running_edge.hpp"
#include "tests/http/tls_client.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <chrono>
#include <future>

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::made_certificate;
using tests::running_edge;
using tests::tls_client;

namespace {

http::server_settings with_tls(const made_certificate& made) {
  auto settings = running_edge::quick_settings();
  settings.tls_certificate_file = made.certificate_file();
  settings.tls_key_file = made.key_file();
  return settings;
}

const std::string hello = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string last_hello = "GET /hello HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

bool write(const http::stream_sink& sink, std::string bytes) {
  return sink->write(std::make_shared<const std::string>(std::move(bytes)));
}

} // namespace

TEST_CASE("with a certificate the server speaks HTTP/1.1 over TLS 1.2 and 1.3", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  for (auto [version, name] : {std::pair{TLS1_2_VERSION, "TLSv1.2"}, std::pair{TLS1_3_VERSION, "TLSv1.3"}}) {
    tls_client client{edge.port(), {version}};
    REQUIRE(client.is_connected());
    CHECK(client.version() == name);
    CHECK(client.protocol() == "http/1.1");
    client.send(hello + hello);
    client.send(last_hello);
    auto all = client.read_rest();
    std::size_t answers = 0;
    for (auto at = all.find("HTTP/1.1 200 OK"); at != std::string::npos;
         at = all.find("HTTP/1.1 200", at + 1))
      ++answers;
    CHECK(answers == 3);
    CHECK(all.ends_with("\r\n\r\nhello"));
    CHECK(client.is_told_of_the_end());
  }
}

TEST_CASE("a client of an older TLS, or of another protocol only, is refused", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  CHECK_FALSE(tls_client{edge.port(), {TLS1_1_VERSION}}.is_connected());
  CHECK_FALSE(tls_client{edge.port(), {TLS1_3_VERSION, "\x02h2"}}.is_connected());
  tls_client both{edge.port(), {TLS1_3_VERSION, "\x02h2\x08http/1.1"}};
  CHECK(both.protocol() == "http/1.1");
  tls_client neither{edge.port(), {TLS1_3_VERSION, ""}};
  neither.send(last_hello);
  CHECK(neither.read_rest().ends_with("hello"));
}

TEST_CASE("large answers and bodies pass through TLS whole", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  tls_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 60000\r\n\r\n" + std::string(60'000, 'b'));
  auto answer = client.read_until(std::string(60'000, 'b'));
  CHECK(answer.ends_with(std::string(60'000, 'b')));
  client.send("GET /large HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  CHECK(client.read_rest().ends_with("\r\n\r\n" + std::string(4 << 20, 'l')));
}

TEST_CASE("a client that has stopped sending still gets its answers over TLS", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  tls_client client{edge.port()};
  client.send("GET /later HTTP/1.1\r\nHost: x\r\n\r\n" + hello);
  client.finish_sending();
  auto held = edge.later().next();
  REQUIRE(held);
  held->second(http::json_response(std::string{"\"later\""}));
  auto all = client.read_rest();
  CHECK(all.find("\"later\"") != std::string::npos);
  CHECK(all.ends_with("hello"));
}

TEST_CASE("a refusal reaches a client that is still sending over TLS", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  tls_client client{edge.port()};
  client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 200000\r\n\r\n" + std::string(100'000, 'x'));
  CHECK(client.read_rest().starts_with("HTTP/1.1 413 "));
}

TEST_CASE("a stream passes through TLS, and a drain ends it", "[http]") {
  made_certificate made;
  auto settings = with_tls(made);
  settings.stream_heartbeat = 30ms;
  running_edge edge{settings};
  tls_client client{edge.port()};
  client.send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
  auto sink = edge.streams().next();
  REQUIRE(sink);
  CHECK(client.read_until("\r\n\r\n").starts_with("HTTP/1.1 200 OK"));
  CHECK(client.read_until(":\n\n").ends_with("3\r\n:\n\n\r\n"));
  write(sink, "event");
  CHECK(client.read_until("event\r\n").ends_with("5\r\nevent\r\n"));
  edge.server().stop_accepting();
  CHECK(client.read_rest().ends_with("0\r\n\r\n"));
  CHECK(client.is_told_of_the_end());
}

TEST_CASE("a client that goes is noticed while its stream over TLS is silent", "[http]") {
  made_certificate made;
  running_edge edge{with_tls(made)};
  for (bool says_goodbye : {true, false}) {
    auto client = std::make_unique<tls_client>(edge.port());
    client->send("GET /stream HTTP/1.1\r\nHost: x\r\n\r\n");
    auto sink = edge.streams().next();
    REQUIRE(sink);
    auto closed = std::make_shared<std::promise<void>>();
    sink->on_closed([closed] { closed->set_value(); });
    if (says_goodbye)
      client->finish_sending();
    client.reset();
    CHECK(closed->get_future().wait_for(5s) == std::future_status::ready);
  }
  CHECK(edge.server().drain(5s));
}

TEST_CASE("a handshake that does not come in time, or is none, ends the connection", "[http]") {
  made_certificate made;
  auto settings = with_tls(made);
  settings.handshake_deadline = 50ms;
  running_edge edge{settings};
  tests::raw_http_client silent{edge.port()};
  CHECK(silent.is_closed());
  tests::raw_http_client plain{edge.port()};
  plain.send(hello);
  CHECK(plain.read_head().empty());
  CHECK(edge.server().drain(5s));
}

TEST_CASE("files that can't be used for TLS are one clear error that names the setting", "[http]") {
  made_certificate made;
  made_certificate other;
  auto refused = [&](const std::string& certificate, const std::string& key) {
    auto settings = running_edge::quick_settings();
    settings.tls_certificate_file = certificate;
    settings.tls_key_file = key;
    try {
      running_edge edge{settings};
    } catch (const std::runtime_error& thrown) {
      return std::string{thrown.what()};
    }
    return std::string{};
  };
  using Catch::Matchers::Contains;
  auto text = made.write("text.pem", "no certificate");
  CHECK_THAT(refused("/nowhere.pem", made.key_file()),
             Contains("TLS_CERTIFICATE_FILE cannot be used: /nowhere.pem"));
  CHECK_THAT(refused(text, made.key_file()), Contains("TLS_CERTIFICATE_FILE cannot be used: " + text));
  CHECK_THAT(refused(made.certificate_file(), "/nowhere.pem"),
             Contains("TLS_KEY_FILE cannot be used: /nowhere.pem"));
  CHECK_THAT(refused(made.certificate_file(), text), Contains("TLS_KEY_FILE cannot be used: " + text));
  CHECK_THAT(refused(made.certificate_file(), other.key_file()),
             Contains("TLS_KEY_FILE is not the key of TLS_CERTIFICATE_FILE: " + other.key_file()));
}
