#pragma once

#include "events/record/declaration.hpp"
#include "http/problem.hpp"

#include <string_view>
#include <vector>

namespace sonicmatch::http {

/// The problem of a body that breaks its declaration: 400 when it is no JSON at
/// all, 422 otherwise, with every violation.
[[nodiscard]] response refuse(const events::record::violations& wrong, const request& asked);

/// The comma-separated members of all fields of that name (any case), trimmed, in order.
/// They live as long as the request does.
[[nodiscard]] std::vector<std::string_view> members_of(const request& asked, std::string_view name);

/// Whether If-None-Match names `etag`, or its gzip form (RFC 9110, 13.1.2; weak comparison).
[[nodiscard]] bool matches_etag(const request& asked, std::string_view etag);

} // namespace sonicmatch::http
