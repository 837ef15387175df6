#include "actors/catalog/catalog_keeper.hpp"
#include "events/envelope.hpp"
#include "events/error.hpp"
#include "infra/kafka/membership.hpp"
#include "infra/kafka/reader.hpp"
#include "infra/kafka/topics.hpp"
#include "infra/logging/stream_logger.hpp"
#include "infra/system/process_limits.hpp"
#include "infra/system/system_ports.hpp"
#include "infra/verbs/verbs.hpp"
#include "infra/wiring/admin_role.hpp"
#include "infra/wiring/edge_role.hpp"
#include "infra/wiring/projector_role.hpp"
#include "infra/wiring/recommender_role.hpp"

#include <caf/all.hpp>

#include <iostream>

namespace sonicmatch::infra {

namespace {

/// A stop ends by itself in less than the 30 seconds that an orchestrator waits.
constexpr std::chrono::milliseconds stop_patience{27'000};
/// Of these, what the last steps are left with, in their order.
constexpr std::chrono::milliseconds projections_patience{4'000};
constexpr std::chrono::milliseconds flush_patience{3'000};
/// How long requests are waited for when calls of the language model come after them.
constexpr std::chrono::milliseconds requests_patience{10'000};

constexpr std::chrono::seconds prepare_patience{10};

/// What Kafka, PostgreSQL and operators need, roughly.
constexpr std::size_t open_files_of_its_own = 500;

actors::ports::severity severity_of(const std::string& word) {
  using enum actors::ports::severity;
  return word == "debug" ? debug : word == "warning" ? warning : word == "error" ? error : info;
}

/// Lets the process open what it can, and says so when that is less than it is told to take.
void check_open_files(const configuration& values, actors::ports::logger& log) {
  auto open_files = raise_open_file_limit();
  std::size_t connections = values.has_role("edge") ? values.connections_max : 0;
  std::size_t calls = values.has_role("recommender") ? values.llm_max_concurrency : 0;
  if (open_files < connections + calls + open_files_of_its_own)
    log.warning("CONNECTIONS_MAX and LLM_MAX_CONCURRENCY are more than the files that this process may open",
                {{"open_files", std::to_string(open_files)}});
}

caf::error open_parts(const configuration& values, process_parts& out) {
  auto format = values.log_format == "json" ? log_format::json : log_format::text;
  out.configuration = values;
  out.kafka = kafka_settings_of(values);
  out.postgres = postgres_settings_of(values);
  out.name = process_name_of(values);
  out.logger = make_stream_logger(format, severity_of(values.log_level));
  out.clock = std::make_shared<system_clock>();
  out.entropy = std::make_shared<system_entropy>();
  out.health = std::make_shared<actors::health_board>();
  out.catalog = std::make_shared<actors::catalog_view>();
  out.model_board = std::make_shared<actors::language_model::gateway_board>();
  out.requests = std::make_shared<http::request_metrics>();
  check_open_files(values, *out.logger);
  if (values.has_role("recommender")) {
    auto model = language_model_of(values, out.clock->now(), *out.logger);
    if (!model)
      return std::move(model.error());
    out.model = std::move(*model);
  }
  auto producer = kafka::producer::open(out.kafka, *out.logger);
  if (!producer)
    return std::move(producer.error());
  out.producer = std::move(*producer);
  auto reader = kafka::reader::open(attentive(out.kafka), *out.logger);
  if (!reader)
    return std::move(reader.error());
  out.reader = std::move(*reader);
  auto patient_reader = kafka::reader::open(patient(out.kafka), *out.logger);
  if (!patient_reader)
    return std::move(patient_reader.error());
  out.patient_reader = std::move(*patient_reader);
  out.membership = std::make_shared<kafka::membership>(out.kafka, *out.logger);
  out.patient_membership = std::make_shared<kafka::membership>(patient(out.kafka), *out.logger);
  out.leisurely_membership = std::make_shared<kafka::membership>(leisurely(out.kafka), *out.logger);
  return {};
}

/// The roles of a process that are running. The first member ends last.
struct running_roles {
  std::unique_ptr<admin_role> admin;
  std::unique_ptr<edge_role> edge;
  std::unique_ptr<recommender_role> recommender;
  std::unique_ptr<projector_role> projector;
  actors::catalog_keeper keeper;
};

/// Listens, so that the process can say how it is from here on.
caf::error listen(const process_parts& parts, running_roles& roles) {
  parts.health->expect("kafka", "waiting for a broker");
  auto admin = admin_role::start(parts);
  if (!admin)
    return std::move(admin.error());
  roles.admin = std::move(*admin);
  if (!parts.configuration.has_role("edge"))
    return {};
  auto edge = edge_role::start(parts, *roles.admin);
  if (!edge)
    return std::move(edge.error());
  roles.edge = std::move(*edge);
  return {};
}

caf::error begin(const process_parts& parts, running_roles& roles, termination_signals& signals) {
  if (auto failed = kafka::wait_for_broker(parts.kafka, *parts.logger, [&] { return signals.arrived(); }))
    return failed;
  if (auto failed = kafka::ensure_topics(parts.kafka, *parts.logger))
    return failed;
  for (auto topic : {events::topics::commands, events::topics::events})
    if (auto failed = parts.producer->prepare(std::string{topic}, prepare_patience))
      return failed;
  parts.health->report("kafka", true, "the topics are as they should be");
  const auto& values = parts.configuration;
  if (values.has_role("edge") || values.has_role("recommender"))
    roles.keeper =
      parts.system->spawn(actors::catalog_keeper_actor,
                          actors::catalog_parts{parts.reader, parts.logger, parts.catalog, parts.health});
  if (roles.edge)
    roles.edge->begin();
  if (values.has_role("recommender"))
    roles.recommender = std::make_unique<recommender_role>(parts);
  if (values.has_role("projector"))
    roles.projector = std::make_unique<projector_role>(parts);
  return {};
}

/// In the order that lets every accepted request still be answered. Until the end the
/// admin server says that the process is not ready, because it is stopping.
void stop(const process_parts& parts, running_roles& roles) {
  parts.logger->info("stopping: finishing what is under way");
  parts.health->report("process", false, "stopping");
  auto deadline = std::chrono::steady_clock::now() + stop_patience;
  auto left = [deadline](std::chrono::milliseconds for_later) {
    auto time =
      std::chrono::duration_cast<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(time - for_later, std::chrono::milliseconds{500});
  };
  auto for_the_end = projections_patience + flush_patience;
  if (roles.edge)
    roles.edge->stop(roles.recommender ? requests_patience : left(for_the_end));
  if (roles.recommender) // with what is left, for a call may take its time and is paid for
    roles.recommender->stop(left(for_the_end));
  if (roles.projector)
    roles.projector->stop(left(flush_patience));
  if (!parts.producer->flush(left({})))
    parts.logger->warning("Kafka did not confirm every record before the end");
  if (roles.keeper)
    caf::anon_send_exit(roles.keeper, caf::exit_reason::user_shutdown);
  roles.admin->stop();
}

int run(process_parts& parts, termination_signals& signals) {
  caf::actor_system_config settings;
  settings.set("scheduler.max-threads", parts.configuration.actor_threads);
  // Idle workers wait on a condition. Work stealing would have them sleep up to 10 ms
  // between looks, which every hop of a lone request would wait for.
  settings.set("scheduler.policy", caf::atom("sharing"));
  caf::actor_system system{settings};
  parts.system = &system;
  running_roles roles;
  if (auto failed = listen(parts, roles)) {
    std::cerr << "sonicmatch serve: " << events::detail_of(failed) << '\n';
    return 1;
  }
  auto failed = begin(parts, roles, signals);
  auto interrupted = events::code_of(failed) == events::errc::shutting_down;
  if (failed && !interrupted)
    parts.logger->error("cannot start", {{"error", events::describe(failed)}});
  while (!failed && !signals.wait(std::chrono::seconds{1}))
    roles.admin->check_dependencies();
  stop(parts, roles);
  parts.logger->info("stopped");
  return failed && !interrupted ? 1 : 0;
}

} // namespace

int serve(const configuration& values, termination_signals& signals) {
  share_malloc_arenas();
  process_parts parts;
  if (auto failed = open_parts(values, parts)) {
    std::cerr << "sonicmatch serve: " << events::detail_of(failed) << '\n';
    return 1;
  }
  return run(parts, signals);
}

} // namespace sonicmatch::infra
