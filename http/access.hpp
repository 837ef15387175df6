#pragma once

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

/// Whether who asks may see what belongs to `owner`. What is nobody's in particular is
/// seen by whoever has its id.
[[nodiscard]] inline bool may_see(const std::optional<events::user_id>& owner,
                                  const std::optional<events::user_id>& caller) noexcept {
  return !owner || owner == caller;
}

} // namespace sonicmatch::http
