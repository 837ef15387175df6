#pragma once

#include "events/ids.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <vector>

namespace sonicmatch::actors::ports {

/// What calls of language models have cost, as the language_model_calls read model
/// knows it. Blocking: an implementation is used by one thread only.
class spending_reader {
public:
  virtual ~spending_reader() = default;

  /// How far the read model is in a partition of the events topic: what is not in a
  /// sum stands at or after `next`. Partitions it has not begun are missing.
  struct progress {
    events::partition_id partition;
    events::log_offset next;
    std::optional<events::log_offset> claim;
  };

  struct spending {
    /// By the calls whose cost is known, and at most by those that may have been billed.
    events::micro_dollars spent;
    std::vector<spending_reader::progress> progress;
  };

  /// What the calls recorded from `since` on have cost, and up to where the read model
  /// knew of them. Errors: store_unavailable, after a bounded wait.
  [[nodiscard]] virtual caf::expected<spending> find_spending(events::timestamp since) = 0;
};

} // namespace sonicmatch::actors::ports
