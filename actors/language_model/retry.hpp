#pragma once

#include "actors/ports/http_client.hpp"

#include <chrono>
#include <optional>
#include <string_view>

/// How long to wait before a call is made again. Source of the rules: the providers'
/// SDKs (anthropic-sdk-python and openai-python, _base_client.py).
namespace sonicmatch::actors::language_model {

/// The longest wait that a provider may ask for and gets.
inline constexpr std::chrono::milliseconds retry_after_max{60'000};

/// What the response asks for: retry-after-ms, else retry-after (seconds, or an HTTP
/// date), whatever it says; nothing when it says nothing that can be read.
[[nodiscard]] std::optional<std::chrono::milliseconds> asked_wait(const ports::http_response& response,
                                                                  std::chrono::system_clock::time_point now);

/// The wait before the next of `retries_max` retries when `remaining` of them are
/// left: what was asked for if it is more than 0 and at most retry_after_max, else
/// min(0.5 * 2^n, 8) seconds with n retries made so far, less up to a quarter of it:
/// `chance` is from 0 to 1.
[[nodiscard]] std::chrono::milliseconds retry_wait(int remaining, int retries_max,
                                                   std::optional<std::chrono::milliseconds> asked,
                                                   double chance) noexcept;

} // namespace sonicmatch::actors::language_model
