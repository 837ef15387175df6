#include "infra/wiring/edge_role.hpp"

#include "actors/edge/edge.hpp"
#include "http/routes/routes.hpp"

#include <future>

namespace sonicmatch::infra {

namespace {

http::server_settings server_settings_of(const configuration& values) {
  http::server_settings out;
  out.host = values.http_host;
  out.port = values.http_port;
  out.io_threads = values.http_threads;
  out.tls_certificate_file = values.tls_certificate_file;
  out.tls_key_file = values.tls_key_file;
  out.cors_origins = values.cors_origins;
  out.trusted_proxies = values.trusted_proxies;
  out.rates = {{"recommend", values.rate_limit_recommend},   {"explain", values.rate_limit_explain},
               {"headphones", values.rate_limit_headphones}, {"feedback", values.rate_limit_feedback},
               {"login", values.rate_limit_login},           {"other", values.rate_limit_other}};
  out.connections_max = values.connections_max;
  out.connections_per_address_max = values.connections_per_client_max;
  out.head_deadline = values.http_head_timeout;
  out.body_deadline = values.http_body_timeout;
  out.idle_deadline = values.http_idle_timeout;
  out.write_deadline = values.http_write_timeout;
  out.answer_deadline = values.sync_timeout + std::chrono::seconds{15};
  out.access_log = values.log_level == "debug";
  return out;
}

actors::edge_settings edge_settings_of(const configuration& values) {
  actors::edge_settings out;
  out.partition_count = static_cast<std::int32_t>(values.kafka_partitions);
  out.sync_timeout = values.sync_timeout;
  out.waiting_max = values.waiting_requests_max;
  out.watching.count_max = values.watchers_max;
  out.secret = values.secret_key;
  return out;
}

} // namespace

edge_role::edge_role(const process_parts& parts, const actors::session_store& store)
  : logger_(parts.logger)
  , cache_(std::make_shared<actors::session_cache>(
      actors::session_cache::limits{std::size_t{parts.configuration.session_cache_mib} << 20}))
  , requests_(parts.requests) {
  edge_ = parts.system->spawn(actors::edge_actor,
                              actors::edge_parts{edge_settings_of(parts.configuration), parts.producer,
                                                 parts.reader, parts.clock, parts.entropy, parts.logger,
                                                 cache_, parts.health, store, parts.patient_reader});
}

caf::expected<std::unique_ptr<edge_role>> edge_role::start(const process_parts& parts,
                                                           const admin_role& admin) {
  std::unique_ptr<edge_role> out{new edge_role(parts, admin.store())};
  auto accounts = account_role::start(parts, out->edge_, admin.store());
  if (!accounts)
    return std::move(accounts.error());
  out->accounts_ = std::move(*accounts);
  if (auto failed = out->listen(parts, admin.probe()))
    return failed;
  return out;
}

caf::error edge_role::listen(const process_parts& parts, const http::health_probe& probe) {
  http::route_parts reach;
  reach.edge = edge_;
  reach.sessions = cache_;
  reach.catalog = parts.catalog;
  reach.health = parts.health;
  reach.clock = parts.clock;
  reach.probe = probe;
  reach.model_board = parts.model_board;
  reach.find_caller = accounts_->find_caller();
  reach.accounts = accounts_->desk();
  reach.find_sessions = accounts_->find_sessions();
  reach.records = accounts_->records();
  auto routes = http::make_router(reach);
  requests_->begin(routes);
  auto server = http::server::start(server_settings_of(parts.configuration), std::move(routes), *logger_,
                                    requests_.get());
  if (!server)
    return std::move(server.error());
  server_ = std::move(*server);
  requests_->follow_connections([open = server_.get()] {
    return http::connection_figures{open->connections(), open->connections_refused()};
  });
  logger_->info("listening",
                {{"http", parts.configuration.http_host + ":" + std::to_string(server_->port())}});
  return {};
}

void edge_role::begin() {
  caf::anon_send(edge_, actors::begin_tailing{});
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
  requests_->follow_connections({});
  server_.reset();
}

edge_role::~edge_role() {
  requests_->follow_connections({});
  caf::anon_send_exit(edge_, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
