#include "http/problem.hpp"

#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "http/ascii.hpp"

namespace sonicmatch::http {

namespace {

/// The path of a request-target as a URI reference: without the query, which may
/// hold what should not be repeated, and with everything encoded that RFC 3986 does
/// not allow in a path.
std::string instance_of(std::string_view target) {
  static constexpr std::string_view allowed = "-._~!$&'()*+,;=:@/%";
  static constexpr std::string_view digits = "0123456789ABCDEF";
  std::string encoded;
  for (char letter : target.substr(0, target.find('?'))) {
    auto lower = to_lower(letter);
    if ((lower >= 'a' && lower <= 'z') || is_digit(letter)
        || allowed.find(letter) != std::string_view::npos) {
      encoded += letter;
    } else {
      auto byte = static_cast<unsigned char>(letter);
      encoded += {'%', digits[byte >> 4], digits[byte & 15U]};
    }
  }
  return encoded;
}

problem unavailable(std::string_view code, std::string detail, std::chrono::seconds retry_after) {
  problem made{503, code, std::move(detail)};
  made.retry_after = retry_after;
  return made;
}

} // namespace

response to_response(const problem& shown, const request& asked) {
  problem_document document{std::string{shown.type},
                            std::string{reason_phrase(shown.status)},
                            shown.status,
                            shown.detail,
                            instance_of(asked.target()),
                            std::string{shown.code},
                            std::string{asked.request_id()},
                            shown.errors};
  response made;
  made.status = shown.status;
  made.content_type = "application/problem+json";
  made.body = events::record::to_json(document);
  if (shown.retry_after)
    made.headers.push_back({"Retry-After", std::to_string(shown.retry_after->count())});
  if (shown.status == 401) // RFC 9110, 11.6.1: each has a challenge; RFC 6750, 3.1: and says what was wrong
    made.headers.push_back(
      {"WWW-Authenticate", asked.header("authorization") ? "Bearer error=\"invalid_token\"" : "Bearer"});
  return made;
}

problem problem_of(const caf::error& error) {
  using enum events::errc;
  using std::chrono::seconds;
  switch (events::code_of(error)) {
  case unreadable_record:
    return {400, "malformed_request", events::detail_of(error)};
  case invalid_record:
    return {422, "invalid_request", events::detail_of(error)};
  case not_found:
  case erased:
    return {404, "not_found", events::detail_of(error)};
  case not_complete:
    return {409, "not_complete", events::detail_of(error)};
  case not_a_match:
    return {422, "not_a_match", events::detail_of(error)};
  case unauthenticated:
    return {401, "unauthenticated", events::detail_of(error)};
  case already_exists:
    return {409, "already_exists", events::detail_of(error)};
  case key_reused:
    return {422, "key_reused", events::detail_of(error)};
  case overloaded:
  case log_full:
    return unavailable("overloaded", "The service has more work than it takes at once.", seconds{1});
  case log_unavailable:
  case store_unavailable:
    return unavailable("temporarily_unavailable", "A part of the service is away for the moment.",
                       seconds{5});
  case deadline_exceeded:
    return unavailable("deadline_exceeded", "The answer was not ready in time.", seconds{5});
  case shutting_down:
    return unavailable("shutting_down", "This server is stopping.", seconds{5});
  default:
    return internal_error();
  }
}

problem internal_error() {
  return {500, "internal_error", "Something went wrong; the log holds it under the request id."};
}

response problem_for(const caf::error& error, const request& asked) {
  return to_response(problem_of(error), asked);
}

response not_found(const request& asked, std::string detail) {
  return to_response({404, "not_found", std::move(detail)}, asked);
}

} // namespace sonicmatch::http
