#include "infra/wiring/account_role.hpp"

#include "actors/accounts/account_desk.hpp"
#include "actors/accounts/password_hasher.hpp"
#include "http/bearer.hpp"
#include "infra/credentials/argon2_hashing.hpp"
#include "infra/credentials/jws_signer.hpp"
#include "infra/postgres/account_store.hpp"

namespace sonicmatch::infra {

namespace {

namespace accounts = actors::accounts;

accounts::token_rules token_rules_of(const configuration& values) {
  accounts::token_rules out;
  out.issuer = values.jwt_issuer;
  out.audience = values.jwt_audience;
  out.lifetime = std::chrono::duration_cast<std::chrono::seconds>(values.access_token_ttl);
  return out;
}

} // namespace

caf::expected<std::unique_ptr<account_role>> account_role::start(const process_parts& parts) {
  const auto& values = parts.configuration;
  auto signer =
    credentials::make_jws_signer({values.secret_key, values.jwt_private_key_file, values.jwt_former_keys});
  if (!signer)
    return std::move(signer.error());
  if (values.secret_key == example_secret_key)
    parts.logger->warning("SECRET_KEY is the example's: whoever knows it can make access tokens; "
                          "good for development only");
  return std::unique_ptr<account_role>{new account_role(parts, std::move(*signer))};
}

account_role::account_role(const process_parts& parts,
                           std::shared_ptr<const actors::ports::token_signer> signer)
  : tokens_(
    std::make_shared<accounts::access_tokens>(token_rules_of(parts.configuration), std::move(signer)))
  , find_caller_(http::make_caller_finder(tokens_, parts.clock)) {
  auto hashing = credentials::make_argon2_hashing();
  for (std::uint32_t i = 0; i < parts.configuration.argon2_threads; ++i)
    hashers_.push_back(parts.system->spawn<caf::detached>(accounts::password_hasher_actor, hashing));
  accounts::account_parts work;
  work.settings.login_lifetime = parts.configuration.refresh_token_ttl;
  work.tokens = tokens_;
  work.clock = parts.clock;
  work.entropy = parts.entropy;
  work.logger = parts.logger;
  work.store = postgres::make_account_store(parts.postgres);
  work.hashers = hashers_;
  work.eraser = eraser_;
  desk_ = parts.system->spawn<caf::detached>(accounts::account_desk_actor, std::move(work));
}

account_role::~account_role() {
  caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
  for (const auto& each : hashers_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
