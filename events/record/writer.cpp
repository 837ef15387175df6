#include "events/record/writer.hpp"

#include <array>
#include <charconv>
#include <cmath>

namespace sonicmatch::events::record {

namespace {

constexpr bool needs_escape(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\';
}

void write_escaped(std::string& out, char c) {
  switch (c) {
  case '"':
    out += "\\\"";
    return;
  case '\\':
    out += "\\\\";
    return;
  case '\n':
    out += "\\n";
    return;
  case '\t':
    out += "\\t";
    return;
  case '\r':
    out += "\\r";
    return;
  default:
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u00";
    out.push_back(digits[static_cast<unsigned char>(c) >> 4]);
    out.push_back(digits[static_cast<unsigned char>(c) & 15]);
  }
}

template <class Number, class... Format>
void write_chars(std::string& out, Number value, Format... format) {
  std::array<char, 32> text;
  auto [end, failure] = std::to_chars(text.data(), text.data() + text.size(), value, format...);
  out.append(text.data(), end);
}

} // namespace

void write_text(std::string& out, std::string_view text) {
  out.push_back('"');
  std::size_t plain = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!needs_escape(text[i]))
      continue;
    out.append(text, plain, i - plain);
    write_escaped(out, text[i]);
    plain = i + 1;
  }
  out.append(text, plain);
  out.push_back('"');
}

void write_number(std::string& out, double value) {
  // to_chars alone would write 100000 as 1e+05, which is right but surprises people,
  // and 2^64 as a whole number, which JSON readers (simdjson) refuse.
  if (std::abs(value) >= 1e15)
    write_chars(out, value, std::chars_format::scientific);
  else if (value == std::trunc(value))
    write_chars(out, static_cast<std::int64_t>(value));
  else
    write_chars(out, value);
}

void write_number(std::string& out, std::int64_t value) {
  write_chars(out, value);
}

void write_number(std::string& out, std::uint64_t value) {
  write_chars(out, value);
}

} // namespace sonicmatch::events::record
