#include "actors/language_model/plain_text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

namespace sonicmatch::actors::language_model {

namespace {

/// A character and the bytes it takes; bytes that are no UTF-8 come one by one.
struct character {
  char32_t code = 0;
  std::size_t size = 1;
  bool is_valid = true;
};

constexpr unsigned char byte_of(char c) noexcept {
  return static_cast<unsigned char>(c);
}

character character_at(std::string_view text, std::size_t at) noexcept {
  auto first = byte_of(text[at]);
  if (first < 0x80)
    return {first, 1, true};
  std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
  if (first < 0xC2 || first > 0xF4 || at + size > text.size())
    return {0, 1, false};
  char32_t code = first & (0x7FU >> size);
  for (std::size_t i = 1; i < size; ++i) {
    auto next = byte_of(text[at + i]);
    if ((next & 0xC0) != 0x80)
      return {0, 1, false};
    code = code << 6 | (next & 0x3FU);
  }
  constexpr std::array<char32_t, 5> least{0, 0, 0x80, 0x800, 0x10000};
  if (code < least[size] || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
    return {0, 1, false};
  return {code, size, true};
}

constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr bool is_digit(char c) noexcept {
  return c >= '0' && c <= '9';
}

constexpr bool is_letter(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// Letters of other scripts count as such.
constexpr bool is_word(char c) noexcept {
  return is_letter(c) || is_digit(c) || byte_of(c) >= 0x80;
}

/// The byte at a place; a blank beyond the ends.
constexpr char around(std::string_view text, std::size_t at) noexcept {
  return at < text.size() ? text[at] : ' ';
}

constexpr char lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// Whether `text` goes on with `word`, whatever its case, at `at`.
bool goes_on(std::string_view text, std::size_t at, std::string_view word) noexcept {
  return text.size() - at >= word.size()
         && std::equal(word.begin(), word.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                       [](char a, char b) { return a == lower(b); });
}

bool starts_tag(std::string_view text, std::size_t at) noexcept {
  auto next = around(text, at + 1);
  return text[at] == '<' && (is_letter(next) || next == '/' || next == '!' || next == '?');
}

/// "&lt;" and "&#60;", but not "R&B;".
bool starts_reference(std::string_view text, std::size_t at) noexcept {
  if (text[at] != '&')
    return false;
  if (around(text, at + 1) == '#')
    return true;
  auto end = at + 1;
  while (is_letter(around(text, end)) || is_digit(around(text, end)))
    ++end;
  return end > at + 2 && around(text, end) == ';';
}

/// A sign that opens an emphasis which is closed in the same text: "*so*", "_so_", "~~so~~".
/// "snake_case" and "5 * 3" are none.
bool starts_emphasis(std::string_view text, std::size_t at) noexcept {
  auto sign = text[at];
  if (sign != '*' && sign != '_' && sign != '~')
    return false;
  if (around(text, at + 1) == sign && at + 2 < text.size())
    return true;
  if (sign == '~' || is_word(at == 0 ? ' ' : text[at - 1]) || is_blank(around(text, at + 1)))
    return false;
  for (auto end = text.find(sign, at + 1); end != std::string_view::npos; end = text.find(sign, end + 1))
    if (!is_blank(text[end - 1]) && !is_word(around(text, end + 1)))
      return true;
  return false;
}

/// "# Heading", "- item", "> quotation".
bool is_marked_line(std::string_view line) noexcept {
  auto begin = line.find_first_not_of(" \t");
  if (begin == std::string_view::npos)
    return false;
  auto end = line.find_first_not_of('#', begin);
  if (end != begin)
    return is_blank(around(line, std::min(end, line.size())));
  return std::string_view{"-*+>"}.find(line[begin]) != std::string_view::npos
         && is_blank(around(line, begin + 1));
}

bool has_marked_line(std::string_view text) noexcept {
  for (std::size_t begin = 0; begin < text.size();) {
    auto end = std::min(text.find_first_of("\r\n", begin), text.size());
    if (is_marked_line(text.substr(begin, end - begin)))
      return true;
    begin = end + 1;
  }
  return false;
}

bool starts_markup(std::string_view text, std::size_t at) noexcept {
  switch (text[at]) {
  case '`':
    return true;
  case '<':
    return starts_tag(text, at);
  case '&':
    return starts_reference(text, at);
  case ']':
    return around(text, at + 1) == '(' || around(text, at + 1) == '[';
  default:
    return starts_emphasis(text, at);
  }
}

/// A dot between a name and a domain's ending, as in "audio.com" or "shop.example/deal":
/// many programs make links of such words by themselves. Short endings are real ones
/// only, since "e.g" and "3.5mm" are words.
bool is_dot_of_a_site(std::string_view text, std::size_t at) noexcept {
  if (at == 0 || !is_word(text[at - 1]))
    return false;
  auto end = at + 1;
  while (end < text.size()
         && ((text[end] >= 'a' && text[end] <= 'z') || (text[end] >= 'A' && text[end] <= 'Z')))
    ++end;
  if (is_word(around(text, end)))
    return false;
  if (end - at > 2 && around(text, end) == '/')
    return true;
  for (std::string_view ending :
       {".com", ".net",  ".org", ".io",   ".co",    ".ly",  ".de",  ".uk", ".eu", ".me",
        ".tv",  ".info", ".biz", ".shop", ".store", ".app", ".dev", ".ru", ".cn", ".xyz"})
    if (end - at == ending.size() && goes_on(text, at, ending))
      return true;
  return false;
}

/// An address, with or without its scheme.
bool starts_link(std::string_view text, std::size_t at) noexcept {
  if (text[at] == ':')
    return goes_on(text, at, "://");
  if (text[at] == '.')
    return is_dot_of_a_site(text, at);
  if (at > 0 && is_word(text[at - 1]))
    return false;
  return goes_on(text, at, "www.") || goes_on(text, at, "mailto:") || goes_on(text, at, "javascript:");
}

} // namespace

bool is_hidden(char32_t character) noexcept {
  // Unicode's general category Cc and its property Default_Ignorable_Code_Point, the line
  // and paragraph separators, and the signs of annotation, of shorthand and of music that
  // are formats too (Unicode 15).
  static constexpr std::array<std::pair<char32_t, char32_t>, 19> ranges{{{0x0000, 0x001F},
                                                                         {0x007F, 0x009F},
                                                                         {0x00AD, 0x00AD},
                                                                         {0x034F, 0x034F},
                                                                         {0x061C, 0x061C},
                                                                         {0x115F, 0x1160},
                                                                         {0x17B4, 0x17B5},
                                                                         {0x180B, 0x180F},
                                                                         {0x200B, 0x200F},
                                                                         {0x2028, 0x202E},
                                                                         {0x2060, 0x206F},
                                                                         {0x3164, 0x3164},
                                                                         {0xFE00, 0xFE0F},
                                                                         {0xFEFF, 0xFEFF},
                                                                         {0xFFA0, 0xFFA0},
                                                                         {0xFFF0, 0xFFFB},
                                                                         {0x1BCA0, 0x1BCA3},
                                                                         {0x1D173, 0x1D17A},
                                                                         {0xE0000, 0xE0FFF}}};
  auto range = std::lower_bound(ranges.begin(), ranges.end(), character,
                                [](const auto& each, char32_t wanted) { return each.second < wanted; });
  return range != ranges.end() && range->first <= character;
}

std::string as_data(std::string_view text, std::size_t bytes_max) {
  std::string out;
  out.reserve(std::min(text.size(), bytes_max));
  for (std::size_t at = 0; at < text.size();) {
    auto next = character_at(text, at);
    auto bytes = text.substr(at, next.size);
    at += next.size;
    if (is_blank(bytes.front()) || next.code == 0x85 || next.code == 0x2028 || next.code == 0x2029)
      bytes = " ";
    else if (!next.is_valid || is_hidden(next.code))
      continue;
    if (out.empty() && bytes == " ")
      continue;
    if (out.size() + bytes.size() > bytes_max)
      break;
    out += bytes;
  }
  out.erase(out.find_last_not_of(' ') + 1);
  return out;
}

std::string_view fault_in(std::string_view text) noexcept {
  for (std::size_t at = 0; at < text.size();) {
    auto next = character_at(text, at);
    if (!next.is_valid)
      return "is not valid UTF-8";
    if (is_hidden(next.code) && !is_blank(text[at]))
      return "holds a control character or an invisible one";
    if (next.size == 1 && starts_link(text, at))
      return "holds a link or the address of a site";
    if (next.size == 1 && starts_markup(text, at))
      return "holds markup; write plain sentences";
    at += next.size;
  }
  return has_marked_line(text) ? "holds markup; write plain sentences" : "";
}

std::string in_one_line(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (auto c : text) {
    if (!is_blank(c))
      out += c;
    else if (!out.empty() && out.back() != ' ')
      out += ' ';
  }
  if (!out.empty() && out.back() == ' ')
    out.pop_back();
  return out;
}

} // namespace sonicmatch::actors::language_model
