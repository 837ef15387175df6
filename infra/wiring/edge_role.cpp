#include "infra/wiring/edge_role.hpp"

#include "actors/edge/edge.hpp"
#include "actors/session_store/session_store.hpp"
#include "http/routes/routes.hpp"
#include "infra/postgres/session_reader.hpp"
#include "infra/wiring/probe.hpp"

#include <future>

namespace sonicmatch::infra {

namespace {

constexpr std::chrono::milliseconds probe_patience{2'000};

http::server_settings server_settings_of(const configuration& values) {
  http::server_settings out;
  out.host = values.http_host;
  out.port = values.http_port;
  out.io_threads = values.http_threads;
  out.cors_origins = values.cors_origins;
  out.answer_deadline = values.sync_timeout + std::chrono::seconds{15};
  out.access_log = values.log_level == "debug";
  return out;
}

actors::edge_settings edge_settings_of(const configuration& values) {
  actors::edge_settings out;
  out.partition_count = static_cast<std::int32_t>(values.kafka_partitions);
  out.sync_timeout = values.sync_timeout;
  out.waiting_max = values.waiting_requests_max;
  return out;
}

} // namespace

edge_role::edge_role(const process_parts& parts)
  : logger_(parts.logger)
  , health_(parts.health)
  , cache_(std::make_shared<actors::session_cache>(
      actors::session_cache::limits{std::size_t{parts.configuration.session_cache_mib} << 20})) {
  std::shared_ptr<actors::ports::session_reader> reader = postgres::make_session_reader(parts.postgres);
  store_ = parts.system->spawn<caf::detached>(actors::session_store_actor, std::move(reader));
  edge_ = parts.system->spawn(actors::edge_actor,
                              actors::edge_parts{edge_settings_of(parts.configuration), parts.producer,
                                                 parts.reader, parts.clock, parts.entropy, parts.logger,
                                                 cache_, parts.health, store_, parts.patient_reader});
}

caf::expected<std::unique_ptr<edge_role>> edge_role::start(const process_parts& parts) {
  std::unique_ptr<edge_role> out{new edge_role(parts)};
  if (auto failed = out->listen(parts))
    return failed;
  return out;
}

caf::error edge_role::listen(const process_parts& parts) {
  probe_ = make_health_probe(*parts.system, store_, parts.reader);
  http::route_parts reach{edge_, cache_, parts.catalog, parts.health, parts.clock, probe_, parts.model_board};
  auto settings = server_settings_of(parts.configuration);
  auto server = http::server::start(settings, http::make_router(reach), *parts.logger);
  if (!server)
    return std::move(server.error());
  server_ = std::move(*server);
  http::router admin;
  http::add_health_routes(admin, reach);
  http::add_metrics_routes(admin, reach);
  settings.port = parts.configuration.admin_port;
  settings.io_threads = 1;
  auto admin_server = http::server::start(settings, std::move(admin), *parts.logger);
  if (!admin_server)
    return std::move(admin_server.error());
  admin_server_ = std::move(*admin_server);
  parts.logger->info(
    "listening", {{"http", parts.configuration.http_host + ":" + std::to_string(server_->port())},
                  {"admin", parts.configuration.http_host + ":" + std::to_string(admin_server_->port())}});
  return {};
}

void edge_role::begin() {
  caf::anon_send(edge_, actors::begin_tailing{});
}

void edge_role::check_dependencies() {
  probe_(probe_patience, [health = health_](const std::vector<http::probed_part>& parts) {
    for (const auto& each : parts)
      health->report(each.name, each.ready, each.detail);
  });
}

void edge_role::stop(std::chrono::milliseconds patience) {
  auto deadline = std::chrono::steady_clock::now() + patience;
  server_->stop_accepting();
  auto drained = std::make_shared<std::promise<void>>();
  // The rest of the time is for sending the last answers.
  caf::anon_send(edge_, actors::drain_edge{[drained] { drained->set_value(); }, patience * 3 / 4});
  if (drained->get_future().wait_until(deadline) != std::future_status::ready)
    logger_->warning("requests were still waiting when the time to stop was over");
  auto left =
    std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
  if (!server_->drain(std::max(left, std::chrono::milliseconds{500})))
    logger_->warning("connections were still open when the time to stop was over");
  admin_server_->stop_accepting();
  server_.reset();
  admin_server_.reset();
}

edge_role::~edge_role() {
  caf::anon_send_exit(edge_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(store_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
