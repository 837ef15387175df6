#pragma once

#include "events/digest.hpp"
#include "events/ids.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::actors::ports {

/// A person's account. What is here is nowhere else: the log knows the id alone.
struct account {
  events::user_id id;
  std::string email; ///< lower case; unique
  std::optional<std::string> display_name;
  events::timestamp created_at{};

  bool operator==(const account&) const = default;
};

/// An account with what must not be shown.
struct kept_account {
  ports::account account;
  std::string password_hash; ///< a PHC string; never logged

  bool operator==(const kept_account&) const = default;
};

/// SHA-256 of a refresh token: the token itself is kept by its holder alone.
using token_hash = events::sha256_digest;

/// What follows from one login: of its refresh tokens only the newest is good.
using login_id = events::uuid_id<struct login_tag>;

struct login {
  login_id id;
  events::user_id user;
  token_hash hash{}; ///< of the refresh token that is good now
  events::timestamp used_at{};
  events::timestamp expires_at{};

  bool operator==(const login&) const = default;
};

/// What became of a refresh token that was brought.
struct rotation {
  enum class verdict : std::uint8_t {
    rotated, ///< it was good, and the next one is from now on
    unknown, ///< no such login, or it has expired
    reused   ///< it had been used before: the login has been ended
  };
  verdict says = verdict::unknown;
  events::user_id user; ///< unless unknown
};

/// An account that is going: its person is forgotten, its sessions are not yet all erased.
struct erasure {
  events::user_id user;
  events::timestamp since{};

  bool operator==(const erasure&) const = default;
};

/// How many logins an account may have at once; the one that was used longest ago gives way.
inline constexpr std::size_t logins_max = 20;

/// Accounts and logins. Blocking: an implementation is owned by one detached actor and
/// used by its thread only. Every function's error: store_unavailable, after a bounded
/// wait; then what was asked may have been done or not, and may be asked again.
class account_store {
public:
  virtual ~account_store() = default;

  /// Adds an account. Error: already_exists, when another account has that e-mail.
  [[nodiscard]] virtual caf::error add(const kept_account& added) = 0;

  /// Those whose erasure has begun are not found.
  [[nodiscard]] virtual caf::expected<std::optional<kept_account>> find(const events::user_id& id) = 0;
  [[nodiscard]] virtual caf::expected<std::optional<kept_account>>
  find_by_email(const std::string& email) = 0;

  /// Replaces the hash, unless it is no longer `former`.
  [[nodiscard]] virtual caf::error replace_password_hash(const events::user_id& id, const std::string& former,
                                                         const std::string& hash) = 0;

  /// Adds a login, and ends those of the user beyond `logins_max`. Error: not_found, when
  /// there is no such account or its erasure has begun.
  [[nodiscard]] virtual caf::error add_login(const login& added) = 0;

  /// Exchanges the hash of a login for `next`'s, with its times, in one step: of two who
  /// bring the same token one is late. `next.user` is not looked at.
  [[nodiscard]] virtual caf::expected<rotation> rotate(const token_hash& brought, const login& next) = 0;

  /// Ends a login, if there is one.
  [[nodiscard]] virtual caf::error end_login(const login_id& id) = 0;

  /// Removes the logins that expired before `now`; how many, some thousands at most.
  [[nodiscard]] virtual caf::expected<std::size_t> remove_expired_logins(events::timestamp now) = 0;

  /// Forgets the person at once: e-mail, name, password and logins. The id stays, marked,
  /// until remove(). Harmless when it has begun already, or there is no such account.
  [[nodiscard]] virtual caf::error begin_erasure(const events::user_id& id, events::timestamp now) = 0;

  /// The erasures that have begun, oldest first, `limit` at most.
  [[nodiscard]] virtual caf::expected<std::vector<erasure>> find_erasures(std::size_t limit) = 0;

  /// Removes what is left of an account whose erasure has begun.
  [[nodiscard]] virtual caf::error remove(const events::user_id& id) = 0;
};

} // namespace sonicmatch::actors::ports
