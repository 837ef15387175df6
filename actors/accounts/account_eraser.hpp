#pragma once

#include "actors/accounts/interfaces.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/logger.hpp"

#include <memory>

namespace sonicmatch::actors::accounts {

struct eraser_settings {
  /// How long an account's id is kept, and its sessions looked for, at least: an access
  /// token may have begun another one until it expired, and that takes a while to be found.
  std::chrono::milliseconds kept_for{std::chrono::minutes{20}};
  std::chrono::milliseconds pause{std::chrono::seconds{10}}; ///< between two looks
  std::chrono::milliseconds page_timeout{std::chrono::seconds{30}};
  std::size_t page_size = 50;       ///< sessions that are erased at once
  std::size_t erasures_max = 1'000; ///< accounts that are looked after in one round
};

struct eraser_parts {
  eraser_settings settings;
  std::shared_ptr<ports::clock> clock;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<ports::account_store> store; ///< of this actor alone
  session_finder find_sessions;
  session_eraser erase_session;
};

/// Erases the sessions of closed accounts, and then the accounts: one after the other, page
/// by page, until the read model knows no session any more. It begins with those that were
/// under way when the last process ended, goes on with those that the desk tells it of, and
/// tries again what failed. Several processes may do the same at once: everything here can
/// be done twice. It also removes logins that have expired. Spawn it detached, since the
/// store's calls block (not so in a simulation).
account_eraser::behavior_type account_eraser_actor(account_eraser::pointer self, eraser_parts parts);

} // namespace sonicmatch::actors::accounts
