#include "http/bearer.hpp"

#include "events/error.hpp"
#include "http/ascii.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

caf::error refused(std::string why) {
  return events::make_error(events::errc::unauthenticated, std::move(why));
}

/// How many fields of that name a request has: two credentials are no credentials.
std::ptrdiff_t count(const request& asked, std::string_view name) {
  const auto& fields = asked.headers();
  return std::count_if(fields.begin(), fields.end(),
                       [&](const auto& each) { return equals_ignoring_case(each.name, name); });
}

} // namespace

caller_finder make_caller_finder(std::shared_ptr<const actors::accounts::access_tokens> tokens,
                                 std::shared_ptr<const actors::ports::clock> clock) {
  return [tokens, clock](const request& asked) -> caf::expected<std::optional<events::user_id>> {
    constexpr std::string_view scheme = "bearer ";
    auto given = asked.header("authorization");
    if (!given)
      return std::optional<events::user_id>{};
    if (count(asked, "authorization") > 1)
      return refused("There is more than one Authorization.");
    if (given->size() < scheme.size() || !equals_ignoring_case(given->substr(0, scheme.size()), scheme))
      return refused("Authorization must be: Bearer, and an access token.");
    auto user = tokens->verify(trim(given->substr(scheme.size())), clock->now());
    if (!user)
      return std::move(user.error());
    return std::optional{*user};
  };
}

} // namespace sonicmatch::http
