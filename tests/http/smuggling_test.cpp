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
