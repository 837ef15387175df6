#include "tests/http/running_edge.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/raw_http_client.hpp"

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

using namespace sonicmatch;
using namespace std::chrono_literals;
using tests::raw_http_client;
using tests::running_edge;

namespace {

const std::string ask_for_stream = "GET /stream HTTP/1.1\r\nHost: x\r\n\r\n";
const std::string heartbeat = ":\n\n";

bool write(const http::stream_sink& sink, std::string bytes) {
  return sink->write(std::make_shared<const std::string>(std::move(bytes)));
}

/// A promise that the stream's end keeps.
std::future<void> end_of(const http::stream_sink& sink) {
  auto told = std::make_shared<std::promise<void>>();
  sink->on_closed([told] { told->set_value(); });
  return told->get_future();
}

bool is_kept(const std::future<void>& promise) {
  return promise.wait_for(5s) == std::future_status::ready;
}

/// A client whose stream has begun, with the sink of it.
struct streaming {
  raw_http_client client;
  http::stream_sink sink;

  explicit streaming(running_edge& edge)
    : client{edge.port()} {
    client.send(ask_for_stream);
    sink = edge.streams().next();
    REQUIRE(sink);
    REQUIRE(client.read_head().starts_with("HTTP/1.1 200 OK\r\n"));
  }
};

} // namespace

TEST_CASE("a stream's head has no length, forbids keeping and buffering, and comes at once", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send(ask_for_stream);
  auto sink = edge.streams().next();
  auto answer = client.read_answer();
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->field("Content-Type") == "text/event-stream");
  CHECK(answer->field("Transfer-Encoding") == "chunked");
  CHECK(answer->field("Cache-Control") == "no-store");
  CHECK(answer->field("X-Accel-Buffering") == "no");
  CHECK(answer->field("Connection") == "close");
  CHECK(answer->field("X-Content-Type-Options") == "nosniff");
  CHECK_FALSE(answer->has("Content-Length"));
}

TEST_CASE("what is written to a stream arrives in order, and its end is the answer's end", "[http]") {
  running_edge edge;
  streaming stream{edge};
  CHECK(write(stream.sink, "one"));
  CHECK(stream.client.read_chunk() == "one");
  CHECK(write(stream.sink, ""));
  CHECK(write(stream.sink, "two"));
  CHECK(stream.client.read_chunk() == "two");
  auto closed = end_of(stream.sink);
  CHECK(write(stream.sink, "three"));
  stream.sink->end();
  CHECK_FALSE(write(stream.sink, "four"));
  CHECK(stream.client.read_rest() == "5\r\nthree\r\n0\r\n\r\n");
  CHECK(is_kept(closed));
  CHECK(is_kept(end_of(stream.sink))); // at once, when it is over already
}

TEST_CASE("many threads write to one stream, and each keeps its order", "[http]") {
  running_edge edge;
  streaming stream{edge};
  constexpr int writers = 4;
  constexpr int lines = 500;
  std::vector<std::jthread> writing;
  for (int w = 0; w < writers; ++w)
    writing.emplace_back([&, w] {
      for (int i = 0; i < lines; ++i)
        write(stream.sink, std::to_string(w) + ' ' + std::to_string(i) + '\n');
    });
  std::jthread ending{[&] {
    writing.clear();
    stream.sink->end();
  }};
  std::string all;
  while (auto chunk = stream.client.read_chunk()) {
    if (chunk->empty())
      break;
    all += *chunk;
  }
  ending.join();
  std::array<int, writers> next{};
  for (std::size_t begin = 0; begin < all.size();) {
    auto end = all.find('\n', begin);
    auto writer = static_cast<std::size_t>(all[begin] - '0');
    REQUIRE(all.substr(begin + 2, end - begin - 2) == std::to_string(next.at(writer)++));
    begin = end + 1;
  }
  CHECK(next == std::array<int, writers>{lines, lines, lines, lines});
}

