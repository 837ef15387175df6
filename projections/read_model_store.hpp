#pragma once

#include "events/ids.hpp"
#include "projections/explanations/rows.hpp"
#include "projections/feedback/rows.hpp"
#include "projections/headphones/rows.hpp"
#include "projections/language_model_calls/rows.hpp"
#include "projections/matches/rows.hpp"
#include "projections/sessions/rows.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sonicmatch::projections {

using events::log_offset;
using events::partition_id;

/// How far a projection is in one partition: the next offset to apply and the
/// newest claim before it (events/fence.hpp), which is part of the position.
struct checkpoint {
  partition_id partition;
  log_offset next;
  std::optional<log_offset> claim;

  bool operator==(const checkpoint&) const = default;
};

/// A session whose records a projection leaves out from some offset on.
struct parked_session {
  events::session_id id;
  partition_id partition;

  bool operator==(const parked_session&) const = default;
};

/// What a projection needs to go on.
struct stored_progress {
  std::vector<checkpoint> checkpoints; ///< partitions it has not begun are missing
  std::vector<parked_session> parked;
};

/// The step of a partition's checkpoint from `from` (nothing: there is none yet) to `to`.
struct checkpoint_advance {
  std::optional<log_offset> from;
  checkpoint to;
};

/// A record that could not be applied. Without a session when its key names none.
struct parked_record {
  events::log_position position;
  std::optional<events::session_id> session;
  std::string key;
  std::string error;
};

/// How many more records of a parked session were left out.
struct left_out_records {
  events::session_id session;
  std::uint64_t records = 0;
};

using row_set =
  std::variant<std::vector<sessions::session_row>, std::vector<matches::session_matches>,
               std::vector<explanations::explanation_row>, std::vector<feedback::feedback_row>,
               std::vector<language_model_calls::call_row>, std::vector<headphones::headphone_row>>;

/// Everything a batch of records changes. One row per key.
struct changes {
  std::string projection;
  std::vector<checkpoint_advance> advances; ///< each partition once, in order of partition
  row_set rows;
  std::vector<events::session_id> erased; ///< sessions of which nothing is kept from now on
  std::vector<parked_record> parked;
  std::vector<left_out_records> left_out;
};

/// Where a projection keeps its rows and its position, together.
///
/// Blocking, and owned by one thread (the projection's store_writer). The rows
/// are the fold of exactly the records before the checkpoints: both move in one
/// transaction, so each record is applied once, whoever fails when.
/// Contract: tests/contract/read_model_store_contract.hpp, language_model_rows_contract.hpp.
class read_model_store {
public:
  virtual ~read_model_store() = default;

  /// The projection's checkpoints and parked sessions. Errors: store_unavailable.
  [[nodiscard]] virtual caf::expected<stored_progress> load(std::string_view projection) = 0;

  /// Applies all or nothing:
  /// - every checkpoint must be where `from` says, or nothing happens: checkpoint_conflict;
  /// - a row replaces an older one (by version; by offset for headphones; for
  ///   explanations as explanations::replaces() says) and leaves an equal or newer one
  ///   alone. A session's first `command` stays, and so does the first row of a call or
  ///   of feedback;
  /// - of a session that is or was erased in this projection no row is kept, those of this
  ///   batch included. A call's row stays, without the session.
  /// Other errors: store_unavailable (it may have been applied nevertheless: then
  /// doing it again is a conflict), store_rejected (the values of some row were refused).
  [[nodiscard]] virtual caf::error apply(const changes& batch) = 0;
};

} // namespace sonicmatch::projections
