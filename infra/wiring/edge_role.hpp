#pragma once

#include "actors/edge/session_cache.hpp"
#include "actors/interfaces.hpp"
#include "http/routes/route_parts.hpp"
#include "http/server.hpp"
#include "infra/wiring/process.hpp"

#include <memory>

namespace sonicmatch::infra {

/// The edge of a process: HTTP servers, edge actor, session store.
///
/// The servers answer from the start, health above all; requests are taken once
/// begin() has been called. Used by the main thread.
class edge_role {
public:
  /// Listens. Error: bad_configuration when a port is taken.
  [[nodiscard]] static caf::expected<std::unique_ptr<edge_role>> start(const process_parts& parts);
  ~edge_role();

  /// The log is there: tail it.
  void begin();

  /// Asks Kafka and PostgreSQL how they are and has the health board say so, a
  /// moment later. To be called about once a second.
  void check_dependencies();

  /// Takes nothing more, answers what is waiting, `patience` at most, and ends.
  void stop(std::chrono::milliseconds patience);

private:
  explicit edge_role(const process_parts& parts);
  caf::error listen(const process_parts& parts);

  std::shared_ptr<actors::ports::logger> logger_;
  std::shared_ptr<actors::health_board> health_;
  actors::session_store store_;
  actors::edge edge_;
  http::health_probe probe_;
  std::shared_ptr<actors::session_cache> cache_;
  std::unique_ptr<http::server> server_;
  std::unique_ptr<http::server> admin_server_;
};

} // namespace sonicmatch::infra
