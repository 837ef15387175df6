#pragma once

#include "http/message.hpp"
#include "http/routes/route_parts.hpp"

#include <caf/expected.hpp>

#include <optional>

namespace sonicmatch::http {

/// Who asks: an account, or nobody in particular. Error: unauthenticated, for an
/// Authorization that is not valid. Its problem is 401 with a challenge.
[[nodiscard]] caf::expected<std::optional<events::user_id>> caller_of(const route_parts& parts,
                                                                      const request& asked);

/// The account that asks. Error: unauthenticated, for nobody in particular too.
[[nodiscard]] caf::expected<events::user_id> account_of(const route_parts& parts, const request& asked);

} // namespace sonicmatch::http
