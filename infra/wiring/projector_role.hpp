#pragma once

#include "infra/wiring/process.hpp"
#include "projections/projector.hpp"

#include <vector>

namespace sonicmatch::infra {

/// The projections of a process: a projector and its store writer for each read
/// model. Used by the main thread.
class projector_role {
public:
  explicit projector_role(const process_parts& parts);
  ~projector_role();

  /// Leaves the groups in good order; ends when the actors have, `patience` at most.
  void stop(std::chrono::milliseconds patience);

private:
  caf::actor_system& system_;
  std::vector<projections::projector> projectors_;
  std::vector<projections::store_writer> writers_;
};

} // namespace sonicmatch::infra
