#pragma once

#include "events/envelope.hpp"
#include "events/session/document.hpp"
#include "projections/answer_columns.hpp"

#include <optional>
#include <string>

/// The read model `sessions`: one row per session, ready to be served.
namespace sonicmatch::projections::sessions {

/// A session as its newest effective decision leaves it. Every column but
/// `command` comes from that one event, so a terminal event alone is enough.
struct session_row {
  events::session_id id;
  events::session::document_status status = events::session::document_status::pending;
  std::string document; ///< events::session::document as JSON text
  answer_columns answer;
  events::timestamp created_at;
  std::optional<events::timestamp> completed_at;
  events::stream_version version;
  events::log_position position; ///< of the newest event
  /// What led to the first event known of the session.
  std::optional<events::record_id> command;
  events::correlation_id correlation;
  events::stream_origin origin;
  /// The version of the first event of this batch in the row: 1 says that the
  /// store should not know the session yet. A hint for the store, not stored.
  events::stream_version since;

  bool operator==(const session_row&) const = default;
};

} // namespace sonicmatch::projections::sessions
