#pragma once

#include "events/ids.hpp"
#include "events/session/preferences.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// From an Idempotency-Key to its session. Pure: the same everywhere and after any
/// restart, so that repeats meet in one partition. infra/decisions/0014.
namespace sonicmatch::actors {

/// How long a key belongs to the session that it was first sent for.
inline constexpr std::chrono::hours key_lifetime{24};

/// A key as one owner uses it.
struct owned_key {
  std::optional<events::user_id> owner; ///< those without an account share one space of keys
  std::string key;
};

/// The sessions that the key may belong to at `now`, to be looked for in this order; the
/// first one is what it opens when none of them is there, or all are too old. Time is cut
/// into periods of a key's lifetime, at moments of the key's own, and each period has an
/// id: what is not too old was opened in this one or the one before, or, by an edge whose
/// clock is ahead, in the next. No id can be guessed without `secret`.
[[nodiscard]] std::vector<events::session_id> sessions_of_key(std::string_view secret, const owned_key& key,
                                                              events::timestamp now);

/// Whether a session that was opened under a key is what the key stands for.
[[nodiscard]] inline bool holds_key(events::timestamp created_at, events::timestamp now) noexcept {
  return created_at + key_lifetime > now;
}

/// The same for the same wishes, however they were written: SHA-256, 64 hex digits. How
/// one waits for the answer is no part of what is asked.
[[nodiscard]] std::string request_hash_of(const events::session::preferences& wishes, int max_results);

} // namespace sonicmatch::actors
