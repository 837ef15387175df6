/// What open streams cost the edge: memory for each, and how soon an event arrives while
/// thousands of others are silent, and when all get one at once.
///
/// Usage: open_streams [COUNT] [EVENTS_PER_SECOND] [SECONDS]. Runs the server in a process
/// of its own, so that its memory is the server's alone.
#include "events/error.hpp"
#include "http/server.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <mutex>
#include <random>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace sonicmatch;
using clock_type = std::chrono::steady_clock; // the same in both processes

struct plan {
  std::size_t streams = 10'000;
  int events_per_second = 1'000;
  int seconds = 10;
};

class silent_logger final : public actors::ports::logger {
public:
  void write(actors::ports::severity, std::string_view,
             std::initializer_list<actors::ports::log_field>) override {}
};

[[noreturn]] void fail(const std::string& what) {
  std::cerr << "open_streams: " << what << '\n';
  std::_Exit(1);
}

/// An event whose data is the time it was written.
std::shared_ptr<const std::string> event_now() {
  auto now = clock_type::now().time_since_epoch();
  auto text = std::to_string(std::chrono::duration_cast<std::chrono::nanoseconds>(now).count());
  return std::make_shared<const std::string>("event: progress\ndata: " + text + "\n\n");
}

/// Serves streams, and writes to them when told to through `orders`: 'r' for the plan's
/// rate on streams drawn at random, 'a' for one event to all.
[[noreturn]] void serve(const plan& wanted, int orders, int port_out) {
  http::server_settings settings;
  settings.host = "127.0.0.1";
  settings.port = 0;
  settings.connections_max = settings.connections_per_address_max = wanted.streams + 10;
  std::mutex mutex;
  std::vector<http::stream_sink> sinks;
  http::router routes;
  http::route events{http::method::get, "/stream", "stream", [&](const http::request&) {
                       http::response made;
                       made.content_type = "text/event-stream";
                       made.stream = [&](http::stream_sink sink) {
                         std::lock_guard guard{mutex};
                         sinks.push_back(std::move(sink));
                       };
                       return made;
                     }};
  events.produces = "text/event-stream";
  routes.add(std::move(events));
  silent_logger log;
  auto started = http::server::start(settings, std::move(routes), log);
  if (!started)
    fail(events::describe(started.error()));
  auto port = (*started)->port();
  if (::write(port_out, &port, sizeof port) != sizeof port)
    fail("cannot tell the port");
  std::mt19937 draw{1};
  char order = 0;
  while (::read(orders, &order, 1) == 1) {
    std::lock_guard guard{mutex};
    if (order == 'a')
      for (const auto& sink : sinks)
        sink->write(event_now());
    for (int i = 0; order == 'r' && i < wanted.events_per_second * wanted.seconds; ++i) {
      sinks[draw() % sinks.size()]->write(event_now());
      std::this_thread::sleep_for(std::chrono::microseconds{1'000'000 / wanted.events_per_second});
    }
  }
  std::_Exit(0);
}

/// Resident memory of a process, MB.
double resident_mb(pid_t process) {
  std::ifstream status{"/proc/" + std::to_string(process) + "/status"};
  for (std::string word; status >> word;)
    if (word == "VmRSS:") {
      double kib = 0;
      status >> kib;
      return kib * 1024 / 1e6;
    }
  return 0;
}

