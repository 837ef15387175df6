/// The HTTP core with one route that answers from memory: what a cached page costs
/// with everything the edge does around it. Compare with bare_beast.
///
/// Usage: http_core PORT BODY_BYTES [THREADS]. Prints "listening" and runs until it
/// is killed. /later answers the same from another thread.
#include "http/server.hpp"

#include "events/error.hpp"

#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <iostream>
#include <mutex>
#include <string>
#include <thread>

namespace {

using namespace sonicmatch;

class silent_logger final : public actors::ports::logger {
public:
  void write(actors::ports::severity, std::string_view,
             std::initializer_list<actors::ports::log_field>) override {}
};

/// Answers what is handed to it, on a thread of its own.
class answering_thread {
public:
  void hand(http::responder answer) {
    std::lock_guard guard{mutex_};
    waiting_.push_back(std::move(answer));
    changed_.notify_one();
  }

  [[noreturn]] void run(const std::shared_ptr<const std::string>& content) {
    for (;;) {
      std::unique_lock lock{mutex_};
      changed_.wait(lock, [this] { return !waiting_.empty(); });
      auto taken = std::exchange(waiting_, {});
      lock.unlock();
      for (auto& answer : taken)
        answer(http::json_response(content));
    }
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<http::responder> waiting_;
};

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: http_core PORT BODY_BYTES [THREADS]\n";
    return 2;
  }
  http::server_settings settings;
  settings.host = "127.0.0.1";
  settings.port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  settings.io_threads = argc > 3 ? static_cast<unsigned>(std::atoi(argv[3])) : 2;
  auto content = std::make_shared<const std::string>(static_cast<std::size_t>(std::atol(argv[2])), 'x');

  answering_thread other;
  http::router routes;
  routes.get("/api/v1/headphones", "list_headphones", [content](const http::request&) {
    return http::json_response(content, http::cache_policy::revalidate);
  });
  routes.get("/later", "answer_later",
             [&other](http::request, http::responder answer) { other.hand(std::move(answer)); });

  silent_logger log;
  auto started = http::server::start(settings, std::move(routes), log);
  if (!started) {
    std::cerr << events::describe(started.error()) << '\n';
    return 1;
  }
  std::cout << "listening" << std::endl;
  other.run(content);
}
