#pragma once

#include "events/explanation/commands.hpp"

/// What happened to an explanation. Published: a change is a new version, an upcaster
/// and a golden file (tests/golden).
namespace sonicmatch::events::explanation {

/// One of a session's picks is to be explained: the explanation's first event. It has all
/// that an answer is made of, the session's wishes and picks, so that nothing is looked up.
struct explanation_requested {
  explanation_id id;
  headphone_id headphone;
  session::preferences preferences;
  std::vector<session::match> matches;
  timestamp deadline;

  bool operator==(const explanation_requested&) const = default;

  static constexpr std::string_view record_name = "explanation_requested";
  static constexpr std::string_view type_name = "sonicmatch.explanation_requested.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = explanation_requested;
    return record::fields(
      field("explanation_id", &e::id), field("headphone_id", &e::headphone),
      field("preferences", &e::preferences), field("matches", &e::matches),
      field("deadline", &e::deadline).doc("the explanation ends by then, one way or another"));
  }
};

/// An explanation ended with a text, the language model's or the heuristic engine's.
struct explanation_completed {
  explanation_id id;
  catalog::headphone_view headphone;
  std::string detailed_explanation;
  std::vector<comparison_point> comparison_points;
  std::string engine;
  bool degraded = false;
  std::optional<std::string> degraded_reason;
  std::optional<int> prompt_version;
  language_model::calls_summary calls;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  bool operator==(const explanation_completed&) const = default;

  static constexpr std::string_view record_name = "explanation_completed";
  static constexpr std::string_view type_name = "sonicmatch.explanation_completed.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = explanation_completed;
    return record::fields(
      field("explanation_id", &e::id), field("headphone", &e::headphone),
      field("detailed_explanation", &e::detailed_explanation).size(1, 8000),
      field("comparison_points", &e::comparison_points).doc("with the session's other picks"),
      field("engine", &e::engine).doc("provider/model, or heuristic"),
      field("degraded", &e::degraded).doc("the language model was meant to answer and did not"),
      field("degraded_reason", &e::degraded_reason).doc("a stable word for why"),
      field("prompt_version", &e::prompt_version).doc("of the question to the language model"),
      field("calls", &e::calls), field("requested_at", &e::requested_at),
      field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

/// An explanation ended without a text: its deadline was over.
struct explanation_failed {
  explanation_id id;
  headphone_id headphone;
  std::string code;
  std::string detail;
  std::optional<int> prompt_version;
  language_model::calls_summary calls;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  bool operator==(const explanation_failed&) const = default;

  static constexpr std::string_view record_name = "explanation_failed";
  static constexpr std::string_view type_name = "sonicmatch.explanation_failed.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = explanation_failed;
    return record::fields(
      field("explanation_id", &e::id), field("headphone_id", &e::headphone),
      field("code", &e::code).doc("a stable word, as errors have"),
      field("detail", &e::detail).doc("a sentence for people"),
      field("prompt_version", &e::prompt_version).doc("of the question to the language model"),
      field("calls", &e::calls), field("requested_at", &e::requested_at),
      field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

using event = std::variant<explanation_requested, explanation_completed, explanation_failed>;

/// Whether the event ends its explanation.
[[nodiscard]] constexpr bool is_terminal(const event& happened) noexcept {
  return !std::holds_alternative<explanation_requested>(happened);
}

} // namespace sonicmatch::events::explanation
