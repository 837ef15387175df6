#include "http/compression.hpp"

#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <zlib.h>

#include <random>

using namespace sonicmatch;
using http::read_accept_encoding;
using tests::ask;
using tests::running_edge;

namespace {

/// What a client makes of a gzipped body; empty when it is none.
std::string unzip(const std::string& gzipped) {
  std::string plain(1 << 20, '\0');
  z_stream state{};
  REQUIRE(inflateInit2(&state, 15 + 16) == Z_OK);
  state.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(gzipped.data()));
  state.avail_in = static_cast<uInt>(gzipped.size());
  state.next_out = reinterpret_cast<Bytef*>(plain.data());
  state.avail_out = static_cast<uInt>(plain.size());
  bool is_whole = inflate(&state, Z_FINISH) == Z_STREAM_END && state.avail_in == 0;
  plain.resize(is_whole ? state.total_out : 0);
  inflateEnd(&state);
  return plain;
}

tests::raw_answer get(running_edge& edge, const std::string& path, const std::string& fields = {}) {
  auto answer = ask(edge.port(), "GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n");
  REQUIRE(answer);
  return *answer;
}

constexpr auto gzip_wanted = "Accept-Encoding: gzip, deflate, br\r\n";

bool says_it_varies(const tests::raw_answer& answer) {
  return answer.head.find("Vary: Accept-Encoding\r\n") != std::string::npos;
}

http::body shared(std::string text) {
  return std::make_shared<const std::string>(std::move(text));
}

} // namespace

TEST_CASE("Accept-Encoding is read with its weights and the star", "[http]") {
  struct expectation {
    std::string_view field;
    bool gzip;
    bool identity;
  };
  for (auto [field, gzip, identity] : std::vector<expectation>{
         {"", false, true},
         {"gzip", true, true},
         {"GZip", true, true},
         {"x-gzip", true, true},
         {"deflate, gzip;q=1.0, *;q=0.5", true, true},
         {"br;q=1.0, gzip ; q=0.8, *;q=0.1", true, true},
         {"gzip;q=0", false, true},
         {"gzip;q=0.000", false, true},
         {"gzip;q=0.5, identity", false, true},
         {"gzip;q=0.5, identity;q=0.5", true, true},
         {"gzip, identity;q=0", true, false},
         {"identity;q=0", false, false},
         {"*;q=0", false, false},
         {"gzip, *;q=0", true, false},
         {"identity, *;q=0", false, true},
         {"*", true, true},
         {"*, gzip;q=0", false, true},
         {"br", false, true},
         {"gzip;q=2", false, true},
         {"gzip;q=", false, true},
         {"gzip;level=9", false, true},
         {"gzippy", false, true},
         {", ,gzip,", true, true},
       }) {
    INFO(field);
    CHECK(read_accept_encoding(field) == http::accepted_codings{gzip, identity});
  }
}

TEST_CASE("an answer over a kilobyte is gzipped for who takes it", "[http]") {
  running_edge edge;
  auto plain = get(edge, "/document");
  CHECK_FALSE(plain.has("Content-Encoding"));
  CHECK(plain.field("ETag") == "\"7\"");
  CHECK(says_it_varies(plain));
  auto gzipped = get(edge, "/document", gzip_wanted);
  CHECK(gzipped.field("Content-Encoding") == "gzip");
  CHECK(gzipped.field("Content-Type") == "application/json");
  CHECK(gzipped.field("ETag") == "\"7-gzip\"");
  CHECK(says_it_varies(gzipped));
  CHECK(gzipped.body.size() < plain.body.size() / 3);
  CHECK(unzip(gzipped.body) == plain.body);
}

TEST_CASE("a short answer stays plain, and so does one that would grow", "[http]") {
  running_edge edge;
  auto answer = get(edge, "/hello", gzip_wanted);
  CHECK_FALSE(answer.has("Content-Encoding"));
  CHECK(answer.body == "hello");
  auto strict = get(edge, "/shared", "Accept-Encoding: gzip, identity;q=0\r\n");
  CHECK(strict.body == "shared body");
}

TEST_CASE("a client that takes neither gzip nor plain is told so", "[http]") {
  running_edge edge;
  auto answer = get(edge, "/document", "Accept-Encoding: br, identity;q=0\r\n");
  CHECK(answer.status == 406);
  CHECK(answer.field("Content-Type") == "application/problem+json");
}

