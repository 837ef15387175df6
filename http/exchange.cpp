#include "http/exchange.hpp"

#include <string>

namespace sonicmatch::http {

void log_exchange(actors::ports::logger& log, const exchange& done) {
  using actors::ports::severity;
  auto microseconds = std::chrono::duration_cast<std::chrono::microseconds>(done.duration).count();
  // A probe that asks whether the process is ready gets its 503 several times a second.
  auto notable = done.status >= 500 && !done.path.starts_with("/health");
  log.write(notable ? severity::info : severity::debug, "answered a request",
            {{"method", std::string{done.method}},
             {"path", std::string{done.path}},
             {"operation", std::string{done.operation_id}},
             {"status", std::to_string(done.status)},
             {"duration_us", std::to_string(microseconds)},
             {"client", std::string{done.client_address}},
             {"request_id", std::string{done.request_id}}});
}

} // namespace sonicmatch::http
