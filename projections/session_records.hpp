#pragma once

#include "actors/ports/log.hpp"
#include "events/codec.hpp"
#include "events/fence.hpp"

#include <caf/expected.hpp>

#include <optional>
#include <string_view>
#include <variant>

namespace sonicmatch::projections {

/// A decision in the stream of a session.
struct session_decision {
  std::variant<events::session::event, events::language_model::language_model_call_started> body;
  events::stream_version version;
};

/// A decision in the stream of an explanation of one of the session's picks.
struct explanation_decision {
  events::explanation_id explanation;
  std::variant<events::explanation::event, events::language_model::language_model_call_started> body;
  events::stream_version version;
};

/// What somebody did with one of the session's picks; a decision, and the only one of its stream.
struct feedback_decision {
  events::feedback::feedback_recorded happened;
};

/// The session is erased: a fact, which counts whatever its claim is.
struct erasure {};

/// What a call of a language model ended with. It may be said again; the first counts.
struct call_ended {
  std::optional<events::explanation_id> explanation; ///< that it was made for; none: the session
  events::language_model::fact fact;
};

/// What counts of a record in the events topic.
struct effective_event {
  events::session_id session; ///< that the record's key names
  events::envelope head;
  events::log_position position;
  std::variant<session_decision, explanation_decision, feedback_decision, call_ended, erasure> body;
};

/// Whether a fold has a use for records of a type.
using type_filter = bool (*)(std::string_view type);

[[nodiscard]] constexpr bool is_any_type(std::string_view) noexcept {
  return true;
}

/// Reads a record of the events topic: the event, or nothing when it is a partition's,
/// or a decision that is void under the fence, which takes claims in. Facts count
/// whatever their claim is, and leave the fence alone.
///
/// A record whose header names a type that is not `wanted`, and no erasure, is nothing too,
/// and its value is not even looked at: so a fold that is to find all broken records wants all.
/// Without that header, events of other types are returned as well.
///
/// Errors: as events::decode_event, and invalid_record for a record without a value, a
/// key that is no session id, a decision without a sequence, or an explanation's, a
/// feedback's or a call's event whose subject is not the id of its stream.
[[nodiscard]] caf::expected<std::optional<effective_event>>
read_session_record(const actors::ports::log_record& record, events::claim_fence& fence,
                    type_filter wanted = is_any_type);

} // namespace sonicmatch::projections
