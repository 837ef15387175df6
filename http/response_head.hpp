#pragma once

#include "http/cors.hpp"
#include "http/message.hpp"
#include "http/quota.hpp"

#include <string>
#include <string_view>

namespace sonicmatch::http {

/// What a response's head says beyond the response itself.
struct head_facts {
  std::string_view request_id;
  std::string_view origin; ///< the request's Origin, or empty
  bool is_http_1_0 = false;
  bool keep_alive = true;
  http::quota quota{};
};

/// Whether an answer with this status has a body at all (RFC 9110, 6.4.1).
[[nodiscard]] constexpr bool may_have_body(int status) noexcept {
  return status >= 200 && status != 204 && status != 304;
}

/// Whether every header value can be sent: a control character in one would let
/// it end its line and begin another.
[[nodiscard]] bool has_clean_headers(const response& answer) noexcept;

/// Writes the status line and all header fields over `out`, the empty line
/// included. `answer` must have clean headers.
void write_head(std::string& out, const response& answer, const head_facts& facts, const cors_policy& cors);

} // namespace sonicmatch::http
