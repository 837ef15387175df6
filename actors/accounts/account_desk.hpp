#pragma once

#include "actors/accounts/access_tokens.hpp"
#include "actors/accounts/interfaces.hpp"
#include "actors/accounts/login_throttle.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/entropy.hpp"
#include "actors/ports/logger.hpp"

#include <memory>
#include <vector>

namespace sonicmatch::actors::accounts {

struct account_settings {
  std::chrono::milliseconds login_lifetime{std::chrono::hours{24 * 30}};
  login_throttle::limits throttle{};
  /// Passwords being hashed or waiting for it, at once: some two seconds of one thread.
  std::size_t hashing_max = 64;
  /// Whoever has waited longer than this for the desk is refused: it is behind, or the
  /// database is away.
  std::chrono::milliseconds patience{5'000};
  std::chrono::milliseconds hashing_timeout{10'000};
};

struct account_parts {
  account_settings settings;
  std::shared_ptr<const access_tokens> tokens;
  std::shared_ptr<ports::clock> clock;
  std::shared_ptr<ports::entropy> entropy;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<ports::account_store> store; ///< of this actor alone
  std::vector<password_hasher> hashers;        ///< one at least
  account_eraser eraser;
};

/// Everything that a person does with an account: owns the store and makes its blocking
/// calls. Spawn it detached, so that it has a thread of its own (not so in a simulation).
/// What waits for it is bounded by the server's connections, and by `patience`.
account_desk::behavior_type account_desk_actor(account_desk::pointer self, account_parts parts);

} // namespace sonicmatch::actors::accounts
