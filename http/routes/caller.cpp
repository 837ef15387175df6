#include "http/routes/caller.hpp"

#include "events/error.hpp"

namespace sonicmatch::http {

caf::expected<std::optional<events::user_id>> caller_of(const route_parts& parts, const request& asked) {
  if (!parts.find_caller)
    return std::optional<events::user_id>{};
  return parts.find_caller(asked);
}

caf::expected<events::user_id> account_of(const route_parts& parts, const request& asked) {
  auto caller = caller_of(parts, asked);
  if (!caller)
    return std::move(caller.error());
  if (!*caller)
    return events::make_error(events::errc::unauthenticated, "This needs an account: log in first.");
  return **caller;
}

} // namespace sonicmatch::http
