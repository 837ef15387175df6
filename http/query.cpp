#include "http/query.hpp"

#include "events/error.hpp"
#include "http/ascii.hpp"

#include <simdjson.h>

#include <algorithm>

namespace sonicmatch::http {

std::optional<std::size_t> decode_percent(std::string_view text, char* out, bool keep_slash,
                                          bool plus_is_space) noexcept {
  char* end = out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+' && plus_is_space) {
      *end++ = ' ';
    } else if (text[i] != '%') {
      *end++ = text[i];
    } else {
      if (i + 2 >= text.size())
        return std::nullopt;
      auto high = hex_value(text[i + 1]);
      auto low = hex_value(text[i + 2]);
      if (high < 0 || low < 0)
        return std::nullopt;
      auto letter = static_cast<char>(high << 4 | low);
      if (letter == '/' && keep_slash) {
        end = std::copy_n(text.data() + i, 3, end);
      } else {
        *end++ = letter;
      }
      i += 2;
    }
  }
  return static_cast<std::size_t>(end - out);
}

bool is_clean_text(std::string_view text) noexcept {
  auto is_control = [](char letter) { return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f; };
  return std::none_of(text.begin(), text.end(), is_control)
         && simdjson::validate_utf8(text.data(), text.size());
}

namespace {

/// Decodes one part of a query into `room`, which is moved behind it.
std::optional<std::string_view> decode_part(std::string_view text, char*& room) {
  if (text.find_first_of("%+") != std::string_view::npos) {
    auto length = decode_percent(text, room, false, true);
    if (!length)
      return std::nullopt;
    text = {room, *length};
    room += *length;
  }
  if (!is_clean_text(text))
    return std::nullopt;
  return text;
}

caf::error broken(std::string detail) {
  return events::make_error(events::errc::unreadable_record, std::move(detail));
}

} // namespace

caf::expected<query_parameters> query_parameters::parse(std::string_view text) {
  query_parameters parsed;
  char* room = nullptr;
  if (text.find_first_of("%+") != std::string_view::npos) {
    parsed.decoded_ = std::make_unique<char[]>(text.size());
    room = parsed.decoded_.get();
  }
  while (!text.empty()) {
    auto part = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(part.size() + 1, text.size()));
    if (part.empty())
      continue;
    if (parsed.parameters_.size() == query_parameters_max)
      return broken("The query has more than " + std::to_string(query_parameters_max) + " parameters.");
    auto equals = part.find('=');
    auto name = decode_part(part.substr(0, equals), room);
    auto value =
      decode_part(equals == std::string_view::npos ? std::string_view{} : part.substr(equals + 1), room);
    if (!name || !value)
      return broken("The query has a part that is not percent-encoded UTF-8 text.");
    parsed.parameters_.push_back({*name, *value});
  }
  return parsed;
}

std::optional<std::string_view> query_parameters::value(std::string_view name) const noexcept {
  for (const auto& known : parameters_)
    if (known.name == name)
      return known.value;
  return std::nullopt;
}

std::vector<std::string_view> query_parameters::values(std::string_view name) const {
  std::vector<std::string_view> found;
  for (const auto& known : parameters_)
    if (known.name == name)
      found.push_back(known.value);
  return found;
}

} // namespace sonicmatch::http