TEST_CASE("a batch larger than one write arrives whole", "[http]") {
  running_edge edge;
  streaming stream{edge};
  std::string sent;
  for (char letter = 'a'; letter <= 'z'; ++letter) {
    sent += std::string(9'000, letter);
    CHECK(write(stream.sink, std::string(9'000, letter)));
  }
  stream.sink.reset();
  std::string all;
  auto chunk = stream.client.read_chunk();
  for (; chunk && !chunk->empty(); chunk = stream.client.read_chunk())
    all += *chunk;
  CHECK(chunk == "");
  CHECK(all == sent);
}

TEST_CASE("dropping the sink ends the stream", "[http]") {
  running_edge edge;
  streaming stream{edge};
  write(stream.sink, "last words");
  stream.sink.reset();
  CHECK(stream.client.read_chunk() == "last words");
  CHECK(stream.client.read_chunk() == "");
  CHECK(stream.client.is_closed());
}

TEST_CASE("a stream's beginning that throws ends it and is logged", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /stream-throws HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK_FALSE(client.read_head().empty());
  CHECK(client.read_chunk() == "before");
  CHECK(client.read_chunk() == "");
  CHECK(edge.log().comes("error=cannot begin"));
}

TEST_CASE("a silent stream sends a comment, again and again, and goes on", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.stream_heartbeat = 30ms;
  running_edge edge{settings};
  streaming stream{edge};
  CHECK(stream.client.read_chunk() == heartbeat);
  CHECK(stream.client.read_chunk() == heartbeat);
  write(stream.sink, "event");
  auto chunk = stream.client.read_chunk();
  while (chunk == heartbeat)
    chunk = stream.client.read_chunk();
  CHECK(chunk == "event");
}

TEST_CASE("HTTP/1.0 gets a stream without chunks, until the connection closes", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  auto sink = edge.streams().next();
  REQUIRE(sink);
  write(sink, "one");
  write(sink, "two");
  sink->end();
  auto all = client.read_rest();
  CHECK(all.find("Transfer-Encoding") == std::string::npos);
  CHECK(all.find("Connection: close\r\n") != std::string::npos);
  CHECK(all.ends_with("\r\n\r\nonetwo"));
}

TEST_CASE("HEAD of a stream has its head, and the connection goes on", "[http]") {
  running_edge edge;
  raw_http_client client{edge.port()};
  client.send("HEAD /stream HTTP/1.1\r\nHost: x\r\n\r\nGET /hello HTTP/1.1\r\nHost: x\r\n\r\n");
  auto answer = client.read_answer(true);
  REQUIRE(answer);
  CHECK(answer->status == 200);
  CHECK(answer->field("Content-Type") == "text/event-stream");
  CHECK_FALSE(answer->has("Content-Length"));
  auto next = client.read_answer();
  REQUIRE(next);
  CHECK(next->body == "hello");
}

TEST_CASE("a client that goes while its stream is silent is noticed at once", "[http]") {
  running_edge edge;
  auto stream = std::make_unique<streaming>(edge);
  auto sink = stream->sink;
  auto closed = end_of(sink);
  stream.reset();
  CHECK(is_kept(closed));
  CHECK_FALSE(write(sink, "anybody?"));
  CHECK(edge.server().drain(5s));
}

TEST_CASE("a client that talks into its stream may do so for a while only", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.stream_input_bytes_max = 1'000;
  running_edge edge{settings};
  streaming stream{edge};
  stream.client.send(std::string(900, 'x'));
  write(stream.sink, "event");
  CHECK(stream.client.read_chunk() == "event");
  auto closed = end_of(stream.sink);
  stream.client.send(std::string(200, 'x'));
  CHECK(is_kept(closed));
}

TEST_CASE("a client that does not read its stream is cut off at the queue's bound", "[http]") {
  running_edge edge;
  streaming stream{edge};
  auto closed = end_of(stream.sink);
  bool is_taken = true;
  std::size_t written = 0;
  while (is_taken && written < (64u << 20)) { // more than the system's buffers hold
    is_taken = write(stream.sink, std::string(10'000, 'x'));
    written += 10'000;
    std::this_thread::yield();
  }
  CHECK_FALSE(is_taken);
  CHECK(is_kept(closed));
  CHECK(edge.server().drain(5s));
}

TEST_CASE("a client that reads its stream too slowly is cut off at the write deadline", "[http]") {
  auto settings = running_edge::quick_settings();
  settings.write_deadline = 100ms;
  settings.stream_queue_bytes_max = 64u << 20;
  running_edge edge{settings};
  streaming stream{edge};
  auto closed = end_of(stream.sink);
  write(stream.sink, std::string(32u << 20, 'x'));
  CHECK(is_kept(closed));
}

TEST_CASE("a drain ends streams properly, with what was written before", "[http]") {
  running_edge edge;
  streaming silent{edge};
  streaming busy{edge};
  write(busy.sink, "before the end");
  auto closed = end_of(busy.sink);
  edge.server().stop_accepting();
  CHECK(silent.client.read_rest() == "0\r\n\r\n");
  auto rest = busy.client.read_rest();
  CHECK(rest.starts_with("e\r\nbefore the end\r\n"));
  CHECK(rest.ends_with("0\r\n\r\n"));
  CHECK(is_kept(closed));
  CHECK_FALSE(write(silent.sink, "after it"));
}

TEST_CASE("a server that is destroyed lets go of its streams", "[http]") {
  running_edge edge;
  streaming stream{edge};
  auto closed = end_of(stream.sink);
  std::atomic<bool> is_enough{false};
  std::jthread writing{[&] {
    while (!is_enough)
      write(stream.sink, "event");
  }};
  edge.end();
  CHECK(is_kept(closed));
  is_enough = true;
  writing.join();
  CHECK_FALSE(write(stream.sink, "anybody?"));
}
