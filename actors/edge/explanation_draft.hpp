#pragma once

#include "events/explanation/commands.hpp"

#include <caf/expected.hpp>

#include <string_view>

namespace sonicmatch::actors {

/// The command that asks to explain `headphone`, from its session's document; id and
/// deadline are the caller's to set. Pure.
///
/// A session that ended before its events carried what was asked for has no
/// preferences left: the genres of its best pick stand in for them.
///
/// Errors: not_complete for a session that has not ended with picks, not_a_match for a
/// headphone that is not among them, invalid_record for a document that cannot be read.
[[nodiscard]] caf::expected<events::explanation::request_explanation>
draft_explanation(std::string_view session_document, const events::headphone_id& headphone);

/// The id of a headphone that a person names by its id or its slug.
[[nodiscard]] events::headphone_id headphone_named(std::string_view id_or_slug);

} // namespace sonicmatch::actors
