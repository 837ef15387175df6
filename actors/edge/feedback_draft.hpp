#pragma once

#include "events/feedback/commands.hpp"

#include <caf/expected.hpp>

#include <string_view>

namespace sonicmatch::actors {

/// The command that records feedback on `headphone`, from its session's document; id, kind
/// and rating are the caller's to set. Pure.
///
/// Errors: not_complete for a session that has not ended with picks, not_a_match for a
/// headphone that is not among them, invalid_record for a document that cannot be read.
[[nodiscard]] caf::expected<events::feedback::record_feedback>
draft_feedback(std::string_view session_document, const events::headphone_id& headphone);

} // namespace sonicmatch::actors
