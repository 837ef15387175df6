#include "tests/simulation/process.hpp"

#include "actors/catalog/catalog_keeper.hpp"
#include "actors/language_model/gateway.hpp"
#include "actors/session_store/session_store.hpp"
#include "events/error.hpp"
#include "tests/support/simulated_membership.hpp"
#include "tests/support/simulated_reader.hpp"

#include <caf/scheduler/test_coordinator.hpp>

namespace sonicmatch::tests::simulation {

namespace {

class world_clock final : public ports::clock {
public:
  explicit world_clock(const simulated_world& world)
    : world_(world) {}
  [[nodiscard]] events::timestamp now() const override {
    return world_.now();
  }

private:
  const simulated_world& world_;
};

class world_entropy final : public ports::entropy {
public:
  explicit world_entropy(simulated_world& world)
    : world_(world) {}
  [[nodiscard]] std::array<std::uint8_t, 10> draw() override {
    std::array<std::uint8_t, 10> out{};
    for (auto& each : out)
      each = static_cast<std::uint8_t>(world_.draw(256));
    return out;
  }

private:
  simulated_world& world_;
};

/// Writes into the trace.
class world_logger final : public ports::logger {
public:
  world_logger(simulated_world& world, std::shared_ptr<const simulated_host> host)
    : world_(world)
    , host_(std::move(host)) {}

