#pragma once

#include "events/feedback/events.hpp"

#include <vector>

/// The feedback aggregate: a pure function from what happened and what is asked to what
/// happens next.
namespace sonicmatch::events::feedback {

/// What the events of one stream add up to: whether there is one.
struct state {
  stream_version version;

  bool operator==(const state&) const = default;
};

/// What the command leads to now: no event when it is a repeat.
[[nodiscard]] std::vector<event> decide(const state& current, const record_feedback& asked);

/// The state after an effective event; one at or below the state's version changes nothing.
[[nodiscard]] state evolve(state current, const event& happened, stream_version version);

} // namespace sonicmatch::events::feedback
