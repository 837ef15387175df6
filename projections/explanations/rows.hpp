#pragma once

#include "events/explanation/document.hpp"
#include "projections/answer_columns.hpp"

#include <optional>
#include <string>
#include <utility>

/// The read model `explanations`: one row per explained pick, ready to be served.
namespace sonicmatch::projections::explanations {

/// An explanation as one effective event leaves it: the one that replaces all others of
/// its pick. Its key is the session and the headphone.
struct explanation_row {
  events::session_id session;
  events::headphone_id headphone;
  events::explanation_id id;
  events::explanation::document_status status = events::explanation::document_status::pending;
  std::string document; ///< events::explanation::document as JSON text
  answer_columns answer;
  events::timestamp created_at;
  std::optional<events::timestamp> completed_at;
  events::log_position position; ///< of the event

  bool operator==(const explanation_row&) const = default;
};

/// Whether it is the answer that was wanted, and not a makeshift.
[[nodiscard]] inline bool is_good(const explanation_row& row) {
  return row.status == events::explanation::document_status::complete && row.answer.degraded == false;
}

/// Whether `fresh` takes the place of `known`, a row of the same pick, so of the same
/// partition. An order of all rows, of which the greatest stays: however they are
/// batched, the same one does.
[[nodiscard]] inline bool replaces(const explanation_row& fresh, const explanation_row& known) {
  return std::pair{is_good(fresh), fresh.position.offset} > std::pair{is_good(known), known.position.offset};
}

} // namespace sonicmatch::projections::explanations
