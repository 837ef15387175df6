#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

/// What OpenAPI says of what several operations share: words, headers, problems.
namespace sonicmatch::http {

/// `info`, as JSON.
[[nodiscard]] std::string info_of_api(std::string_view version);

/// What a tag is about; empty for one that is not known.
[[nodiscard]] std::string_view description_of_tag(std::string_view tag);
/// In which order tags are shown; those that are not known come last.
[[nodiscard]] std::size_t place_of_tag(std::string_view tag);

/// The headers that say what is left of the client's quota: on each answer of the API.
inline constexpr std::array<std::string_view, 5> quota_headers{
  "RateLimit", "RateLimit-Policy", "X-RateLimit-Limit", "X-RateLimit-Remaining", "X-RateLimit-Reset"};

/// A response header's object, as JSON.
[[nodiscard]] std::string header_description(std::string_view name);

/// The name of a problem's response in the components: "not_found".
[[nodiscard]] std::string problem_name(int status);
/// The response itself, as JSON; `schema` is that of a problem document.
[[nodiscard]] std::string problem_response(int status, std::string_view schema);

/// `components/securitySchemes`, as JSON.
inline constexpr std::string_view security_schemes =
  R"({"bearerAuth":{"type":"http","scheme":"bearer","bearerFormat":"JWT",)"
  R"("description":"the access token that logging in gives"}})";

} // namespace sonicmatch::http
