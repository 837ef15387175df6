#pragma once

#include "actors/language_model/provider.hpp"

#include <chrono>
#include <string>
#include <string_view>

/// What the providers' failures have in common: what an error status means, and how
/// foreign words are made fit to be journalled, logged and shown.
namespace sonicmatch::actors::language_model {

inline constexpr std::size_t detail_bytes_max = 300;
inline constexpr std::size_t id_bytes_max = 128;

/// `text` as one line of valid UTF-8 of at most detail_bytes_max bytes: control
/// characters become spaces, and `key` (unless empty) and whatever looks like a key
/// ("sk-…") become "***".
[[nodiscard]] std::string presentable(std::string_view text, std::string_view key);

/// The beginning of `text`, of at most so many bytes, without half a character at its end.
[[nodiscard]] std::string beginning_of(std::string_view text, std::size_t bytes_max);

/// An id or a model's name from outside: its visible ASCII characters, id_bytes_max at most.
[[nodiscard]] std::string presentable_id(std::string_view id);

/// Whether `status` says that the request was served.
[[nodiscard]] constexpr bool is_success(int status) noexcept {
  return status >= 200 && status <= 299;
}

/// What a provider says in the body of an error.
struct complaint {
  std::string message;    ///< as it was sent; empty when nothing readable was
  std::string request_id; ///< as it was sent; may be empty
  /// An allowance is used up. Waiting does not bring it back, so no header makes it retriable.
  bool is_spent = false;
};

/// The failure that an error status means. Codes: invalid_request, authentication, billing,
/// permission, not_found, timeout, conflict, request_too_large, rate_limited, spend_limit,
/// server_error, overloaded, unexpected_status. Retriable as in the providers' SDKs: 408,
/// 409, 429 and every 5xx, but `x-should-retry` decides where it is present.
[[nodiscard]] call_failure failure_of_status(const ports::http_response& response, const complaint& said,
                                             std::string_view key, std::chrono::system_clock::time_point now);

/// The failure that is a success whose body is of no use ("unreadable_response"): the
/// model has answered and is paid for. `why` is a sentence.
[[nodiscard]] call_failure unreadable_response(const ports::http_response& response, std::string request_id,
                                               std::string why);

} // namespace sonicmatch::actors::language_model
