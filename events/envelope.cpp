#include "events/envelope.hpp"

#include <charconv>

namespace sonicmatch::events {

std::optional<log_offset> parse_offset(std::string_view text) noexcept {
  log_offset out;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  if (failure != std::errc{} || end != text.data() + text.size() || out.value < 0)
    return std::nullopt;
  return out;
}

std::optional<log_offset> envelope::claim_offset() const noexcept {
  return claim ? parse_offset(*claim) : std::nullopt;
}

std::string schema_urn(std::string_view type_name) {
  constexpr std::string_view prefix = "sonicmatch.";
  if (type_name.starts_with(prefix))
    type_name.remove_prefix(prefix.size());
  return "urn:sonicmatch:schema:" + std::string{type_name};
}

} // namespace sonicmatch::events
