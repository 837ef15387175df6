#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

using namespace sonicmatch;
using tests::raw_http_client;
using tests::running_edge;

namespace {

/// A request that a proxy in front might end elsewhere, with another one behind it
/// that must never be answered.
struct attempt {
  const char* description;
  std::string bytes;
  int status;
};

const std::string second = "GET /hello HTTP/1.1\r\nHost: x\r\n\r\n";

std::string post(const std::string& fields, const std::string& body) {
  return "POST /echo HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n" + body + second;
}

} // namespace

TEST_CASE("a request whose length can be read in two ways is refused and nothing after it is read",
          "[http]") {
  const std::string empty_chunk = "0\r\n\r\n";
  auto tried = GENERATE_REF(values<attempt>({
    {"length, then chunks", post("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n", empty_chunk), 400},
    {"chunks, then length", post("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n", empty_chunk), 400},
    {"two lengths", post("Content-Length: 5\r\nContent-Length: 6\r\n", "aaaaa"), 400},
    {"one length twice", post("Content-Length: 5\r\nContent-Length: 5\r\n", "aaaaa"), 400},
    {"a list of lengths", post("Content-Length: 5, 5\r\n", "aaaaa"), 400},
    {"a signed length", post("Content-Length: +5\r\n", "aaaaa"), 400},
    {"a negative length", post("Content-Length: -5\r\n", "aaaaa"), 400},
    {"a hexadecimal length", post("Content-Length: 0x5\r\n", "aaaaa"), 400},
    {"an empty length", post("Content-Length:\r\n", "aaaaa"), 400},
    {"a length beyond 64 bits", post("Content-Length: 99999999999999999999999\r\n", "aaaaa"), 400},
    {"chunks twice", post("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", empty_chunk), 400},
    {"chunks, then identity", post("Transfer-Encoding: chunked, identity\r\n", empty_chunk), 501},
    {"a coding that looks like chunked", post("Transfer-Encoding: xchunked\r\n", empty_chunk), 501},
    {"a coding with a vertical tab",
     post("Transfer-Encoding: \x0b"
          "chunked\r\n",
          empty_chunk),
     400},
    {"a space before the colon", post("Transfer-Encoding : chunked\r\n", empty_chunk), 400},
    {"a folded field", post("Transfer-Encoding:\r\n chunked\r\n", empty_chunk), 400},
    {"a folded value", post("X-A: b\r\n\tc\r\nContent-Length: 5\r\n", "aaaaa"), 400},
    {"a bare line feed between fields", post("X-A: b\nContent-Length: 5\r\n", "aaaaa"), 400},
    {"a bare line feed at the end", "GET /hello HTTP/1.1\r\nHost: x\n\n" + second, 400},
    {"a bare carriage return in a value", post("X-A: b\rContent-Length: 5\r\n", "aaaaa"), 400},
    {"chunks in HTTP/1.0", "POST /echo HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n" + empty_chunk + second,
     400},
    {"a chunk size with a sign", post("Transfer-Encoding: chunked\r\n", "+5\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a chunk size beyond 64 bits", post("Transfer-Encoding: chunked\r\n", "10000000000000005\r\naaaaa\r\n"),
     400},
    {"a chunk longer than its size", post("Transfer-Encoding: chunked\r\n", "2\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a chunk ended by a bare line feed", post("Transfer-Encoding: chunked\r\n", "5\naaaaa\r\n0\r\n\r\n"),
     400},
    {"a bare line feed in a chunk extension",
     post("Transfer-Encoding: chunked\r\n", "5;a=b\nc\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a bare line feed in a quoted chunk extension",
     post("Transfer-Encoding: chunked\r\n", "5;a=\"\n\"\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a bare carriage return in a chunk extension",
     post("Transfer-Encoding: chunked\r\n", "5;a\rb\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a space behind a chunk size", post("Transfer-Encoding: chunked\r\n", "5 \r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a chunk size with a prefix", post("Transfer-Encoding: chunked\r\n", "0x5\r\naaaaa\r\n0\r\n\r\n"), 400},
    {"a chunk without its line end", post("Transfer-Encoding: chunked\r\n", "5\r\naaaaa0\r\n\r\n"), 400},
    {"a chunk of nothing but its line end", post("Transfer-Encoding: chunked\r\n", "\r\n0\r\n\r\n"), 400},
    {"a trailer without a colon", post("Transfer-Encoding: chunked\r\n", "0\r\nGET / HTTP/1.1\r\n\r\n"), 400},
    {"a folded trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nA: b\r\n c\r\n\r\n"), 400},
    {"a bare line feed in a trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nA: b\nC: d\r\n\r\n"), 400},
    {"a coding in a trailer",
     post("Transfer-Encoding: chunked\r\n", "0\r\ntransfer-encoding: chunked\r\n\r\n"), 400},
    {"gzip, then chunks", post("Transfer-Encoding: gzip, chunked\r\n", empty_chunk), 501},
    {"chunks with a parameter", post("Transfer-Encoding: chunked;q=1\r\n", empty_chunk), 501},
    {"chunks with a comma", post("Transfer-Encoding: chunked,\r\n", empty_chunk), 501},
    {"a quoted coding", post("Transfer-Encoding: \"chunked\"\r\n", empty_chunk), 501},
    {"an empty coding", post("Transfer-Encoding:\r\n", empty_chunk), 501},
    {"a length with a space in it", post("Content-Length: 5 5\r\n", "aaaaa"), 400},
    {"a tab before the colon", post("Content-Length\t: 5\r\n", "aaaaa"), 400},
    {"a field without a name", post(": 5\r\n", ""), 400},
    {"a bare carriage return in the request line", "GET /hello\r HTTP/1.1\r\nHost: x\r\n\r\n" + second, 400},
    {"a second host with another case", "GET /hello HTTP/1.1\r\nHost: x\r\nhOST: x\r\n\r\n" + second, 400},
    {"a length in a trailer", post("Transfer-Encoding: chunked\r\n", "0\r\nContent-Length: 5\r\n\r\n"), 400},
    {"two hosts", "GET /hello HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n" + second, 400},
  }));
  INFO(tried.description);
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(tried.bytes);
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == tried.status);
  CHECK(answer->field("Connection") == "close");
  CHECK(client.is_closed());
}
