#pragma once

#include "actors/ownership.hpp"
#include "events/ids.hpp"
#include "http/message.hpp"

#include <caf/expected.hpp>

#include <functional>
#include <optional>

namespace sonicmatch::http {

/// Who asks: the account that the request's Authorization names, or nobody in particular
/// when it has none. Pure and fast; called on I/O threads. Error: unauthenticated, for an
/// Authorization that is not valid (wrong, expired, of another scheme).
using caller_finder = std::function<caf::expected<std::optional<events::user_id>>(const request&)>;

using actors::may_see;

} // namespace sonicmatch::http
