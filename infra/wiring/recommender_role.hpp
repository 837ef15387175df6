#pragma once

#include "actors/recommender/recommender.hpp"
#include "infra/wiring/process.hpp"

#include <memory>

namespace sonicmatch::infra {

/// The recommender of a process: its member of the group and its actors. Used by
/// the main thread.
class recommender_role {
public:
  explicit recommender_role(const process_parts& parts);
  ~recommender_role();

  /// Hands its partitions on, and ends.
  void stop();

private:
  actors::recommender recommender_;
  std::shared_ptr<actors::ports::group_consumer> consumer_;
};

} // namespace sonicmatch::infra
