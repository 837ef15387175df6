#include "infra/kafka/watchdog.hpp"

#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <stop_token>

namespace sonicmatch::infra::kafka {

namespace {

using clock = std::chrono::steady_clock;

constexpr int exit_software = 70;

} // namespace

watchdog::watchdog(std::string what, std::chrono::milliseconds limit, actors::ports::logger& log,
                   std::function<void()> on_hang)
  : last_(clock::now().time_since_epoch().count()) {
  if (!on_hang)
    on_hang = [what = std::move(what), limit, &log] {
      log.error("no progress; ending the process so that it can be started anew",
                {{"what", what}, {"limit_ms", std::to_string(limit.count())}});
      std::_Exit(exit_software);
    };
  thread_ = std::jthread{[this, limit, on_hang = std::move(on_hang)](const std::stop_token& stop) {
    std::mutex mutex;
    std::condition_variable_any never;
    std::unique_lock lock{mutex};
    while (!never.wait_for(lock, stop, limit / 4, [&] { return stop.stop_requested(); })) {
      if (clock::now() - clock::time_point{clock::duration{last_.load()}} > limit)
        return on_hang();
    }
  }};
}

void watchdog::pulse() noexcept {
  last_ = clock::now().time_since_epoch().count();
}

} // namespace sonicmatch::infra::kafka
