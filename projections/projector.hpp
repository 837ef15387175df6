#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "projections/failure_policy.hpp"
#include "projections/interfaces.hpp"
#include "projections/read_model.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

namespace sonicmatch::projections {

/// How a projection is fed. What each figure is for: projections/README.md.
struct projector_settings {
  std::size_t batch_records_max = 1'000;
  std::size_t batch_bytes_max = 2u << 20;
  /// Transactions of a busy projector begin no closer together than this, unless a
  /// batch is full. An idle one writes a record as soon as it comes.
  std::chrono::milliseconds batch_delay{20};
  std::chrono::milliseconds backoff_min{100};
  std::chrono::milliseconds backoff_max{2'000};
  failure_policy on_poison = failure_policy::retry_then_park;
  /// Whether this projection appends its poison to the dead letters: one of those
  /// that read a topic does.
  bool reports_poison = false;
};

/// What a projector acts through. All of it outlives the actor system's actors.
struct projector_ports {
  ports::group_membership& membership;
  ports::log_producer& producer; ///< for dead letters
  ports::logger& log;
};

/// "sonicmatch.projection.sessions".
[[nodiscard]] std::string group_of(const read_model& model);

/// Keeps one read model up to date with its topic: a member of the group
/// group_of(model).
///
/// Scheduled, never blocks. Each record is applied once and in order per partition,
/// because rows and checkpoint move in one transaction that only the owner of the
/// checkpoint can make. Holds what the reader gives out until it is applied, and
/// nothing more. Spawn it as
///     system.spawn<…>(run_projector, model, settings, ports, writer)
/// through spawn_projector().
[[nodiscard]] projector spawn_projector(caf::actor_system& system, read_model model,
                                        projector_settings settings, projector_ports through,
                                        store_writer writer);

/// Makes a projection's blocking calls. With `detached` it has a thread of its
/// own; without (in a simulation) it runs on the scheduler. Owns the store.
[[nodiscard]] store_writer spawn_store_writer(caf::actor_system& system, read_model model,
                                              std::unique_ptr<read_model_store> store, bool detached = true);

} // namespace sonicmatch::projections
