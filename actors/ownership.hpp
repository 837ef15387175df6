#pragma once

#include "actors/ports/log.hpp"
#include "events/envelope.hpp"

#include <caf/error.hpp>

#include <optional>
#include <vector>

/// Whose a stream is: what its records' headers say of it, and who may see it. Pure.
namespace sonicmatch::actors {

/// Whether who asks may see what belongs to `owner`. What is nobody's in particular is
/// seen by whoever has its id.
[[nodiscard]] inline bool may_see(const std::optional<events::user_id>& owner,
                                  const std::optional<events::user_id>& asker) noexcept {
  return !owner || owner == asker;
}

/// not_found: the answer for a session that is not there, and for one of somebody else.
[[nodiscard]] caf::error no_such_session();

/// Adds the headers that say where the record's stream comes from.
void write_origin(std::vector<ports::header>& headers, const events::stream_origin& origin);

/// What the record's headers say of that.
[[nodiscard]] events::stream_origin origin_of(const ports::log_record& record);

} // namespace sonicmatch::actors
