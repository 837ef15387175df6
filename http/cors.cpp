#include "http/cors.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

constexpr std::string_view exposed_headers =
  "Location, Retry-After, ETag, RateLimit, RateLimit-Policy, X-RateLimit-Limit, "
  "X-RateLimit-Remaining, X-RateLimit-Reset, X-Request-Id";

constexpr std::string_view accepted_headers = "content-type, idempotency-key, prefer, if-none-match, "
                                              "last-event-id, authorization, x-request-id, traceparent";

/// What browsers take at most (Chromium) before they ask again, in seconds.
constexpr std::string_view preflight_age_s = "7200";

} // namespace

cors_policy::cors_policy(std::vector<std::string> origins)
  : origins_{std::move(origins)}
  , all_{std::find(origins_.begin(), origins_.end(), "*") != origins_.end()} {}

bool cors_policy::allows(std::string_view origin) const noexcept {
  return !origin.empty() && (all_ || std::find(origins_.begin(), origins_.end(), origin) != origins_.end());
}

void cors_policy::append_headers(std::string& head, std::string_view origin) const {
  head += "Vary: Origin\r\n";
  if (!allows(origin))
    return;
  head += "Access-Control-Allow-Origin: ";
  head += origin;
  head += "\r\nAccess-Control-Expose-Headers: ";
  head += exposed_headers;
  head += "\r\n";
}

bool cors_policy::is_preflight(const request& asked) noexcept {
  return asked.method() == method::options && asked.header("Origin")
         && asked.header("Access-Control-Request-Method");
}

response cors_policy::answer_preflight(const request& asked, const method_set& allowed) const {
  response made;
  made.status = 204;
  made.content_type = {};
  // The echoed origin comes with append_headers(), as on every answer.
  if (allows(asked.header("Origin").value_or("")))
    made.headers = {{"Access-Control-Allow-Methods", allowed.join()},
                    {"Access-Control-Allow-Headers", std::string{accepted_headers}},
                    {"Access-Control-Max-Age", std::string{preflight_age_s}}};
  return made;
}

} // namespace sonicmatch::http
