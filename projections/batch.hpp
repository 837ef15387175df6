#pragma once

#include "actors/ports/log.hpp"
#include "projections/failure_policy.hpp"
#include "projections/read_model.hpp"

#include <caf/error.hpp>

#include <memory>
#include <optional>
#include <unordered_set>
#include <vector>

/// A batch: some records and the positions they follow, and the pure function
/// from it to what the store is to change.
namespace sonicmatch::projections {

/// A record, and the reader's batch that it keeps alive (which holds the reader back).
struct record_ref {
  actors::ports::batch_ptr owner;
  std::size_t index = 0;

  [[nodiscard]] const actors::ports::log_record& operator*() const noexcept {
    return owner->records[index];
  }
  [[nodiscard]] const actors::ports::log_record* operator->() const noexcept {
    return &owner->records[index];
  }
};

using session_set = std::unordered_set<events::session_id>;

/// Where a projection is in a partition. A value; the parked sessions are shared
/// and copied when one is added.
struct partition_position {
  partition_id partition;
  std::optional<log_offset> stored; ///< the checkpoint's offset; nothing before the first
  log_offset next;
  std::optional<log_offset> claim;
  std::shared_ptr<const session_set> parked;
};

/// A record that can never be applied, and why.
struct poison {
  record_ref record;
  caf::error error;
};

struct batch {
  std::vector<record_ref> records;        ///< in offset order within each partition
  std::vector<partition_position> before; ///< of each partition in `records`, by partition
  failure_policy policy = failure_policy::retry_then_park;
  /// Poison must be in the dead letters before the batch is applied.
  bool reports_poison = false;
  std::vector<events::log_position> reported; ///< what is there already
  std::optional<poison> refused;              ///< what the store has refused although it was alone
};

/// What became of a batch.
struct batch_outcome {
  caf::error error;                      ///< none: applied, unless there is something to report
  std::vector<partition_position> after; ///< when applied
  std::vector<poison> unreported;        ///< not empty: nothing was applied, report these first
  std::vector<poison> poisoned;          ///< parked, skipped, or the reason of a failure
  std::size_t applied = 0;               ///< records
};

struct folded_batch {
  changes to_apply;
  std::vector<partition_position> after;
  std::vector<poison> poisoned;
};

/// Pure. Records below their partition's position are left alone; those of parked
/// sessions are counted. Under the policy `fail` it stops at the first poison.
[[nodiscard]] folded_batch fold(const read_model& model, const batch& work);

} // namespace sonicmatch::projections
