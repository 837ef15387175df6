// POST /recommend at a steady rate, whatever the answers take: request n is due at
// n / rate, and its time counts from then, so that a server that falls behind cannot
// hide it. (wrk waits for an answer before it asks again, and with a model that always
// takes the same time its connections end up asking all at once.)
//
//     steady_load PORT RATE SECONDS WARM_SECONDS
//
// Prints one line, "RESULT {...}", of the seconds after the warm ones.

#include <boost/asio.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>

#include <algorithm>
#include <cstdio>
#include <deque>
#include <list>
#include <random>
#include <string>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using tcp = asio::ip::tcp;
using clock_type = std::chrono::steady_clock;

/// The server bounds the connections of one address, so the load comes from some.
constexpr int source_addresses = 8;
constexpr std::size_t connections_max = 4'000;

std::string some_wishes(std::mt19937& random) {
  constexpr std::array genres{"rock", "jazz",    "classical", "electronic",
                              "pop",  "hip_hop", "acoustic",  "metal"};
  constexpr std::array uses{"critical_listening", "travel", "commuting", "studio", "casual", "gaming"};
  auto of = [&](const auto& all) { return all[random() % all.size()]; };
  char text[512];
  std::snprintf(text, sizeof text,
                R"({"preferences":{"genres":["%s"],"sound_preferences":{"bass":%.4f,"treble":%.4f},)"
                R"("budget_min":%u,"budget_max":%u,"primary_use_case":"%s"}})",
                of(genres), static_cast<double>(random() % 10'000) / 1e4,
                static_cast<double>(random() % 10'000) / 1e4, static_cast<unsigned>(20 + random() % 80),
                static_cast<unsigned>(150 + random() % 750), of(uses));
  return text;
}

struct totals {
  std::vector<double> latencies_ms;
  std::size_t answered = 0;
  std::size_t in_time = 0; ///< answers that came within the measured seconds, to whatever request
  std::size_t degraded = 0;
  std::size_t failed = 0;
};

/// One connection, asked again and again; it is idle between an answer and the next request.
class connection {
public:
  connection(asio::io_context& context, std::uint16_t port, int number)
    : stream_(context)
    , target_(asio::ip::make_address("127.0.0.1"), port) {
    beast::error_code failed;
    stream_.socket().open(tcp::v4(), failed);
    auto source = asio::ip::make_address_v4(0x7f000001u + static_cast<unsigned>(number % source_addresses));
    stream_.socket().bind({source, 0}, failed);
  }

  template <class Done>
  void ask(std::string body, Done done) {
    request_ = {http::verb::post, "/api/v1/recommend", 11};
    request_.set(http::field::host, "127.0.0.1");
    request_.set(http::field::content_type, "application/json");
    request_.body() = std::move(body);
    request_.prepare_payload();
    if (connected_)
      return write(std::move(done));
    stream_.async_connect(target_, [this, done = std::move(done)](beast::error_code failed) mutable {
      connected_ = !failed;
      failed ? done(false, http::response<http::string_body>{}) : write(std::move(done));
    });
  }

private:
  template <class Done>
  void write(Done done) {
    http::async_write(stream_, request_,
                      [this, done = std::move(done)](beast::error_code failed, std::size_t) mutable {
                        failed ? done(false, http::response<http::string_body>{}) : read(std::move(done));
                      });
  }
  template <class Done>
  void read(Done done) {
    response_ = {};
    http::async_read(stream_, buffer_, response_,
                     [this, done = std::move(done)](beast::error_code failed, std::size_t) mutable {
                       done(!failed && response_.result_int() == 200, response_);
                     });
  }

  beast::tcp_stream stream_;
  tcp::endpoint target_;
  bool connected_ = false;
  http::request<http::string_body> request_;
  http::response<http::string_body> response_;
  beast::flat_buffer buffer_;
};

class load {
public:
  load(asio::io_context& context, std::uint16_t port, double rate, double seconds, double warm)
    : context_(context)
    , timer_(context)
    , port_(port)
    , rate_(rate)
    , count_(static_cast<std::size_t>(rate * (seconds + warm)))
    , warm_count_(static_cast<std::size_t>(rate * warm))
    , random_(std::random_device{}()) {}

  void begin() {
    began_ = clock_type::now();
    send_what_is_due();
  }
  [[nodiscard]] const totals& results() const {
    return totals_;
  }

private:
  clock_type::time_point due(std::size_t n) const {
    return began_
           + std::chrono::duration_cast<clock_type::duration>(
             std::chrono::duration<double>(static_cast<double>(n) / rate_));
  }

  void send_what_is_due() {
    for (; next_ < count_ && due(next_) <= clock_type::now(); ++next_)
      send(next_);
    if (next_ == count_)
      return;
    timer_.expires_at(due(next_));
    timer_.async_wait([this](beast::error_code failed) {
      if (!failed)
        send_what_is_due();
    });
  }

  void send(std::size_t n) {
    connection* free = nullptr;
    if (!idle_.empty()) {
      free = idle_.back();
      idle_.pop_back();
    } else if (all_.size() < connections_max) {
      free = &all_.emplace_back(context_, port_, static_cast<int>(all_.size()));
    } else {
      ++totals_.failed;
      return;
    }
    free->ask(some_wishes(random_), [this, n, free](bool good, const auto& response) {
      if (good)
        idle_.push_back(free); // a broken connection is not used again
      auto now = clock_type::now();
      totals_.in_time += good && now >= due(warm_count_) && now < due(count_) ? 1 : 0;
      if (n < warm_count_)
        return;
      totals_.answered += good ? 1 : 0;
      totals_.failed += good ? 0 : 1;
      totals_.degraded += good && response.body().find("\"degraded\":true") != std::string::npos ? 1 : 0;
      std::chrono::duration<double, std::milli> took = now - due(n);
      totals_.latencies_ms.push_back(took.count());
    });
  }

  asio::io_context& context_;
  asio::steady_timer timer_;
  std::uint16_t port_;
  double rate_;
  std::size_t count_;
  std::size_t warm_count_;
  std::size_t next_ = 0;
  std::mt19937 random_;
  clock_type::time_point began_;
  std::list<connection> all_;
  std::vector<connection*> idle_;
  totals totals_;
};

double percentile(std::vector<double>& sorted, double p) {
  return sorted.empty() ? 0 : sorted[static_cast<std::size_t>(p * static_cast<double>(sorted.size() - 1))];
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 5) {
    std::fprintf(stderr, "usage: steady_load PORT RATE SECONDS WARM_SECONDS\n");
    return 2;
  }
  asio::io_context context{1};
  auto seconds = std::stod(argv[3]);
  load steady{context, static_cast<std::uint16_t>(std::stoi(argv[1])), std::stod(argv[2]), seconds,
              std::stod(argv[4])};
  steady.begin();
  auto last = clock_type::now() + std::chrono::seconds{90 + static_cast<int>(seconds + std::stod(argv[4]))};
  while (context.run_one_until(last) > 0) {
  }
  auto found = steady.results();
  std::sort(found.latencies_ms.begin(), found.latencies_ms.end());
  std::printf(
    "RESULT "
    "{\"answered\":%zu,\"in_time\":%zu,\"refused\":%zu,\"degraded\":%zu,\"duration_s\":%.3f,\"p50_ms\":%.3f,"
    "\"p99_ms\":%.3f}\n",
    found.answered, found.in_time, found.failed, found.degraded, seconds, percentile(found.latencies_ms, 0.5),
    percentile(found.latencies_ms, 0.99));
}
