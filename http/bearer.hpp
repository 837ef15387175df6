#pragma once

#include "actors/accounts/access_tokens.hpp"
#include "actors/ports/clock.hpp"
#include "http/access.hpp"

#include <memory>

namespace sonicmatch::http {

/// Finds the account that a request's `Authorization: Bearer` names (RFC 6750, 2.1). A
/// token is taken from nowhere else: no cookie, no query, no body. Thread-safe, as both
/// of its parts are.
[[nodiscard]] caller_finder make_caller_finder(std::shared_ptr<const actors::accounts::access_tokens> tokens,
                                               std::shared_ptr<const actors::ports::clock> clock);

} // namespace sonicmatch::http
