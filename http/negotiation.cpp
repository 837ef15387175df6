#include "http/negotiation.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <optional>

namespace sonicmatch::http {

namespace {

/// Takes the part before `separator` off the front of `rest`, trimmed.
std::string_view take(std::string_view& rest, char separator) noexcept {
  auto part = rest.substr(0, rest.find(separator));
  rest.remove_prefix(std::min(part.size() + 1, rest.size()));
  return trim(part);
}

/// A weight in thousandths (RFC 9110, 12.4.2); nothing when it is none.
std::optional<int> read_weight(std::string_view text) noexcept {
  if (text.empty() || text.size() > 5 || (text[0] != '0' && text[0] != '1')
      || (text.size() > 1 && text[1] != '.'))
    return std::nullopt;
  int weight = (text[0] - '0') * 1000;
  int unit = 100;
  for (auto digit : text.substr(std::min<std::size_t>(2, text.size()))) {
    if (!is_digit(digit))
      return std::nullopt;
    weight += (digit - '0') * unit;
    unit /= 10;
  }
  return weight <= 1000 ? std::optional{weight} : std::nullopt;
}

/// The weight among a coding's parameters, which has no others.
std::optional<int> weight_of(std::string_view parameters) noexcept {
  if (parameters.empty())
    return 1000;
  auto name = take(parameters, '=');
  return equals_ignoring_case(name, "q") ? read_weight(trim(parameters)) : std::nullopt;
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

accepted_codings read_accept_encoding(std::string_view field) noexcept {
  std::optional<int> gzip;
  std::optional<int> identity;
  std::optional<int> others;
  while (!field.empty()) {
    auto parameters = take(field, ',');
    auto coding = take(parameters, ';');
    auto weight = weight_of(trim(parameters));
    if (!weight)
      continue;
    if (equals_ignoring_case(coding, "gzip") || equals_ignoring_case(coding, "x-gzip"))
      gzip = weight;
    else if (equals_ignoring_case(coding, "identity"))
      identity = weight;
    else if (coding == "*")
      others = weight;
  }
  auto of_gzip = gzip ? *gzip : others.value_or(0);
  // Plain bytes are taken unless they are excluded, by name or with all others.
  bool is_excluded = identity ? *identity == 0 : others == 0;
  return {of_gzip > 0 && of_gzip >= identity.value_or(0), !is_excluded};
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
