#pragma once

#include "actors/edge/session_cache.hpp"
#include "actors/interfaces.hpp"
#include "http/routes/route_parts.hpp"
#include "http/server.hpp"
#include "infra/wiring/account_role.hpp"
#include "infra/wiring/admin_role.hpp"
#include "infra/wiring/process.hpp"

#include <memory>

namespace sonicmatch::infra {

/// The edge of a process: HTTP server and edge actor.
///
/// The server answers from the start, health above all; requests are taken once
/// begin() has been called. Used by the main thread.
class edge_role {
public:
  /// Listens. `admin` outlives it: sessions are read through its store. Error:
  /// bad_configuration when the port is taken, or a key for tokens cannot be used.
  [[nodiscard]] static caf::expected<std::unique_ptr<edge_role>> start(const process_parts& parts,
                                                                       const admin_role& admin);
  ~edge_role();

  /// The log is there: tail it.
  void begin();

  /// Takes nothing more, answers what is waiting, `patience` at most, and ends.
  void stop(std::chrono::milliseconds patience);

private:
  edge_role(const process_parts& parts, const actors::session_store& store);
  caf::error listen(const process_parts& parts, const http::health_probe& probe);

  std::shared_ptr<actors::ports::logger> logger_;
  actors::edge edge_;
  std::unique_ptr<account_role> accounts_;
  std::shared_ptr<actors::session_cache> cache_;
  std::shared_ptr<http::request_metrics> requests_; ///< outlives the server, which counts into it
  std::unique_ptr<http::server> server_;
};

} // namespace sonicmatch::infra
