#pragma once

#include "actors/ports/account_store.hpp"
#include "actors/ports/entropy.hpp"

#include <optional>
#include <string>
#include <string_view>

/// Refresh tokens: opaque to whoever holds them. Inside are the login's id and 256 random
/// bits; of the whole only the SHA-256 is kept. Since the id comes along, one row for a
/// login is enough to know a token that was used before: it names a login, and is not
/// that login's newest.
namespace sonicmatch::actors::accounts {

inline constexpr std::size_t refresh_token_size = 64; ///< base64url of 16 + 32 bytes

struct refresh_token {
  ports::login_id login;
  std::string text;
  ports::token_hash hash{};
};

/// A new token of a login.
[[nodiscard]] refresh_token make_refresh_token(const ports::login_id& login, ports::entropy& entropy);

/// A token that was brought; nothing when no token looks like that.
[[nodiscard]] std::optional<refresh_token> read_refresh_token(std::string_view text);

} // namespace sonicmatch::actors::accounts
