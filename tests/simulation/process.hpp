#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/edge/edge.hpp"
#include "actors/recommender/recommender.hpp"
#include "projections/projector.hpp"
#include "tests/simulation/cluster.hpp"

#include <caf/actor_system_config.hpp>

namespace sonicmatch::tests::simulation {

/// What stands between a process and the simulated adapters. Each is given the
/// real one and returns what the process is to use; the seeded bugs are here.
struct port_wrappers {
  std::function<std::shared_ptr<ports::log_producer>(cluster&, std::shared_ptr<ports::log_producer>)>
    producer;
  std::function<std::shared_ptr<ports::group_membership>(cluster&, std::shared_ptr<ports::group_membership>)>
    membership;
  std::function<std::unique_ptr<projections::read_model_store>(
    cluster&, std::unique_ptr<projections::read_model_store>, std::shared_ptr<const simulated_host>)>
    store;
  /// What makes sessions of Idempotency-Keys; the same everywhere when not set.
  std::function<std::string(const simulated_host&)> secret;
};

struct process_settings {
  std::chrono::milliseconds command_deadline{60'000};
  std::chrono::milliseconds sync_timeout{60'000};
  std::size_t open_max = 2'000;
  /// Whether there is a language model, and how it is called.
  bool asks_model = false;
  std::size_t calls_max = 100;
  events::micro_dollars budget_per_day;
  /// Which life of this name it is, so that two can be told apart in the log.
  int life = 1;
};

/// A whole `sonicmatch serve`: edge, recommender, catalog keeper and projections,
/// in an actor system of its own on the simulated cluster. The product's code runs
/// in it as it is.
class process {
public:
  process(cluster& where, const std::string& name, const process_settings& settings,
          const port_wrappers& wrappers);
  ~process();
  process(const process&) = delete;
  process& operator=(const process&) = delete;

  [[nodiscard]] const std::shared_ptr<simulated_host>& host() const noexcept {
    return host_;
  }
  [[nodiscard]] const actors::edge& edge() const noexcept {
    return edge_;
  }

  /// From now on nothing it does has any effect, and nothing reaches it. Its actors
  /// go with the object.
  void die();

  /// Hands its partitions over and answers what is waiting, as on SIGTERM; then it dies.
  void stop();

private:
  void spawn_edge(const process_settings& settings, const port_wrappers& wrappers);
  void spawn_recommender(const process_settings& settings);
  [[nodiscard]] actors::model_access spawn_gateway(const process_settings& settings);
  void spawn_projectors(const port_wrappers& wrappers);
  [[nodiscard]] store_hook hook_of_store(const std::string& user);

  cluster& cluster_;
  std::shared_ptr<simulated_host> host_;
  std::shared_ptr<ports::log_producer> producer_;
  std::shared_ptr<ports::log_reader> reader_;
  std::shared_ptr<ports::group_membership> membership_;
  std::shared_ptr<ports::logger> logger_;
  std::shared_ptr<ports::clock> clock_;
  std::shared_ptr<actors::catalog_view> catalog_ = std::make_shared<actors::catalog_view>();
  std::shared_ptr<actors::health_board> health_ = std::make_shared<actors::health_board>();
  caf::actor_system_config config_;
  std::unique_ptr<caf::actor_system> system_;
  actors::edge edge_;
  actors::recommender recommender_;
  std::shared_ptr<simulated_model_client> model_client_;
  std::shared_ptr<ports::group_consumer> recommenders_;
  std::vector<projections::projector> projectors_;
};

} // namespace sonicmatch::tests::simulation
