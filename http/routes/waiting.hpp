#pragma once

#include "http/message.hpp"

#include <caf/expected.hpp>

#include <chrono>
#include <optional>
#include <string>

/// What the headers of a request that starts work say of how it is waited for.
namespace sonicmatch::http {

/// What Prefer (RFC 7240) asks for.
struct preferred_waiting {
  bool respond_async = false;                 ///< do not wait, or no longer than `wait`
  std::optional<std::chrono::seconds> wait{}; ///< no longer than this

  /// Whether the answer is waited for at all, `is_wanted` being what the body says.
  [[nodiscard]] bool waits(bool is_wanted) const noexcept {
    if (wait)
      return wait->count() > 0 && is_wanted;
    return is_wanted && !respond_async;
  }

  /// The value of Preference-Applied; empty when there was no preference.
  [[nodiscard]] std::string applied() const;
};

/// Unknown preferences, and those that make no sense, are none (RFC 7240, 2).
[[nodiscard]] preferred_waiting preferred_waiting_of(const request& asked);

/// Adds Preference-Applied, where there is anything to say.
void note_preference(response& answer, const preferred_waiting& applied);

inline constexpr std::size_t idempotency_key_min = 16;
inline constexpr std::size_t idempotency_key_max = 255;

/// The request's Idempotency-Key, quoted (a structured field's string, RFC 8941, 3.3.3) or
/// bare; nothing when it has none. Error: unreadable_record, naming the header, for one
/// that is sent twice, is too short or too long, or is not visible ASCII.
[[nodiscard]] caf::expected<std::optional<std::string>> idempotency_key_of(const request& asked);

} // namespace sonicmatch::http
