#include "actors/heuristic/folding.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace sonicmatch::actors::heuristic {

namespace {

/// U+00C0 to U+00FF without their accents; a dot where there is no Latin letter.
constexpr std::string_view latin_1_letters =
  "aaaaaaaceeeeiiiidnooooo.ouuuuytsaaaaaaaceeeeiiiidnooooo.ouuuuyty";
static_assert(latin_1_letters.size() == 64);

constexpr bool is_letter_or_digit(unsigned char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

constexpr std::size_t quotable_bytes_max = 40;

} // namespace

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  bool separate = false;
  auto add = [&](char c) {
    if (separate && !out.empty())
      out += ' ';
    separate = false;
    out += c;
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = static_cast<unsigned char>(text[i]);
    if (c >= 'A' && c <= 'Z')
      c = static_cast<unsigned char>(c - 'A' + 'a');
    if (is_letter_or_digit(c)) {
      add(static_cast<char>(c));
    } else if (c == 0xC3 && i + 1 < text.size()) {
      auto place = static_cast<unsigned char>(text[++i]) - 0x80;
      add(place >= 0 && place < 64 ? latin_1_letters[static_cast<std::size_t>(place)] : '.');
    } else if (c == '&' || c == '+') {
      separate = true;
      for (auto letter : std::string_view{"and"})
        add(letter);
      separate = true;
    } else if (c >= 0x80) {
      add(static_cast<char>(c));
    } else if (c != '\'') {
      separate = true;
    }
  }
  return out;
}

std::string fold_together(std::string_view text) {
  auto out = fold(text);
  out.erase(std::remove(out.begin(), out.end(), ' '), out.end());
  return out;
}

std::string quotable(std::string_view text) {
  constexpr std::string_view signs_of_markup = "<>`*_[]{}\\|\"#";
  std::string out;
  for (auto c : text) {
    auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F)
      continue;
    bool starts_character = (byte & 0xC0) != 0x80;
    if (starts_character && out.size() >= quotable_bytes_max)
      break;
    if (c == '_')
      out += ' ';
    else if (signs_of_markup.find(c) == std::string_view::npos)
      out += c;
  }
  return out;
}

} // namespace sonicmatch::actors::heuristic
