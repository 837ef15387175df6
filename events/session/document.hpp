#pragma once

#include "events/session/events.hpp"
#include "events/session/state.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::events::session {

/// Why a session ended without picks.
struct failure {
  std::string code;
  std::string detail;

  bool operator==(const failure&) const = default;

  static constexpr std::string_view record_name = "failure";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(field("code", &failure::code), field("detail", &failure::detail));
  }
};

enum class document_status : std::uint8_t { pending, processing, complete, error };
constexpr auto names(document_status) {
  return std::array<std::string_view, 4>{"pending", "processing", "complete", "error"};
}

/// A session as the HTTP edge answers it: a fold of its events, the same in the
/// edge's cache and in PostgreSQL.
struct document {
  session_id id;
  document_status status = document_status::pending;
  std::optional<std::vector<match>> matches;
  std::optional<std::vector<relaxation>> relaxations;
  std::optional<std::vector<std::string>> notes;
  std::optional<failure> error;
  std::optional<std::string> engine;
  std::optional<bool> degraded;
  std::optional<std::string> degraded_reason;
  std::optional<session::preferences> preferences;
  std::optional<std::int64_t> processing_time_ms;
  timestamp created_at;
  std::optional<timestamp> completed_at;
  std::optional<std::int64_t> catalog_version;
  stream_version version;
  std::string position;

  bool operator==(const document&) const = default;

  static constexpr std::string_view record_name = "recommendation";
  static constexpr auto declaration() {
    using record::field;
    using d = document;
    return record::fields(
      field("session_id", &d::id), field("status", &d::status),
      field("matches", &d::matches).doc("best first; present when complete"),
      field("relaxations", &d::relaxations).doc("what to change when nothing matched"),
      field("notes", &d::notes).doc("wishes that could not be used"),
      field("error", &d::error).doc("present when status is error"),
      field("engine", &d::engine).doc("provider and model, or heuristic").example(R"("heuristic")"),
      field("degraded", &d::degraded).doc("the language model was meant to answer and did not"),
      field("degraded_reason", &d::degraded_reason).doc("a stable word for why").example(R"("breaker_open")"),
      field("preferences", &d::preferences).doc("what was asked for; present when complete"),
      field("processing_time_ms", &d::processing_time_ms), field("created_at", &d::created_at),
      field("completed_at", &d::completed_at), field("catalog_version", &d::catalog_version),
      field("version", &d::version).doc("of the session's event stream; the ETag is made from it"),
      field("position", &d::position).doc("partition:offset of the newest event in it"));
  }
};

/// The document after an effective event. A terminal event alone is enough: it
/// carries what the document needs from the ones before it.
[[nodiscard]] document document_of(const session_id& id, event happened, stream_version version,
                                   timestamp time, const log_position& position);
/// The same once the language model is being asked.
[[nodiscard]] document document_of(const session_id& id,
                                   const language_model::language_model_call_started& happened,
                                   stream_version version, const log_position& position);

} // namespace sonicmatch::events::session
