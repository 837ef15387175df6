#pragma once

#include "events/language_model/journal.hpp"
#include "events/session/commands.hpp"
#include "events/session/events.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

/// The session aggregate: a pure function from what happened and what is asked
/// to what happens next.
namespace sonicmatch::events::session {

enum class status : std::uint8_t { unknown, pending, processing, complete, error, erased };
constexpr auto names(status) {
  return std::array<std::string_view, 6>{"unknown", "pending", "processing", "complete", "error", "erased"};
}

/// What the events of one stream add up to.
struct state {
  session::status status = status::unknown;
  stream_version version;
  session::preferences preferences;
  int max_results = 0;
  timestamp requested_at;
  timestamp deadline;
  language_model::call_journal calls;

  bool operator==(const state&) const = default;
};

/// What the command leads to now: no event when it changes nothing (a repeat of
/// an answered request, an end of what has ended). `now` becomes the events' time.
[[nodiscard]] std::vector<event> decide(const state& current, const request_recommendation& asked,
                                        timestamp now);
/// `opened_by` is the command that opened the session.
[[nodiscard]] std::optional<language_model::language_model_call_started>
decide(const state& current, language_model::start_call asked, const command_id& opened_by);
[[nodiscard]] std::vector<event> decide(const state& current, complete_recommendation asked, timestamp now);
[[nodiscard]] std::vector<event> decide(const state& current, fail_recommendation asked, timestamp now);
/// Whatever the session's state is, unknown included: who decides may have forgotten it.
[[nodiscard]] std::vector<fact> decide(const state& current, const erase_session& asked);

/// The state after an event that is effective as `version` at `time`. An event
/// at or below the state's version is a repeat, and changes nothing; neither
/// does one that cannot follow (an end of what never began).
[[nodiscard]] state evolve(state current, const event& happened, stream_version version, timestamp time);
[[nodiscard]] state evolve(state current, const language_model::language_model_call_started& happened,
                           stream_version version);
/// Facts have no version, and the first outcome of a call counts.
[[nodiscard]] state evolve(state current, const language_model::fact& happened);

/// Nothing is left, and nothing that follows changes that.
[[nodiscard]] state evolve(const state& current, const session_erased& happened);

/// Whether a session of this status has begun and not ended.
[[nodiscard]] constexpr bool is_open(status at) noexcept {
  return at == status::pending || at == status::processing;
}

} // namespace sonicmatch::events::session
