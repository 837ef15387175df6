#include "http/negotiation.hpp"

#include "http/ascii.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

/// Takes the part before `separator` off the front of `rest`, trimmed.
std::string_view take(std::string_view& rest, char separator) noexcept {
  auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return trim(part);
}

bool is_zero_weight(std::string_view parameters) noexcept {
  while (!parameters.empty()) {
    auto parameter = take(parameters, ';');
    auto name = trim(take(parameter, '='));
    if (equals_ignoring_case(name, "q"))
      return parameter.find_first_not_of("0. \t") == std::string_view::npos;
  }
  return false;
}

/// How exactly a range names the type: 0 not at all, 1 "*/*", 2 "type/*", 3 the type.
int exactness(std::string_view range, std::string_view media_type) noexcept {
  if (equals_ignoring_case(range, media_type))
    return 3;
  if (range == "*/*")
    return 1;
  auto main_type = media_type.substr(0, media_type.find('/') + 1);
  bool is_wild = range.size() == main_type.size() + 1 && range.back() == '*';
  return is_wild && equals_ignoring_case(range.substr(0, main_type.size()), main_type) ? 2 : 0;
}

} // namespace

bool accepts(std::string_view accept, std::string_view media_type) noexcept {
  if (trim(accept).empty())
    return true;
  int best = 0;
  bool allowed = false;
  while (!accept.empty()) {
    auto element = take(accept, ',');
    auto found = exactness(take(element, ';'), media_type);
    if (found > best) {
      best = found;
      allowed = !is_zero_weight(element);
    }
  }
  return allowed;
}

bool accepts_gzip(std::string_view accept_encoding) noexcept {
  bool by_name = false;
  bool allowed = false;
  while (!accept_encoding.empty()) {
    auto element = take(accept_encoding, ',');
    auto coding = take(element, ';');
    auto named = equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip");
    if (!named && (coding != "*" || by_name))
      continue;
    by_name = by_name || named;
    allowed = !is_zero_weight(element);
  }
  return allowed;
}

bool is_media_type(std::string_view content_type, std::string_view media_type) noexcept {
  if (!equals_ignoring_case(take(content_type, ';'), media_type))
    return false;
  while (!content_type.empty()) {
    auto value = take(content_type, ';');
    auto name = take(value, '=');
    if (value.size() >= 2 && value.front() == '"' && value.back() == '"')
      value = value.substr(1, value.size() - 2);
    if (equals_ignoring_case(name, "charset") && !equals_ignoring_case(value, "utf-8"))
      return false;
  }
  return true;
}

} // namespace sonicmatch::http
