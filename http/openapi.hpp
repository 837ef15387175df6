#pragma once

#include "http/router.hpp"

#include <string>
#include <string_view>

namespace sonicmatch::http {

/// The API's document (OpenAPI 3.1) as compact JSON: the routes, but for internal ones,
/// with what they say of themselves, and the schemas of the records that they read and
/// write. Beside what a route says, each operation has the problems that the edge itself
/// may answer. Pure. Throws std::invalid_argument when an example is no JSON.
[[nodiscard]] std::string openapi_document(const router& routes, std::string_view version);

} // namespace sonicmatch::http
