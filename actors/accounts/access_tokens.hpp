#pragma once

#include "actors/accounts/verified_tokens.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/token_signer.hpp"
#include "events/record/declaration.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace sonicmatch::actors::accounts {

/// How access tokens are issued, and what they are held to.
struct token_rules {
  std::string issuer = "sonicmatch";
  std::string audience = "sonicmatch";
  std::chrono::seconds lifetime{900};
  /// How much the clocks of two machines may differ.
  std::chrono::seconds leeway{30};
};

/// What an access token says (RFC 7519, 4.1; RFC 9068, 2.2). Times in seconds since 1970.
struct access_claims {
  std::string issuer;
  std::string audience;
  events::user_id subject;
  std::int64_t expires_at = 0;
  std::int64_t not_before = 0;
  std::int64_t issued_at = 0;
  std::string id;

  static constexpr std::string_view record_name = "access_claims";
  static constexpr auto declaration() {
    using events::record::field;
    using c = access_claims;
    constexpr double latest = 253'402'300'799; // the end of the year 9999
    return events::record::fields(
      field("iss", &c::issuer), field("aud", &c::audience), field("sub", &c::subject),
      field("exp", &c::expires_at).range(0, latest), field("nbf", &c::not_before).range(0, latest),
      field("iat", &c::issued_at).range(0, latest), field("jti", &c::id).size(1, 64));
  }
};

/// What is wrong with claims whose signature is good. Error: unauthenticated.
[[nodiscard]] caf::error check(const access_claims& claims, const token_rules& rules, events::timestamp now);

/// Issues access tokens, and says whose one is. Pure but for the keys behind `signer` and
/// a cache; thread-safe: I/O threads ask it with each request that brings a token.
class access_tokens {
public:
  access_tokens(token_rules rules, std::shared_ptr<const ports::token_signer> signer)
    : rules_(std::move(rules))
    , signer_(std::move(signer)) {}

  [[nodiscard]] caf::expected<std::string> issue(const events::user_id& user, events::timestamp now,
                                                 ports::entropy& entropy) const;

  /// Error: unauthenticated.
  [[nodiscard]] caf::expected<events::user_id> verify(std::string_view token, events::timestamp now) const;

  [[nodiscard]] const token_rules& rules() const noexcept {
    return rules_;
  }

private:
  static constexpr std::size_t verified_max = 10'000;

  token_rules rules_;
  std::shared_ptr<const ports::token_signer> signer_;
  mutable verified_tokens verified_{verified_max};
};

} // namespace sonicmatch::actors::accounts
