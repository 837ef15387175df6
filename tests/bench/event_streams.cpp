// Many open streams of sessions' progress, and how late what happens comes to them.
//
//     event_streams PORT STREAMS SESSIONS SESSIONS_PER_SECOND
//
// Asks for SESSIONS recommendations, asynchronously and at a steady rate, and opens
// STREAMS / SESSIONS streams on each at once. The model should take longer than all
// the asking, so that all streams are open before the first session ends. An event's
// lateness counts from its time in the log to its arrival here: one machine, one clock.
//
// Prints "OPEN" when all streams are open, and at the end one line, "RESULT {...}".

#include <boost/asio.hpp>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <list>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <sys/resource.h>
#include <vector>

namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

/// The server bounds the connections of one address, so they come from some.
constexpr unsigned source_addresses = 16;

/// "2026-11-22T14:15:39.000000Z" as microseconds since 1970, or nothing.
std::optional<std::int64_t> microseconds_of(std::string_view text) {
  std::tm at{};
  int fraction = 0;
  if (std::sscanf(std::string{text}.c_str(), "%d-%d-%dT%d:%d:%d.%6dZ", &at.tm_year, &at.tm_mon, &at.tm_mday,
                  &at.tm_hour, &at.tm_min, &at.tm_sec, &fraction)
      != 7)
    return std::nullopt;
  at.tm_year -= 1900;
  at.tm_mon -= 1;
  return timegm(&at) * 1'000'000LL + fraction;
}

