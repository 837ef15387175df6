#include "http/chunked_body.hpp"
#include "tests/support/catch.hpp"

#include <vector>

using sonicmatch::http::chunked_body;
using verdict = chunked_body::verdict;

namespace {

struct outcome {
  verdict reached = verdict::need_more;
  std::string body;
  std::size_t taken = 0;

  bool operator==(const outcome&) const = default;
};

outcome read(std::string_view bytes, std::size_t piece, std::size_t body_max = 100,
             std::size_t all_max = 400) {
  chunked_body chunks{body_max, all_max};
  outcome seen;
  while (seen.reached == verdict::need_more && !bytes.empty()) {
    std::size_t taken = 0;
    auto next = bytes.substr(0, piece);
    seen.reached = chunks.read(next, seen.body, taken);
    seen.taken += taken;
    bytes.remove_prefix(next.size());
  }
  return seen;
}

/// The outcome, which must be the same however the bytes are cut.
outcome read(std::string_view bytes) {
  auto whole = read(bytes, bytes.size());
  for (std::size_t piece = 1; piece < bytes.size(); ++piece)
    CHECK(read(bytes, piece).reached == whole.reached);
  if (whole.reached == verdict::complete)
    CHECK(read(bytes, 1) == whole);
  return whole;
}

} // namespace

TEST_CASE("chunks are joined, and what follows them is left alone", "[http]") {
  std::string_view bytes =
    "5\r\nhello\r\n00001;name=\"a value\"\r\n \r\nA ;x\r\nworld, all\r\n0\r\n\r\nGET /";
  auto seen = read(bytes);
  CHECK(seen.reached == verdict::complete);
  CHECK(seen.body == "hello world, all");
  CHECK(bytes.substr(seen.taken) == "GET /");
}

TEST_CASE("trailers are read over", "[http]") {
  auto seen = read("1\r\nx\r\n0;last\r\nX-Checksum: abc \t\xc3\xa4\r\nEmpty:\r\n\r\n");
  CHECK(seen.reached == verdict::complete);
  CHECK(seen.body == "x");
}

TEST_CASE("chunks that are not as they should be are malformed", "[http]") {
  for (std::string_view bytes : {"\r\n",
                                 "x\r\n",
                                 "-1\r\n",
                                 "5\n",
                                 "5\rhello",
                                 "5 \r\n",
                                 "5 5\r\n",
                                 "5;a\nb\r\n",
                                 "5;a\rb\r\n",
                                 "5;a=\"\n",
                                 "5\r\nhello5",
                                 "5\r\nhello\n",
                                 "10000000000000001\r\n",
                                 "0\r\nA\r\n",
                                 "0\r\n A: b\r\n",
                                 "0\r\nA : b\r\n",
                                 "0\r\n: b\r\n",
                                 "0\r\nA: b\n",
                                 "0\r\nA: b\r\r\n",
                                 "0\r\nContent-length: 1\r\n",
                                 "0\r\nTransfer-Encoding: x\r\n",
                                 "0\r\n\rx",
                                 "0\r\n\n",
                                 "\t5\r\n",
                                 "0x5\r\n"}) {
    INFO(bytes);
    CHECK(read(bytes).reached == verdict::malformed);
  }
}

TEST_CASE("a body is refused as soon as a chunk would make it too large", "[http]") {
  CHECK(read("65\r\n").reached == verdict::body_too_large);
  CHECK(read("64\r\n").reached == verdict::need_more);
  CHECK(read("ffffffffffffffff\r\n").reached == verdict::body_too_large);
  CHECK(read("63\r\n" + std::string(99, 'x') + "\r\n2\r\n").reached == verdict::body_too_large);
}

TEST_CASE("a long line and much overhead are refused", "[http]") {
  auto line = "1;" + std::string(chunked_body::line_bytes_max, 'e');
  CHECK(read(line, 1, 100, 10'000).reached == verdict::framing_too_large);
  CHECK(read(std::string(2'000, '0'), 7, 100, 10'000).reached == verdict::framing_too_large);
  CHECK(read("0\r\nA:" + std::string(2'000, 'v'), 7, 100, 10'000).reached == verdict::framing_too_large);
  std::string many;
  for (int i = 0; i < 90; ++i)
    many += "1\r\nx\r\n";
  CHECK(read(many).reached == verdict::framing_too_large);
  CHECK(read("0\r\n" + std::string(400, 'T'), 3).reached == verdict::framing_too_large);
}
