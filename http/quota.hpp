#pragma once

#include <cstdint>
#include <string>

namespace sonicmatch::http {

/// What a rate limit said of one request. Its times are whole seconds, rounded up.
struct quota {
  std::uint32_t requests_max = 0; ///< in one window; 0: the request is not limited
  std::uint32_t window_s = 0;
  std::uint32_t remaining = 0; ///< requests that may still come at once
  std::uint32_t reset_s = 0;   ///< until there is one more of them
  bool is_exceeded = false;    ///< this request was one too many, and does not count
};

/// Appends the header lines of `told`; none when it is not limited.
///
/// RateLimit-Policy and RateLimit are those of draft-ietf-httpapi-ratelimit-headers-09
/// (structured fields); X-RateLimit-Reset is a Unix time, as GitHub and slowapi have it.
void append_headers(std::string& head, const quota& told);

} // namespace sonicmatch::http
