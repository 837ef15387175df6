#pragma once

#include "actors/ports/logger.hpp"
#include "http/connection_limits.hpp"
#include "http/cors.hpp"
#include "http/exchange.hpp"
#include "http/rate_limits.hpp"
#include "http/router.hpp"
#include "http/settings.hpp"
#include "http/tls.hpp"

#include <atomic>

namespace sonicmatch::http {

/// What all connections of a server share. Owned by the server and outlives its
/// threads; immutable but for the flag and the limits, which are thread-safe.
struct edge {
  server_settings settings;
  router routes;
  cors_policy cors;
  actors::ports::logger& log;
  exchange_observer* observer = nullptr; ///< null: nobody counts
  connection_limits limits;
  rate_limits rates{settings.rates};
  std::shared_ptr<tls_context> tls{}; ///< null: plain HTTP
  std::atomic<bool> is_draining{false};
};

} // namespace sonicmatch::http
