#pragma once

#include "actors/interfaces.hpp"
#include "http/routes/route_parts.hpp"
#include "http/server.hpp"
#include "infra/wiring/process.hpp"

#include <memory>

namespace sonicmatch::infra {

/// What operators ask of a process, whatever else it does: a server with its health and
/// its figures on a port of its own, and the store that the health asks PostgreSQL with,
/// which an edge in the process shares. Starts before the other roles, outlives them and
/// stops last, so that the process says of itself that it is stopping. Used by the main
/// thread.
class admin_role {
public:
  /// Listens. Error: bad_configuration when the port is taken.
  [[nodiscard]] static caf::expected<std::unique_ptr<admin_role>> start(const process_parts& parts);
  ~admin_role();

  [[nodiscard]] const actors::session_store& store() const noexcept {
    return store_;
  }

  /// Asks Kafka and PostgreSQL how they are, for health routes. Callable from any thread.
  [[nodiscard]] const http::health_probe& probe() const noexcept {
    return probe_;
  }

  /// Asks Kafka and PostgreSQL how they are and has the health board say so, a
  /// moment later. To be called about once a second.
  void check_dependencies();

  /// Takes nothing more, finishes the answers under way, and ends.
  void stop();

private:
  explicit admin_role(const process_parts& parts);
  caf::error listen(const process_parts& parts);

  std::shared_ptr<actors::ports::logger> logger_;
  std::shared_ptr<actors::health_board> health_;
  actors::session_store store_;
  http::health_probe probe_;
  std::unique_ptr<http::server> server_;
};

} // namespace sonicmatch::infra
