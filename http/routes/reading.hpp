#pragma once

#include "events/record/declaration.hpp"
#include "http/problem.hpp"

namespace sonicmatch::http {

/// The problem of a body that breaks its declaration: 400 when it is no JSON at
/// all, 422 otherwise, with every violation.
[[nodiscard]] response refuse(const events::record::violations& wrong, const request& asked);

/// Whether the field `name` of the request has `value` among its comma-separated
/// members, parameters aside, any case.
[[nodiscard]] bool header_lists(const request& asked, std::string_view name, std::string_view value);

/// Whether If-None-Match names `etag`, or its gzip form (RFC 9110, 13.1.2; weak comparison).
[[nodiscard]] bool matches_etag(const request& asked, std::string_view etag);

} // namespace sonicmatch::http
