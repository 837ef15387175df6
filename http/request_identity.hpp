#pragma once

#include <array>
#include <string>
#include <string_view>

/// The two names a request carries through logs, Kafka records and answers.
namespace sonicmatch::http {

/// Whether a client's X-Request-Id may be taken over: 1 to 128 of [A-Za-z0-9._-].
[[nodiscard]] bool is_sane_request_id(std::string_view text) noexcept;

/// Puts a random uuid (version 4) into `out`. Unique, not secret: the generator
/// is each thread's own and fast, seeded from the system's.
void make_request_id(std::string& out);

/// Reads a traceparent (W3C Trace Context, 3.2) into `out` as version 00; false
/// for one that is malformed or all zero.
[[nodiscard]] bool take_traceparent(std::string_view text, std::array<char, 55>& out) noexcept;

/// Makes a traceparent of a new trace, not sampled.
void make_traceparent(std::array<char, 55>& out);

} // namespace sonicmatch::http
