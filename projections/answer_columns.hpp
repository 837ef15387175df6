#pragma once

#include "events/language_model/events.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace sonicmatch::projections {

/// Who answered a request, and what its calls of a language model came to: the columns
/// that sessions and explanations have alike. Until a request has ended they say nothing.
struct answer_columns {
  std::optional<std::string> provider; ///< "heuristic", or who runs the model
  std::optional<std::string> model;
  std::optional<bool> degraded;
  std::optional<std::string> degraded_reason; ///< a stable word
  std::optional<int> prompt_version;
  int attempts = 0;                          ///< calls that were started
  std::optional<std::int64_t> prompt_tokens; ///< all that was read, the provider's cache included
  std::optional<std::int64_t> completion_tokens;
  /// Of the calls whose cost is known; nothing when it is known of none.
  std::optional<events::micro_dollars> cost;
  bool cost_is_known = true; ///< false when some call may have cost more than is known

  bool operator==(const answer_columns&) const = default;
};

/// Sets the columns of an engine's name: "provider/model", or a provider alone.
void set_engine(answer_columns& out, std::string_view engine);
/// Sets the columns of the calls.
void set_calls(answer_columns& out, const events::language_model::calls_summary& calls);

/// The columns after an event of a session or an explanation, of any type.
template <class Event>
[[nodiscard]] answer_columns answer_of(const Event& happened) {
  answer_columns out;
  if constexpr (requires { happened.engine; }) {
    set_engine(out, happened.engine);
    out.degraded = happened.degraded;
    out.degraded_reason = happened.degraded_reason;
    out.prompt_version = happened.prompt_version;
  }
  if constexpr (requires { happened.calls; })
    set_calls(out, happened.calls);
  return out;
}

} // namespace sonicmatch::projections