TEST_CASE("HEAD says of the gzip form what GET would", "[http]") {
  running_edge edge;
  auto body = get(edge, "/document", gzip_wanted).body;
  tests::raw_http_client client{edge.port()};
  client.send(std::string{"HEAD /document HTTP/1.1\r\nHost: x\r\n"} + gzip_wanted + "\r\n");
  auto head = client.read_answer(true);
  REQUIRE(head);
  CHECK(head->field("Content-Encoding") == "gzip");
  CHECK(head->field("Content-Length") == std::to_string(body.size()));
  CHECK_FALSE(client.has_news(std::chrono::milliseconds{50}));
}

TEST_CASE("If-None-Match with either form of an ETag is 304 with the form asked for", "[http]") {
  running_edge edge;
  for (std::string etag : {"\"7\"", "\"7-gzip\""}) {
    auto answer = get(edge, "/document", gzip_wanted + ("If-None-Match: " + etag + "\r\n"));
    CHECK(answer.status == 304);
    CHECK(answer.field("ETag") == etag);
    CHECK(says_it_varies(answer));
    CHECK_FALSE(answer.has("Content-Encoding"));
  }
  CHECK(get(edge, "/document", "If-None-Match: W/\"7-gzip\"\r\n").status == 304);
  CHECK(get(edge, "/document", "If-None-Match: \"8-gzip\"\r\n").status == 200);
}

TEST_CASE("a body gzipped beforehand goes to who takes it, whatever its size", "[http]") {
  running_edge edge;
  auto plain = get(edge, "/packed");
  CHECK(plain.body == "a page");
  CHECK(plain.field("ETag") == "\"1\"");
  auto packed = get(edge, "/packed", gzip_wanted);
  CHECK(packed.body == "a page, packed");
  CHECK(packed.field("Content-Encoding") == "gzip");
  CHECK(packed.field("ETag") == "\"1-gzip\"");
}

TEST_CASE("an answer that is encoded already, and a stream, are left as they are", "[http]") {
  running_edge edge;
  auto encoded = get(edge, "/encoded", gzip_wanted);
  CHECK(encoded.field("Content-Encoding") == "br");
  CHECK(encoded.body == std::string(5'000, 'e'));
  auto stream = get(edge, "/stream", gzip_wanted);
  CHECK_FALSE(stream.has("Content-Encoding"));
  CHECK_FALSE(says_it_varies(stream));
}

TEST_CASE("a shared body is compressed once, and anew when it is another", "[http]") {
  http::compressor compressor;
  auto page = shared(std::string(5'000, 'a'));
  auto first = compressor.gzip(page);
  REQUIRE(first);
  CHECK(compressor.gzip(page) == first);
  CHECK(compressor.compressed() == 1);
  page = shared(std::string(5'000, 'b'));
  auto second = compressor.gzip(page);
  REQUIRE(second);
  CHECK(unzip(*second) == std::string(5'000, 'b'));
  CHECK(unzip(*compressor.gzip(std::string(5'000, 'c'))) == std::string(5'000, 'c'));
}

TEST_CASE("what was compressed is remembered up to a bound, the longest unused goes first", "[http]") {
  http::compressor compressor{1'000};
  std::vector<http::body> pages;
  for (char letter : std::string_view{"abcdefgh"})
    pages.push_back(shared(std::string(5'000, letter)));
  for (const auto& page : pages) {
    CHECK(compressor.gzip(page));
    CHECK(compressor.gzip(pages.front())); // stays, being used
  }
  CHECK(compressor.compressed() == pages.size());
  CHECK(compressor.gzip(pages[1]));
  CHECK(compressor.compressed() == pages.size() + 1);
}

TEST_CASE("what does not shrink is sent as it is", "[http]") {
  std::mt19937 noise{7};
  std::string random(5'000, '\0');
  for (auto& byte : random)
    byte = static_cast<char>(noise());
  http::compressor compressor;
  auto page = shared(random);
  CHECK_FALSE(compressor.gzip(page));
  CHECK_FALSE(compressor.gzip(page));
  CHECK(compressor.compressed() == 1);
}
