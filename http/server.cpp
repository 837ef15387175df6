#include "http/server.hpp"

#include "http/edge.hpp"
#include "http/io_worker.hpp"
#include "http/listener.hpp"

#include <vector>

namespace sonicmatch::http {

struct server::parts {
  edge shared;
  std::vector<std::unique_ptr<io_worker>> workers;
  std::unique_ptr<listener> door;

  parts(server_settings settings, router routes, actors::ports::logger& log, exchange_observer* observer)
    : shared{settings, std::move(routes), cors_policy{settings.cors_origins},
             log,      observer,          {settings.connections_max, settings.connections_per_address_max}} {
    for (unsigned i = 0; i < std::max(1U, settings.io_threads); ++i)
      workers.push_back(std::make_unique<io_worker>(shared));
    door = std::make_unique<listener>(shared, workers);
  }
};

server::server(std::unique_ptr<parts> built) noexcept
  : parts_{std::move(built)} {}

server::~server() {
  stop_accepting();
  for (auto& worker : parts_->workers)
    worker->stop();
}

caf::expected<std::unique_ptr<server>> server::start(server_settings settings, router routes,
                                                     actors::ports::logger& log,
                                                     exchange_observer* observer) {
  std::shared_ptr<tls_context> tls;
  if (!settings.tls_certificate_file.empty()) {
    auto made = read_tls_context(settings.tls_certificate_file, settings.tls_key_file);
    if (!made)
      return std::move(made.error());
    tls = std::move(*made);
  }
  auto built = std::make_unique<parts>(std::move(settings), std::move(routes), log, observer);
  built->shared.tls = std::move(tls);
  if (auto error = built->door->open())
    return error;
  built->door->start();
  for (auto& worker : built->workers)
    worker->start();
  return std::unique_ptr<server>{new server{std::move(built)}};
}

std::uint16_t server::port() const noexcept {
  return parts_->door->port();
}

void server::stop_accepting() {
  if (parts_->shared.is_draining.exchange(true))
    return;
  parts_->door->stop();
  for (auto& worker : parts_->workers)
    worker->drain();
}

bool server::drain(std::chrono::milliseconds patience) {
  return parts_->shared.limits.wait_until_empty(patience);
}

std::size_t server::connections() const noexcept {
  return parts_->shared.limits.open();
}

std::uint64_t server::connections_refused() const noexcept {
  return parts_->shared.limits.refused();
}

} // namespace sonicmatch::http
