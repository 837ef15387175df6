#include "http/routes/reading.hpp"

#include "http/ascii.hpp"
#include "http/compression.hpp"

#include <algorithm>

namespace sonicmatch::http {

response refuse(const events::record::violations& wrong, const request& asked) {
  auto malformed = std::any_of(wrong.begin(), wrong.end(), [](const auto& each) {
    return each.code == "malformed" || each.code == "too_deep";
  });
  problem shown{malformed ? 400 : 422, malformed ? "malformed_request" : "invalid_request",
                malformed ? "The body " + wrong.front().detail + "."
                          : "The request has " + std::to_string(wrong.size())
                              + (wrong.size() == 1 ? " wrong field." : " wrong fields.")};
  for (const auto& each : wrong)
    shown.errors.push_back({each.pointer, each.code, each.detail});
  return to_response(shown, asked);
}

std::vector<std::string_view> members_of(const request& asked, std::string_view name) {
  std::vector<std::string_view> out;
  for (const auto& field : asked.headers()) {
    if (!equals_ignoring_case(field.name, name))
      continue;
    for (auto rest = field.value; !rest.empty();) {
      auto end = std::min(rest.find(','), rest.size());
      if (auto member = trim(rest.substr(0, end)); !member.empty())
        out.push_back(member);
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return out;
}

bool matches_etag(const request& asked, std::string_view etag) {
  auto gzipped = etag_of_gzip(etag);
  auto tags = members_of(asked, "if-none-match");
  return std::any_of(tags.begin(), tags.end(), [&](std::string_view tag) {
    if (tag.starts_with("W/"))
      tag.remove_prefix(2);
    return tag == "*" || tag == etag || tag == gzipped;
  });
}

} // namespace sonicmatch::http
