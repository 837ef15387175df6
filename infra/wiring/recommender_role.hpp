#pragma once

#include "actors/recommender/recommender.hpp"
#include "infra/wiring/language_model.hpp"
#include "infra/wiring/process.hpp"

#include <memory>

namespace sonicmatch::infra {

/// The recommender of a process: its member of the group, its actors, and the language
/// model that they ask. Used by the main thread.
class recommender_role {
public:
  explicit recommender_role(const process_parts& parts);
  ~recommender_role();

  /// Hands its partitions on, waits for what calls under way bring, `patience` at most,
  /// cuts off the rest, and ends.
  void stop(std::chrono::milliseconds patience);

private:
  std::shared_ptr<actors::ports::logger> logger_;
  std::unique_ptr<language_model_role> model_;
  actors::recommender recommender_;
  std::shared_ptr<actors::ports::group_consumer> consumer_;
};

} // namespace sonicmatch::infra
