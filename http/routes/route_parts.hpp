#pragma once

#include "actors/accounts/interfaces.hpp"
#include "actors/catalog/catalog_view.hpp"
#include "actors/edge/session_cache.hpp"
#include "actors/health_board.hpp"
#include "actors/interfaces.hpp"
#include "actors/language_model/gateway_board.hpp"
#include "actors/ports/clock.hpp"
#include "http/access.hpp"
#include "http/request_metrics.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace sonicmatch::http {

/// A part of the system, asked just now.
struct probed_part {
  std::string name;
  bool ready = false;
  std::string detail;
  double latency_ms = 0;
};

/// Asks each part that can be away how it is, and calls back once, from any
/// thread, within `patience`.
using health_probe =
  std::function<void(std::chrono::milliseconds patience, std::function<void(std::vector<probed_part>)>)>;

/// What the routes reach: actors by message, caches directly. All thread-safe.
struct route_parts {
  actors::edge edge;
  std::shared_ptr<actors::session_cache> sessions;
  std::shared_ptr<actors::catalog_view> catalog;
  std::shared_ptr<actors::health_board> health;
  std::shared_ptr<actors::ports::clock> clock;
  health_probe probe;
  std::shared_ptr<actors::language_model::gateway_board> model_board;
  caller_finder find_caller;
  actors::accounts::account_desk accounts;
  actors::accounts::session_finder find_sessions;
  actors::accounts::record_collector records;
  std::shared_ptr<request_metrics> requests; ///< null: not counted
};

} // namespace sonicmatch::http
