#pragma once

#include "tests/support/simulated_groups.hpp"
#include "tests/support/simulated_model.hpp"
#include "tests/support/simulated_producer.hpp"
#include "tests/support/simulated_store.hpp"

namespace sonicmatch::tests::simulation {

/// How many partitions the commands and the events topic have in a simulation.
inline constexpr std::int32_t partition_count = 4;

/// What all processes share and none of them can take down with it: time and
/// chance, the log with its groups, the database.
struct cluster {
  explicit cluster(std::uint64_t seed);
  cluster(const cluster&) = delete;
  cluster& operator=(const cluster&) = delete;

  /// Appends a small catalog, as `sonicmatch seed` does.
  void list_headphones();

  /// What the recommenders have committed of the commands.
  [[nodiscard]] std::optional<log_offset> commands_committed(partition_id partition) const;

  simulated_world world;
  simulated_log log{world};
  simulated_groups groups{world, log};
  simulated_network network;
  simulated_model model;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  /// PostgreSQL is away.
  bool database_down = false;
  /// Of transactions: carried out, and nobody is told.
  double lost_answers = 0;
};

} // namespace sonicmatch::tests::simulation
