#pragma once

#include "actors/ports/logger.hpp"

#include <chrono>
#include <cstddef>
#include <string_view>

namespace sonicmatch::http {

/// One request and its answer, when the answer has been handed to the socket.
/// Its views are valid during the call that shows it.
struct exchange {
  std::string_view operation_id; ///< empty when no route was found
  std::string_view method;       ///< as sent
  std::string_view path;         ///< decoded; empty when the head was malformed
  std::string_view request_id;
  std::string_view client_address;
  int status = 0;
  std::size_t body_bytes = 0;          ///< of the answer
  std::chrono::nanoseconds duration{}; ///< from the complete request to the answer
};

/// Sees every exchange: where metrics are counted. Called on the I/O threads,
/// several at once; must be thread-safe, fast, and not throw.
class exchange_observer {
public:
  virtual ~exchange_observer() = default;
  virtual void observe(const exchange& done) noexcept = 0;
};

/// Writes the access log's line: at info for a 5xx, else at debug.
void log_exchange(actors::ports::logger& log, const exchange& done);

} // namespace sonicmatch::http
