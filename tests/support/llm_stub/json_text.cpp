#include "tests/support/llm_stub/json_text.hpp"

#include <array>
#include <charconv>

namespace sonicmatch::tests::llm_stub {

namespace {

void append_escaped(std::string& out, char c) {
  constexpr std::string_view digits = "0123456789abcdef";
  switch (c) {
  case '"':
    out += "\\\"";
    break;
  case '\\':
    out += "\\\\";
    break;
  case '\n':
    out += "\\n";
    break;
  case '\r':
    out += "\\r";
    break;
  case '\t':
    out += "\\t";
    break;
  default:
    out += "\\u00";
    out += digits[static_cast<unsigned char>(c) >> 4];
    out += digits[static_cast<unsigned char>(c) & 15];
  }
}

} // namespace

void append_quoted(std::string& out, std::string_view text) {
  out += '"';
  std::size_t copied = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    auto c = text[i];
    if (static_cast<unsigned char>(c) >= 0x20 && c != '"' && c != '\\')
      continue;
    out.append(text, copied, i - copied);
    append_escaped(out, c);
    copied = i + 1;
  }
  out.append(text, copied);
  out += '"';
}

void append_number(std::string& out, double value) {
  std::array<char, 32> digits{};
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end);
}

object_writer::object_writer(std::string& out)
  : out_{out} {
  out_ += '{';
}

std::string& object_writer::value_of(std::string_view name) {
  if (!is_first_)
    out_ += ',';
  is_first_ = false;
  append_quoted(out_, name);
  out_ += ':';
  return out_;
}

void object_writer::text(std::string_view name, std::string_view value) {
  append_quoted(value_of(name), value);
}

void object_writer::number(std::string_view name, std::int64_t value) {
  std::array<char, 32> digits{};
  auto [end, error] = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  value_of(name).append(digits.data(), end);
}

void object_writer::boolean(std::string_view name, bool value) {
  value_of(name) += value ? "true" : "false";
}

void object_writer::raw(std::string_view name, std::string_view value) {
  value_of(name) += value;
}

void object_writer::close() {
  out_ += '}';
}

} // namespace sonicmatch::tests::llm_stub
