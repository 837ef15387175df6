#pragma once

#include "actors/ports/log.hpp"
#include "events/codec.hpp"
#include "events/fence.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace sonicmatch::projections {

/// An event of a session that counts.
struct effective_event {
  events::session_id session;
  events::envelope head;
  events::session::event body;
  events::stream_version version;
  events::log_position position;
};

/// Reads a record of the events topic: the event, or nothing when it is none of a
/// session's or is void under the fence, which takes claims in. The record's key
/// says whose event it is. Errors: as events::decode_event, and invalid_record for
/// a key that is no session id, an event without a sequence, a record without a value.
[[nodiscard]] caf::expected<std::optional<effective_event>>
read_session_record(const actors::ports::log_record& record, events::claim_fence& fence);

} // namespace sonicmatch::projections
