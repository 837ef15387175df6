#include "http/routes/reading.hpp"

#include "http/ascii.hpp"
#include "http/compression.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

/// Calls `test` with each comma-separated member of each field of that name until it says yes.
template <class Test>
bool any_member(const request& asked, std::string_view name, Test test) {
  for (const auto& field : asked.headers()) {
    if (!equals_ignoring_case(field.name, name))
      continue;
    for (auto rest = field.value; !rest.empty();) {
      auto end = std::min(rest.find(','), rest.size());
      if (test(trim(rest.substr(0, end))))
        return true;
      rest.remove_prefix(std::min(end + 1, rest.size()));
    }
  }
  return false;
}

} // namespace

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

bool header_lists(const request& asked, std::string_view name, std::string_view value) {
  return any_member(asked, name, [&](std::string_view member) {
    return equals_ignoring_case(trim(member.substr(0, member.find(';'))), value);
  });
}

bool matches_etag(const request& asked, std::string_view etag) {
  if (!asked.header("if-none-match"))
    return false;
  auto gzipped = etag_of_gzip(etag);
  return any_member(asked, "if-none-match", [&](std::string_view member) {
    if (member.starts_with("W/"))
      member.remove_prefix(2);
    return member == "*" || member == etag || member == gzipped;
  });
}

} // namespace sonicmatch::http