  void write(ports::severity, std::string_view message,
             std::initializer_list<ports::log_field> fields) override {
    if (!world_.traces() || !host_->alive)
      return;
    std::string line = "\"" + std::string{message} + "\"";
    for (const auto& [name, value] : fields)
      line.append(" ").append(name).append("=").append(value);
    world_.trace(host_->name, line);
  }

private:
  simulated_world& world_;
  std::shared_ptr<const simulated_host> host_;
};

/// Names a process's records, so that a checker knows who has written them.
std::string source_of(const simulated_host& host, int life, std::string_view part) {
  return host.name + "/" + std::to_string(life) + "/" + std::string{part};
}

} // namespace

process::process(cluster& where, const std::string& name, const process_settings& settings,
                 const port_wrappers& wrappers)
  : cluster_(where)
  , host_(std::make_shared<simulated_host>(
      simulated_host{name, true, false, name + "/" + std::to_string(settings.life)}))
  , producer_(std::make_shared<simulated_producer>(where.world, where.log, host_, where.network))
  , reader_(std::make_shared<simulated_reader>(where.world, where.log, where.groups, host_, where.network))
  , membership_(
      std::make_shared<simulated_membership>(where.world, where.log, where.groups, host_, where.network))
  , logger_(std::make_shared<world_logger>(where.world, host_))
  , clock_(std::make_shared<world_clock>(where.world)) {
  if (wrappers.producer)
    producer_ = wrappers.producer(where, producer_);
  if (wrappers.membership)
    membership_ = wrappers.membership(where, membership_);
  config_.set("scheduler.policy", caf::atom("testing"));
  system_ = std::make_unique<caf::actor_system>(config_);
  where.world.attach(*system_, host_);
  system_->spawn(actors::catalog_keeper_actor, actors::catalog_parts{reader_, logger_, catalog_, health_});
  spawn_edge(settings, wrappers);
  spawn_recommender(settings);
  spawn_projectors(wrappers);
}

process::~process() {
  die();
  edge_ = actors::edge{};
  recommender_ = actors::recommender{};
  projectors_.clear();
  recommenders_.reset();
  cluster_.world.detach(*system_);
  system_.reset();
}

void process::die() {
  if (!std::exchange(host_->alive, false))
    return;
  cluster_.world.trace(host_->name, "dies");
  cluster_.groups.fall_silent(host_);
}

void process::stop() {
  using namespace std::chrono_literals;
  auto& world = cluster_.world;
  auto drained = std::make_shared<bool>(false);
  caf::anon_send(edge_, actors::drain_edge{[drained] { *drained = true; }});
  auto until = world.now() + 5s;
  while (!*drained && host_->alive && world.step(until)) {
  }
  recommenders_->leave();
  auto idle = std::make_shared<bool>(false);
  caf::anon_send(recommender_, actors::await_owners{[idle] { *idle = true; }});
  until = world.now() + 40s; // a call may take its time, and its reply is recorded
  while (!*idle && host_->alive && world.step(until)) {
  }
  for (const auto& each : projectors_)
    caf::anon_send(each, projections::stop_projector{});
  world.run_until(world.now() + 100ms);
  die();
}

store_hook process::hook_of_store(const std::string& user) {
  return [&where = cluster_, host = host_, user](store_step step) -> caf::error {
    constexpr std::array<std::string_view, 4> names{"load", "loaded", "apply", "applied"};
    auto label = user + " store: " + std::string{names[static_cast<std::size_t>(step)]};
    auto after = step == store_step::after_load || step == store_step::after_apply;
    if (!where.world.io_point(*host, label) || (where.database_down && !after)
        || (step == store_step::after_apply && where.world.chance(where.lost_answers)))
      return events::make_error(events::errc::store_unavailable, "simulated");
    return {};
  };
}

void process::spawn_edge(const process_settings& settings, const port_wrappers& wrappers) {
  actors::edge_parts parts;
  parts.settings.partition_count = partition_count;
  parts.settings.command_deadline = settings.command_deadline;
  parts.settings.sync_timeout = settings.sync_timeout;
  parts.settings.source = source_of(*host_, settings.life, "edge");
  parts.settings.secret = wrappers.secret ? wrappers.secret(*host_) : "everybody's";
  parts.producer = producer_;
  parts.reader = reader_;
  parts.clock = clock_;
  parts.entropy = std::make_shared<world_entropy>(cluster_.world);
  parts.logger = logger_;
  parts.cache = std::make_shared<actors::session_cache>(actors::session_cache::limits{});
  parts.health = health_;
  std::shared_ptr<ports::session_reader> sessions =
    std::make_shared<simulated_session_reader>(cluster_.tables, hook_of_store("edge"));
  parts.store = system_->spawn(actors::session_store_actor, std::move(sessions));
  edge_ = system_->spawn(actors::edge_actor, std::move(parts));
  caf::anon_send(edge_, actors::begin_tailing{});
}

void process::spawn_recommender(const process_settings& settings) {
  actors::recommender_parts parts;
  parts.settings.owner = host_->name;
  parts.settings.source = source_of(*host_, settings.life, "recommender");
  parts.producer = producer_;
  parts.reader = reader_;
  parts.clock = clock_;
  parts.logger = logger_;
  parts.catalog = catalog_;
  parts.open_limit = std::make_shared<actors::admission>(settings.open_max);
  parts.health = health_;
  auto group = parts.settings.group;
  if (settings.asks_model)
    parts.model = spawn_gateway(settings);
  recommender_ = system_->spawn(actors::recommender_actor, std::move(parts));
  recommenders_ =
    membership_->join(group, std::string{events::topics::commands}, actors::sink_of(recommender_, logger_));
  caf::anon_send(recommender_, actors::group_joined{recommenders_});
}

actors::model_access process::spawn_gateway(const process_settings& settings) {
  namespace language_model = actors::language_model;
  language_model::provider_settings model;
  model.model.id = "claude-opus-4-5";
  model.model.prices = language_model::prices{5'000'000, 25'000'000, 6'250'000, 500'000, true};
  model.base_url = "http://model.simulated";
  auto provider = language_model::make_provider(model);
  model_client_ = std::make_shared<simulated_model_client>(cluster_.world, cluster_.model, host_);
  language_model::gateway_parts parts;
  parts.settings.in_flight_max = settings.calls_max;
  parts.settings.budget_per_day = settings.budget_per_day;
  parts.settings.partition_count = partition_count;
  parts.provider = provider;
  parts.client = model_client_;
  parts.clock = clock_;
  parts.logger = logger_;
  parts.health = health_;
  parts.board = std::make_shared<language_model::gateway_board>();
  parts.reader = reader_;
  parts.find_spending = [tables = cluster_.tables, hook = hook_of_store("gateway")](events::timestamp since,
                                                                                    auto done) {
    done(simulated_spending_reader{tables, hook}.find_spending(since));
  };
  actors::model_access out;
  out.gateway = system_->spawn(language_model::language_model_gateway_actor, std::move(parts));
  out.prompts = std::make_shared<language_model::prompt_book>(provider);
  out.entropy = std::make_shared<world_entropy>(cluster_.world);
  return out;
}

void process::spawn_projectors(const port_wrappers& wrappers) {
  using projections::read_model_store;
  for (auto make_model : {projections::sessions::model, projections::matches::model,
                          projections::explanations::model, projections::feedback::model,
                          projections::language_model_calls::model, projections::headphones::model}) {
    auto model = make_model();
    projections::projector_settings settings;
    settings.reports_poison = model.name == projections::sessions::model().name
                              || model.name == projections::headphones::model().name;
    std::unique_ptr<read_model_store> store =
      std::make_unique<simulated_store>(cluster_.tables, hook_of_store(model.name));
    if (wrappers.store)
      store = wrappers.store(cluster_, std::move(store), host_);
    auto writer = projections::spawn_store_writer(*system_, model, std::move(store), false);
    projectors_.push_back(
      projections::spawn_projector(*system_, model, settings, {*membership_, *producer_, *logger_}, writer));
  }
}

} // namespace sonicmatch::tests::simulation
