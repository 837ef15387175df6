#pragma once

#include "actors/interfaces.hpp"

#include <string>

namespace sonicmatch::http {

/// News of a session as server-sent events: `accepted`, `processing` and
/// `language_model_attempt` with a session_progress, `complete` and `error` with the
/// session's document. The id of each is the version of the session's stream. Pure.
[[nodiscard]] std::string session_events_of(const actors::session_news& news);

/// How a session's progress is told, but for its end, which is told by its document.
struct session_progress {
  events::session_id session;
  std::string status;
  events::stream_version version;
  std::optional<int> attempt;
  std::optional<events::timestamp> time;

  static constexpr std::string_view record_name = "session_progress";
  static constexpr auto declaration() {
    using events::record::field;
    using p = session_progress;
    return events::record::fields(
      field("session_id", &p::session), field("status", &p::status).doc("pending or processing"),
      field("version", &p::version).doc("of the session's event stream; the event's id too"),
      field("attempt", &p::attempt).doc("which call of the language model it is, from 1"),
      field("time", &p::time).doc("when it happened; absent where only that it did is known"));
  }
};

} // namespace sonicmatch::http
