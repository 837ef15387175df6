#pragma once

#include "actors/ports/log.hpp"
#include "events/fence.hpp"
#include "projections/read_model_store.hpp"

#include <caf/error.hpp>

#include <memory>
#include <string>
#include <vector>

namespace sonicmatch::projections {

/// Collects what some records, in the order of the log, leave in a read model.
/// Pure: the same records give the same rows.
class row_fold {
public:
  virtual ~row_fold() = default;

  /// Takes one record in. `fence` is its partition's. An error (unreadable_record,
  /// invalid_record, unknown_type) means that the record can never be taken in,
  /// and that nothing has changed.
  [[nodiscard]] virtual caf::error take(const actors::ports::log_record& record,
                                        events::claim_fence& fence) = 0;

  /// The rows of all that was taken in, one per key. Ends the fold.
  [[nodiscard]] virtual row_set finish() = 0;

  /// The sessions of which nothing is to be kept: neither rows from before, nor those that
  /// finish() gives. Those that were erased, in order.
  [[nodiscard]] const std::vector<events::session_id>& erased() const noexcept {
    return erased_;
  }

protected:
  std::vector<events::session_id> erased_;
};

/// A read model: what it is called, what it reads, and what it makes of it.
struct read_model {
  std::string name; ///< also of its checkpoints, and in its group's name
  std::string topic;
  std::unique_ptr<row_fold> (*begin)() = nullptr;
  /// Whether a record that cannot be read takes the later ones of its key with
  /// it. Not so where each record is a whole row, as in the catalog.
  bool parks_sessions = true;
};

namespace sessions {
[[nodiscard]] read_model model();
}
namespace matches {
[[nodiscard]] read_model model();
}
namespace explanations {
[[nodiscard]] read_model model();
}
namespace feedback {
[[nodiscard]] read_model model();
}
namespace language_model_calls {
[[nodiscard]] read_model model();
}
namespace headphones {
[[nodiscard]] read_model model();
}

} // namespace sonicmatch::projections
