#pragma once

#include "events/explanation/events.hpp"
#include "events/session/document.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::events::explanation {

enum class document_status : std::uint8_t { pending, complete, error };
constexpr auto names(document_status) {
  return std::array<std::string_view, 3>{"pending", "complete", "error"};
}

/// An explanation as the HTTP edge answers it: a fold of its events, the same in the
/// edge and in PostgreSQL.
struct document {
  session_id session;
  explanation_id id;
  events::headphone_id headphone_id;
  document_status status = document_status::pending;
  std::optional<catalog::headphone_view> headphone;
  std::optional<std::string> detailed_explanation;
  std::optional<std::vector<comparison_point>> comparison_points;
  std::optional<session::failure> error;
  std::optional<std::string> engine;
  std::optional<bool> degraded;
  std::optional<std::string> degraded_reason;
  std::optional<std::int64_t> processing_time_ms;
  timestamp created_at;
  std::optional<timestamp> completed_at;

  bool operator==(const document&) const = default;

  static constexpr std::string_view record_name = "explanation";
  static constexpr auto declaration() {
    using record::field;
    using d = document;
    return record::fields(
      field("session_id", &d::session), field("explanation_id", &d::id),
      field("headphone_id", &d::headphone_id), field("status", &d::status),
      field("headphone", &d::headphone).doc("as it was when it was picked"),
      field("detailed_explanation", &d::detailed_explanation).doc("present when complete"),
      field("comparison_points", &d::comparison_points)
        .doc("with the session's other picks, from measured and listed figures"),
      field("error", &d::error).doc("present when status is error"),
      field("engine", &d::engine).doc("provider/model, or heuristic").example(R"("heuristic")"),
      field("degraded", &d::degraded).doc("the language model was meant to answer and did not"),
      field("degraded_reason", &d::degraded_reason).doc("a stable word for why"),
      field("processing_time_ms", &d::processing_time_ms), field("created_at", &d::created_at),
      field("completed_at", &d::completed_at));
  }
};

/// The document after an event. A terminal event alone is enough.
[[nodiscard]] document document_of(const session_id& session, event happened, timestamp time);

} // namespace sonicmatch::events::explanation