/// All the streams' clients, driven by one epoll.
class clients {
public:
  clients(std::uint16_t port, std::size_t count)
    : epoll_{::epoll_create1(0)} {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static constexpr std::string_view request = "GET /stream HTTP/1.1\r\nHost: x\r\nUser-Agent: "
                                                "Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: "
                                                "text/event-stream\r\n\r\n";
    for (std::size_t i = 0; i < count; ++i) {
      auto one = ::socket(AF_INET, SOCK_STREAM, 0);
      if (one < 0 || ::connect(one, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0
          || ::send(one, request.data(), request.size(), 0) < 0)
        fail("cannot open stream " + std::to_string(i));
      epoll_event wanted{EPOLLIN, {.fd = one}};
      ::epoll_ctl(epoll_, EPOLL_CTL_ADD, one, &wanted);
    }
  }

  /// Reads until `count` heads have come.
  void await_heads(std::size_t count) {
    while (heads_ < count)
      if (!read_ready())
        fail("only " + std::to_string(heads_) + " heads came");
  }

  /// Reads until `count` events have come, and gives their latencies in ms, sorted.
  std::vector<double> await_events(std::size_t count) {
    latencies_.clear();
    while (latencies_.size() < count)
      if (!read_ready())
        fail("only " + std::to_string(latencies_.size()) + " events came");
    std::sort(latencies_.begin(), latencies_.end());
    return latencies_;
  }

private:
  bool read_ready() {
    std::array<epoll_event, 256> ready;
    auto count = ::epoll_wait(epoll_, ready.data(), ready.size(), 5'000);
    for (int i = 0; i < count; ++i)
      read(ready.at(static_cast<std::size_t>(i)).data.fd);
    return count > 0;
  }

  void read(int from) {
    std::array<char, 4096> buffer;
    auto got = ::recv(from, buffer.data(), buffer.size(), 0);
    if (got <= 0)
      fail("a stream ended");
    auto now = std::chrono::nanoseconds{clock_type::now().time_since_epoch()}.count();
    std::string_view text{buffer.data(), static_cast<std::size_t>(got)};
    heads_ += text.starts_with("HTTP/1.1 200");
    for (auto at = text.find("data: "); at != std::string_view::npos; at = text.find("data: ", at + 1))
      latencies_.push_back(static_cast<double>(now - std::atoll(text.data() + at + 6)) / 1e6);
  }

  int epoll_;
  std::size_t heads_ = 0;
  std::vector<double> latencies_;
};

void print(const char* what, const std::vector<double>& sorted) {
  auto at = [&](double part) {
    return sorted[static_cast<std::size_t>(part * static_cast<double>(sorted.size() - 1))];
  };
  std::cout << what << ": " << sorted.size() << " events, p50 " << at(0.5) << " ms, p99 " << at(0.99)
            << " ms, max " << at(1) << " ms" << std::endl;
}

} // namespace

int main(int argc, char** argv) {
  plan wanted;
  if (argc > 1)
    wanted.streams = static_cast<std::size_t>(std::atol(argv[1]));
  if (argc > 2)
    wanted.events_per_second = std::atoi(argv[2]);
  if (argc > 3)
    wanted.seconds = std::atoi(argv[3]);
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  files.rlim_cur = files.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &files);
  std::array<int, 2> orders;
  std::array<int, 2> ports;
  if (::pipe(orders.data()) != 0 || ::pipe(ports.data()) != 0)
    fail("no pipes");
  auto server = ::fork();
  if (server == 0) {
    ::close(orders[1]);
    serve(wanted, orders[0], ports[1]);
  }
  std::uint16_t port = 0;
  if (::read(ports[0], &port, sizeof port) != sizeof port)
    fail("the server did not start");
  auto before = resident_mb(server);
  clients all{port, wanted.streams};
  all.await_heads(wanted.streams);
  auto after = resident_mb(server);
  std::cout << wanted.streams << " streams open: " << after << " MB resident, "
            << (after - before) * 1e3 / static_cast<double>(wanted.streams) << " KB for each" << std::endl;
  auto order = [&](char letter) { return ::write(orders[1], &letter, 1) == 1; };
  if (order('r'))
    print("at random", all.await_events(static_cast<std::size_t>(wanted.events_per_second * wanted.seconds)));
  if (order('a'))
    print("to all at once", all.await_events(wanted.streams));
  std::cout << "resident at the end: " << resident_mb(server) << " MB" << std::endl;
  ::close(orders[1]);
  ::waitpid(server, nullptr, 0);
}
