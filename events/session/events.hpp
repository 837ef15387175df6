#pragma once

#include "events/ids.hpp"
#include "events/language_model/events.hpp"
#include "events/session/commands.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <string>
#include <variant>
#include <vector>

/// What happened in a session, in the past tense. Published: a change is a new
/// version, an upcaster and a golden file (tests/golden).
namespace sonicmatch::events::session {

/// A session was opened: its first event. What it was asked for is durable from here on.
struct recommendation_requested {
  session::preferences preferences;
  int max_results = 5;
  timestamp deadline;

  bool operator==(const recommendation_requested&) const = default;

  static constexpr std::string_view record_name = "recommendation_requested";
  static constexpr std::string_view type_name = "sonicmatch.recommendation_requested.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = recommendation_requested;
    return record::fields(
      field("preferences", &e::preferences), field("max_results", &e::max_results),
      field("deadline", &e::deadline).doc("the session ends by then, one way or another"));
  }
};

/// A session ended with an answer, which may be that nothing meets the constraints. The
/// picks are as they were shown, headphones included, so that reading them needs no catalog.
struct recommendation_completed {
  std::vector<match> matches;
  std::vector<relaxation> relaxations;
  std::vector<std::string> notes;
  std::string engine;
  bool degraded = false;
  std::optional<std::string> degraded_reason;
  std::int64_t catalog_version = 0;
  std::optional<int> prompt_version;
  std::optional<call_id> reused_call;
  language_model::calls_summary calls;
  std::optional<session::preferences> preferences;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  bool operator==(const recommendation_completed&) const = default;

  static constexpr std::string_view record_name = "recommendation_completed";
  static constexpr std::string_view type_name = "sonicmatch.recommendation_completed.v2";
  static constexpr auto declaration() {
    using record::field;
    using e = recommendation_completed;
    return record::fields(
      field("matches", &e::matches).doc("in order of rank; empty when nothing meets the constraints"),
      field("relaxations", &e::relaxations).doc("only when there are no matches"),
      field("notes", &e::notes).doc("wishes that could not be used, as sentences"),
      field("engine", &e::engine).doc("provider/model, or heuristic"),
      field("degraded", &e::degraded).doc("the language model was meant to answer and did not"),
      field("degraded_reason", &e::degraded_reason).doc("a stable word for why"),
      field("catalog_version", &e::catalog_version),
      field("prompt_version", &e::prompt_version).doc("of the question to the language model"),
      field("reused_call", &e::reused_call).doc("the call whose reply answered the same question before"),
      field("calls", &e::calls).doc("what the calls for this session came to"),
      field("preferences", &e::preferences).doc("what was asked for; absent in what v1 published"),
      field("requested_at", &e::requested_at),
      field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

/// A session ended without an answer: its deadline was over.
struct recommendation_failed {
  std::string code;
  std::string detail;
  std::optional<int> prompt_version;
  language_model::calls_summary calls;
  timestamp requested_at;
  std::int64_t processing_time_ms = 0;

  bool operator==(const recommendation_failed&) const = default;

  static constexpr std::string_view record_name = "recommendation_failed";
  static constexpr std::string_view type_name = "sonicmatch.recommendation_failed.v2";
  static constexpr auto declaration() {
    using record::field;
    using e = recommendation_failed;
    return record::fields(
      field("code", &e::code).doc("a stable word, as errors have"),
      field("detail", &e::detail).doc("a sentence for people"),
      field("prompt_version", &e::prompt_version).doc("of the question to the language model"),
      field("calls", &e::calls), field("requested_at", &e::requested_at),
      field("processing_time_ms", &e::processing_time_ms).range(0, 1e12));
  }
};

using event = std::variant<recommendation_requested, recommendation_completed, recommendation_failed>;

/// The session is erased, and nothing of it counts any more, before or after, for any
/// reader. A fact: it has no version, and holds whoever owned the partition.
struct session_erased {
  erasure_reason reason = erasure_reason::session_deleted;

  bool operator==(const session_erased&) const = default;

  static constexpr std::string_view record_name = "session_erased";
  static constexpr std::string_view type_name = "sonicmatch.session_erased.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("reason", &session_erased::reason));
  }
};

/// What is said of a session beside its decisions.
using fact = std::variant<session_erased>;

/// Whether the event ends its session.
[[nodiscard]] constexpr bool is_terminal(const event& happened) noexcept {
  return !std::holds_alternative<recommendation_requested>(happened);
}

} // namespace sonicmatch::events::session