std::int64_t now_in_microseconds() {
  using namespace std::chrono;
  return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

struct totals {
  std::vector<double> lateness_ms;
  std::size_t open = 0;
  std::size_t ended = 0;
  std::size_t failed = 0;
  bool all_are_open = false;
};

class connection {
public:
  connection(asio::io_context& context, unsigned number)
    : socket_(context) {
    error_code ignored; // a socket that cannot be bound cannot connect either, which counts
    socket_.open(tcp::v4(), ignored);
    socket_.bind({asio::ip::make_address_v4(0x7f000001u + number % source_addresses), 0}, ignored);
  }

  template <class Done>
  void send(std::uint16_t port, std::string request, Done done) {
    request_ = std::move(request);
    socket_.async_connect({asio::ip::make_address_v4("127.0.0.1"), port}, [this, done = std::move(done)](
                                                                            error_code failed) mutable {
      if (failed)
        return done(failed);
      asio::async_write(socket_, asio::buffer(request_),
                        [done = std::move(done)](error_code error, std::size_t) mutable { done(error); });
    });
  }

  tcp::socket socket_;
  std::string request_;
  std::string text_;
};

class measurement {
public:
  measurement(asio::io_context& context, std::uint16_t port, std::size_t streams, std::size_t sessions,
              double rate)
    : context_(context)
    , timer_(context)
    , port_(port)
    , streams_(streams)
    , sessions_(sessions)
    , rate_(rate) {}

  void begin() {
    began_ = std::chrono::steady_clock::now();
    ask_for_what_is_due();
  }

  totals results;

private:
  void ask_for_what_is_due() {
    auto elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - began_).count();
    for (; asked_ < sessions_ && static_cast<double>(asked_) <= elapsed * rate_; ++asked_)
      ask();
    if (asked_ == sessions_)
      return;
    timer_.expires_after(std::chrono::milliseconds{2});
    timer_.async_wait([this](error_code failed) {
      if (!failed)
        ask_for_what_is_due();
    });
  }

  void ask() {
    auto number = static_cast<unsigned>(asked_);
    // Wishes of this run alone, or the answers to a former run's would be used again.
    auto body = R"({"preferences":{"genres":["rock"],"sound_preferences":{"bass":)" + std::to_string(bass_)
                + R"(},"budget_max":)" + std::to_string(300 + number) + R"(},"mode":"async"})";
    auto request = "POST /api/v1/recommend HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
                   "Connection: close\r\nContent-Length: "
                   + std::to_string(body.size()) + "\r\n\r\n" + body;
    auto asker = std::make_shared<connection>(context_, number);
    asker->send(port_, std::move(request), [this, asker](error_code failed) {
      if (failed)
        return lose_session();
      asio::async_read(asker->socket_, asio::dynamic_buffer(asker->text_),
                       [this, asker](error_code, std::size_t) { watch(asker->text_); });
    });
  }

  void watch(std::string_view answer) {
    constexpr std::string_view field = "\"session_id\":\"";
    auto at = answer.find(field);
    if (at == std::string_view::npos)
      return lose_session();
    std::string id{answer.substr(at + field.size(), 36)};
    for (std::size_t i = 0; i < streams_ / sessions_; ++i) {
      auto& opened = all_.emplace_back(context_, static_cast<unsigned>(all_.size()));
      opened.send(
        port_,
        "GET /api/v1/recommendations/" + id
          + "/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n",
        [this, &opened](error_code failed) { failed ? end(opened, false) : begin_reading(opened); });
    }
  }

  void begin_reading(connection& stream) {
    if (++results.open == streams_) {
      results.all_are_open = results.ended == 0;
      std::printf("OPEN\n");
      std::fflush(stdout);
    }
    read(stream);
  }

  void read(connection& stream) {
    auto size = stream.text_.size();
    stream.text_.resize(size + 4096);
    stream.socket_.async_read_some(asio::buffer(stream.text_.data() + size, 4096),
                                   [this, &stream, size](error_code failed, std::size_t count) {
                                     stream.text_.resize(size + count);
                                     take_events(stream);
                                     if (failed || stream.text_.ends_with("\r\n0\r\n\r\n"))
                                       return end(stream, has_ended(stream));
                                     read(stream);
                                   });
  }

  static bool has_ended(const connection& stream) {
    return stream.text_.ends_with("0\r\n\r\n");
  }

  /// When the event in `text` happened: a session's end is told by its document.
  static std::optional<std::int64_t> time_of(std::string_view text) {
    for (std::string_view field : {"\"time\":\"", "\"completed_at\":\""})
      if (auto at = text.find(field); at != std::string_view::npos)
        return microseconds_of(text.substr(at + field.size(), 27));
    return std::nullopt;
  }

  /// Notes each whole event in what has come, and keeps the rest.
  void take_events(connection& stream) {
    auto& text = stream.text_;
    for (std::size_t end = 0; (end = text.find("\n\n")) != std::string::npos; text.erase(0, end + 2))
      if (auto happened = time_of(std::string_view{text}.substr(0, end)); happened && results.all_are_open)
        results.lateness_ms.push_back(static_cast<double>(now_in_microseconds() - *happened) / 1e3);
  }

  void end(connection& stream, bool good) {
    error_code ignored; // it is closed either way
    stream.socket_.close(ignored);
    ++(good ? results.ended : results.failed);
    if (results.ended + results.failed == streams_)
      context_.stop();
  }

  void lose_session() {
    results.failed += streams_ / sessions_;
    if (results.ended + results.failed == streams_)
      context_.stop();
  }

  asio::io_context& context_;
  asio::steady_timer timer_;
  std::uint16_t port_;
  std::size_t streams_;
  std::size_t sessions_;
  double rate_;
  std::random_device seed_;
  double bass_ = std::uniform_real_distribution{}(seed_);
  std::size_t asked_ = 0;
  std::chrono::steady_clock::time_point began_;
  std::list<connection> all_;
};

double percentile(const std::vector<double>& sorted, double p) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: event_streams PORT STREAMS SESSIONS SESSIONS_PER_SECOND\n");
    return 2;
  }
  rlimit files{};
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files); // without it fewer streams open, which is counted
  }
  asio::io_context context{1};
  measurement all{context, static_cast<std::uint16_t>(std::atoi(argv[1])), std::strtoul(argv[2], nullptr, 10),
                  std::strtoul(argv[3], nullptr, 10), std::atof(argv[4])};
  all.begin();
  context.run_for(std::chrono::seconds{120});
  auto& late = all.results.lateness_ms;
  std::sort(late.begin(), late.end());
  std::printf("RESULT {\"opened\":%zu,\"ended\":%zu,\"failed\":%zu,\"all_at_once\":%s,\"events\":%zu,"
              "\"p50_ms\":%.2f,\"p99_ms\":%.2f,\"worst_ms\":%.2f}\n",
              all.results.open, all.results.ended, all.results.failed,
              all.results.all_are_open ? "true" : "false", late.size(), percentile(late, 0.5),
              percentile(late, 0.99), percentile(late, 1));
  return 0;
}
