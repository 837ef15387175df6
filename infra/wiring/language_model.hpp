#pragma once

#include "actors/recommender/partition_owner.hpp"
#include "infra/wiring/process.hpp"

#include <memory>
#include <optional>

namespace sonicmatch::infra {

/// The model that the configuration asks for, or nothing when there is none to be asked:
/// LLM_PROVIDER is none, or there is no key. Says in the log which it is, and what is
/// to be known of it. Errors: bad_configuration, for a table of models that is wrong.
[[nodiscard]] caf::expected<std::optional<actors::language_model::provider_settings>>
language_model_of(const configuration& values, events::timestamp now, actors::ports::logger& logger);

/// The language model of a process: its gateway, and what the owners of partitions
/// need to ask it. Used by the main thread.
class language_model_role {
public:
  /// `parts.model` is there.
  explicit language_model_role(const process_parts& parts);
  ~language_model_role();

  [[nodiscard]] actors::model_access access() const;

  /// Cuts off the calls that are still under way; each is recorded as such.
  void cancel_calls();

private:
  std::shared_ptr<actors::language_model::prompt_book> prompts_;
  std::shared_ptr<actors::ports::entropy> entropy_;
  actors::call_policy policy_;
  actors::language_model_gateway gateway_;
};

} // namespace sonicmatch::infra
