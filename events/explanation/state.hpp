#pragma once

#include "events/explanation/events.hpp"
#include "events/language_model/journal.hpp"

#include <optional>
#include <vector>

/// The explanation aggregate: a pure function from what happened and what is asked to
/// what happens next.
namespace sonicmatch::events::explanation {

enum class status : std::uint8_t { unknown, open, complete, error };
constexpr auto names(status) {
  return std::array<std::string_view, 4>{"unknown", "open", "complete", "error"};
}

/// What the events of one stream add up to.
struct state {
  explanation::status status = status::unknown;
  stream_version version;
  explanation_id id;
  headphone_id headphone;
  session::preferences preferences;
  std::vector<session::match> matches;
  timestamp requested_at;
  timestamp deadline;
  language_model::call_journal calls;

  bool operator==(const state&) const = default;
};

/// What the command leads to now: no event when it changes nothing.
[[nodiscard]] std::vector<event> decide(const state& current, const request_explanation& asked);
/// `opened_by` is the command that opened the explanation.
[[nodiscard]] std::optional<language_model::language_model_call_started>
decide(const state& current, language_model::start_call asked, const command_id& opened_by);
[[nodiscard]] std::vector<event> decide(const state& current, complete_explanation asked, timestamp now);
[[nodiscard]] std::vector<event> decide(const state& current, fail_explanation asked, timestamp now);

/// The state after an effective event; one at or below the state's version, or that
/// cannot follow, changes nothing.
[[nodiscard]] state evolve(state current, const event& happened, stream_version version, timestamp time);
[[nodiscard]] state evolve(state current, const language_model::language_model_call_started& happened,
                           stream_version version);
/// Facts have no version, and the first outcome of a call counts.
[[nodiscard]] state evolve(state current, const language_model::fact& happened);

} // namespace sonicmatch::events::explanation
