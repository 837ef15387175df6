#pragma once

#include "events/record/declaration.hpp"
#include "http/message.hpp"

#include <caf/error.hpp>

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace sonicmatch::http {

/// An error as RFC 9457 shows it to a client. Every error answer of the edge is
/// made from one.
struct problem {
  int status = 500;
  std::string_view code;                 ///< a literal, stable, for programs: "not_found"
  std::string detail;                    ///< a sentence, for people; says nothing of the inside
  events::record::violations errors{};   ///< every wrong field at once
  std::string_view type = "about:blank"; ///< a literal
  std::optional<std::chrono::seconds> retry_after{};
};

/// The problem type of a rate limit (draft-ietf-httpapi-ratelimit-headers).
inline constexpr std::string_view quota_exceeded =
  "https://iana.org/assignments/http-problem-types#quota-exceeded";

/// A problem as its document is written: what OpenAPI shows.
struct problem_document {
  std::string type;
  std::string title;
  int status = 500;
  std::string detail;
  std::string instance;
  std::string code;
  std::string request_id;
  events::record::violations errors;

  static constexpr std::string_view record_name = "problem";
  static constexpr auto declaration() {
    using events::record::field;
    return events::record::fields(
      field("type", &problem_document::type).doc("a URI that names the kind of problem, or about:blank"),
      field("title", &problem_document::title).doc("the status in words"),
      field("status", &problem_document::status).doc("the HTTP status"),
      field("detail", &problem_document::detail).doc("what happened, for people"),
      field("instance", &problem_document::instance).doc("the path that was asked for"),
      field("code", &problem_document::code).doc("what happened, as a stable word"),
      field("request_id", &problem_document::request_id).doc("finds the request in the log"),
      field("errors", &problem_document::errors).doc("every wrong field of the request"));
  }
};

/// The answer that shows `shown` to whoever asked `asked`: application/problem+json
/// with instance and request id, Retry-After where it belongs, never cached.
[[nodiscard]] response to_response(const problem& shown, const request& asked);

/// The one mapping from errors to problems. An error that is not the client's
/// doing becomes a 500 or 503 that says nothing of its detail.
[[nodiscard]] problem problem_of(const caf::error& error);

/// The 500 that says nothing of the inside.
[[nodiscard]] problem internal_error();

/// to_response(problem_of(error), asked). Whoever calls it logs the error first
/// when it is a 500: describe(error), under the request id.
[[nodiscard]] response problem_for(const caf::error& error, const request& asked);

/// 404 of a path or a thing.
[[nodiscard]] response not_found(const request& asked, std::string detail);

} // namespace sonicmatch::http
