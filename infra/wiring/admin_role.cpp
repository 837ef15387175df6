#include "infra/wiring/admin_role.hpp"

#include "actors/session_store/session_store.hpp"
#include "http/routes/routes.hpp"
#include "infra/postgres/session_reader.hpp"
#include "infra/wiring/probe.hpp"

namespace sonicmatch::infra {

namespace {

constexpr std::chrono::milliseconds probe_patience{2'000};
constexpr std::chrono::milliseconds stop_patience{500};

http::server_settings server_settings_of(const configuration& values) {
  http::server_settings out;
  out.host = values.http_host;
  out.port = values.admin_port;
  out.io_threads = 1;
  out.cors_origins = values.cors_origins;
  out.access_log = values.log_level == "debug";
  return out;
}

} // namespace

admin_role::admin_role(const process_parts& parts)
  : logger_(parts.logger)
  , health_(parts.health)
  , store_(parts.system->spawn<caf::detached>(actors::session_store_actor,
                                              postgres::make_session_reader(parts.postgres)))
  , probe_(make_health_probe(*parts.system, store_, parts.reader)) {}

caf::expected<std::unique_ptr<admin_role>> admin_role::start(const process_parts& parts) {
  std::unique_ptr<admin_role> out{new admin_role(parts)};
  if (auto failed = out->listen(parts))
    return failed;
  return out;
}

caf::error admin_role::listen(const process_parts& parts) {
  http::route_parts reach;
  reach.health = health_;
  reach.probe = probe_;
  reach.model_board = parts.model_board;
  reach.requests = parts.requests;
  http::router routes;
  http::add_health_routes(routes, reach);
  http::add_metrics_routes(routes, reach);
  auto server = http::server::start(server_settings_of(parts.configuration), std::move(routes), *logger_);
  if (!server)
    return std::move(server.error());
  server_ = std::move(*server);
  logger_->info("listening for operators",
                {{"admin", parts.configuration.http_host + ":" + std::to_string(server_->port())}});
  return {};
}

void admin_role::check_dependencies() {
  probe_(probe_patience, [health = health_](const std::vector<http::probed_part>& parts) {
    for (const auto& each : parts)
      health->report(each.name, each.ready, each.detail);
  });
}

void admin_role::stop() {
  server_->stop_accepting();
  if (!server_->drain(stop_patience))
    logger_->warning("operators' connections were still open at the end");
  server_.reset();
}

admin_role::~admin_role() {
  server_.reset();
  caf::anon_send_exit(store_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
