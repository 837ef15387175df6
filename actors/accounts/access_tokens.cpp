#include "actors/accounts/access_tokens.hpp"

#include "events/error.hpp"
#include "events/record/reader.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors::accounts {

namespace {

/// Ours have some 400 bytes; a longer one is not looked at.
constexpr std::size_t token_bytes_max = 2'048;

caf::error refused(std::string why) {
  return events::make_error(events::errc::unauthenticated, "The access token " + std::move(why) + ".");
}

std::int64_t seconds_of(events::timestamp time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

} // namespace

caf::error check(const access_claims& claims, const token_rules& rules, events::timestamp now) {
  auto at = seconds_of(now);
  auto leeway = rules.leeway.count();
  if (claims.issuer != rules.issuer)
    return refused("was issued by somebody else");
  if (claims.audience != rules.audience)
    return refused("is for somebody else");
  if (claims.expires_at + leeway <= at)
    return refused("has expired");
  if (claims.not_before - leeway > at || claims.issued_at - leeway > at)
    return refused("does not hold yet");
  return {};
}

caf::expected<std::string> access_tokens::issue(const events::user_id& user, events::timestamp now,
                                                ports::entropy& entropy) const {
  auto issued_at = seconds_of(now);
  access_claims claims{rules_.issuer,
                       rules_.audience,
                       user,
                       issued_at + rules_.lifetime.count(),
                       issued_at,
                       issued_at,
                       to_string(events::uuid_v7(now, entropy.draw()))};
  return signer_->sign(events::record::to_json(claims));
}

caf::expected<events::user_id> access_tokens::verify(std::string_view token, events::timestamp now) const {
  if (token.empty() || token.size() > token_bytes_max)
    return refused("is not one of ours");
  auto digest = verified_tokens::digest_of(token);
  if (auto known = verified_.find(digest))
    return known->expires_at + rules_.leeway > now ? caf::expected<events::user_id>{known->user}
                                                   : refused("has expired");
  auto opened = signer_->open(token);
  if (!opened)
    return std::move(opened.error());
  events::record::violations wrong;
  auto claims = events::record::read<access_claims>(*opened, wrong, events::record::unknown_fields::ignore);
  if (!claims)
    return refused("has claims that cannot be read");
  if (auto failed = check(*claims, rules_, now))
    return failed;
  verified_.put(digest, {claims->subject, events::timestamp{std::chrono::seconds{claims->expires_at}}});
  return claims->subject;
}

} // namespace sonicmatch::actors::accounts
