#include "infra/wiring/account_role.hpp"

#include "actors/accounts/account_desk.hpp"
#include "actors/accounts/account_eraser.hpp"
#include "actors/accounts/password_hasher.hpp"
#include "actors/accounts/record_collector.hpp"
#include "events/error.hpp"
#include "http/bearer.hpp"
#include "infra/credentials/argon2_hashing.hpp"
#include "infra/credentials/jws_signer.hpp"
#include "infra/postgres/account_store.hpp"
#include "infra/postgres/personal_records.hpp"

namespace sonicmatch::infra {

namespace {

namespace accounts = actors::accounts;

/// How long the sessions of a user may be looked for.
constexpr std::chrono::milliseconds store_patience{10'000};
/// How long after its last token a closed account's sessions may still appear.
constexpr std::chrono::minutes token_aftermath{5};

accounts::token_rules token_rules_of(const configuration& values) {
  accounts::token_rules out;
  out.issuer = values.jwt_issuer;
  out.audience = values.jwt_audience;
  out.lifetime = std::chrono::duration_cast<std::chrono::seconds>(values.access_token_ttl);
  return out;
}

/// Asks the session store, in the name of an actor of the moment.
accounts::session_finder finder_of(caf::actor_system& system, const actors::session_store& store) {
  return
    [&system, store](const events::user_id& user, const std::optional<actors::ports::session_place>& after,
                     std::size_t count_max, std::function<void(accounts::found_sessions)> on_found) {
      system.spawn([=](caf::event_based_actor* self) {
        self->request(store, store_patience, actors::load_sessions_of{user, after, count_max})
          .then([on_found](const actors::sessions_loaded& loaded) { on_found(loaded.result); },
                [on_found](const caf::error&) {
                  on_found(
                    events::make_error(events::errc::store_unavailable, "sessions were not found in time"));
                });
      });
    };
}

accounts::account_eraser spawn_eraser(const process_parts& parts, const actors::edge& edge,
                                      const accounts::session_finder& find_sessions) {
  accounts::eraser_parts work;
  work.settings.kept_for = parts.configuration.access_token_ttl + token_aftermath;
  work.clock = parts.clock;
  work.logger = parts.logger;
  work.store = postgres::make_account_store(parts.postgres);
  work.find_sessions = find_sessions;
  work.erase_session = [edge](const events::user_id& user, const events::session_id& session,
                              std::function<void(caf::error)> on_accepted) {
    actors::erase_session asked;
    asked.id = session;
    asked.asker = user;
    asked.reason = events::session::erasure_reason::account_deleted;
    asked.answer = [on_accepted = std::move(on_accepted)](caf::error failed) {
      auto code = events::code_of(failed);
      auto is_gone = code == events::errc::not_found || code == events::errc::erased;
      on_accepted(is_gone ? caf::error{} : std::move(failed));
    };
    caf::anon_send(edge, std::move(asked));
  };
  return parts.system->spawn<caf::detached>(accounts::account_eraser_actor, std::move(work));
}

} // namespace

caf::expected<std::unique_ptr<account_role>> account_role::start(const process_parts& parts,
                                                                 const actors::edge& edge,
                                                                 const actors::session_store& store) {
  const auto& values = parts.configuration;
  auto signer =
    credentials::make_jws_signer({values.secret_key, values.jwt_private_key_file, values.jwt_former_keys});
  if (!signer)
    return std::move(signer.error());
  if (values.secret_key == example_secret_key)
    parts.logger->warning("SECRET_KEY is the example's: whoever knows it can make access tokens; "
                          "good for development only");
  return std::unique_ptr<account_role>{new account_role(parts, edge, store, std::move(*signer))};
}

account_role::account_role(const process_parts& parts, const actors::edge& edge,
                           const actors::session_store& store,
                           std::shared_ptr<const actors::ports::token_signer> signer)
  : tokens_(std::make_shared<accounts::access_tokens>(token_rules_of(parts.configuration), std::move(signer)))
  , find_caller_(http::make_caller_finder(tokens_, parts.clock))
  , find_sessions_(finder_of(*parts.system, store))
  , eraser_(spawn_eraser(parts, edge, find_sessions_)) {
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
  records_ = parts.system->spawn<caf::detached>(accounts::record_collector_actor,
                                                postgres::make_personal_record_reader(parts.postgres));
}

account_role::~account_role() {
  caf::anon_send_exit(desk_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(eraser_, caf::exit_reason::user_shutdown);
  caf::anon_send_exit(records_, caf::exit_reason::user_shutdown);
  for (const auto& each : hashers_)
    caf::anon_send_exit(each, caf::exit_reason::user_shutdown);
}

} // namespace sonicmatch::infra
