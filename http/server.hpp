#pragma once

#include "actors/ports/logger.hpp"
#include "http/exchange.hpp"
#include "http/router.hpp"
#include "http/settings.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <memory>

namespace sonicmatch::http {

/// The HTTP edge: listens, and runs the routes on its own I/O threads.
///
/// Owned by the wiring of the edge role. Its functions may be called from any one
/// thread that is not an I/O thread. Stopping well: stop_accepting(), drain(),
/// destroy; destroying it at once cuts connections off.
class server {
public:
  /// Listens and starts its threads. `log`, and `observer` if there is one, must
  /// outlive the server. Error: bad_configuration with one clear line when the
  /// address is wrong or taken, or the files for TLS can't be used.
  [[nodiscard]] static caf::expected<std::unique_ptr<server>> start(server_settings settings, router routes,
                                                                    actors::ports::logger& log,
                                                                    exchange_observer* observer = nullptr);

  server(const server&) = delete;
  server& operator=(const server&) = delete;
  ~server();

  /// The port it listens on, also when it was to take a free one.
  [[nodiscard]] std::uint16_t port() const noexcept;

  /// Closes the listening socket and the idle connections. Requests in flight are
  /// answered with `Connection: close`. Returns at once; idempotent.
  void stop_accepting();

  /// Waits until no connection is left, `patience` at most. Call stop_accepting()
  /// first. Returns whether all were done in time.
  [[nodiscard]] bool drain(std::chrono::milliseconds patience);

  /// Connections open now.
  [[nodiscard]] std::size_t connections() const noexcept;

  /// Connections turned away at a limit since the start.
  [[nodiscard]] std::uint64_t connections_refused() const noexcept;

private:
  struct parts;
  explicit server(std::unique_ptr<parts> built) noexcept;

  std::unique_ptr<parts> parts_;
};

} // namespace sonicmatch::http
