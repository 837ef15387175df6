#pragma once

#include "events/session/commands.hpp"
#include "events/session/events.hpp"

#include <array>
#include <cstdint>
#include <vector>

/// The session aggregate: a pure function from what happened and what is asked
/// to what happens next.
namespace sonicmatch::events::session {

enum class status : std::uint8_t { unknown, pending, complete, error };
constexpr auto names(status) {
  return std::array<std::string_view, 4>{"unknown", "pending", "complete", "error"};
}

/// What the events of one stream add up to.
struct state {
  session::status status = status::unknown;
  stream_version version;
  session::preferences preferences;
  int max_results = 0;
  timestamp requested_at;
  timestamp deadline;

  bool operator==(const state&) const = default;
};

/// What the command leads to now: no event when it changes nothing (a repeat of
/// an answered request, an end of what has ended). `now` becomes the events' time.
[[nodiscard]] std::vector<event> decide(const state& current, const request_recommendation& asked,
                                        timestamp now);
[[nodiscard]] std::vector<event> decide(const state& current, complete_recommendation asked, timestamp now);
[[nodiscard]] std::vector<event> decide(const state& current, fail_recommendation asked, timestamp now);

/// The state after an event that is effective as `version` at `time`. An event
/// at or below the state's version is a repeat, and changes nothing; neither
/// does one that cannot follow (an end of what never began).
[[nodiscard]] state evolve(state current, const event& happened, stream_version version, timestamp time);

} // namespace sonicmatch::events::session
