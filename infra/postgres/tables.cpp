#include "infra/postgres/tables.hpp"

#include <algorithm>
#include <charconv>

namespace sonicmatch::infra::postgres {

namespace {

constexpr std::string_view replacement = "\xEF\xBF\xBD"; // U+FFFD in UTF-8

} // namespace

namespace {

constexpr bool needs_escape(char c) noexcept {
  return static_cast<unsigned char>(c) < 0x20 || c == '\\';
}

/// The first character at or after `from` that needs an escape, or the end. Looks
/// at blocks without branches, which the compiler makes a few instructions of.
std::size_t find_escape(std::string_view text, std::size_t from) noexcept {
  constexpr std::size_t block = 32;
  for (; from + block <= text.size(); from += block) {
    unsigned found = 0;
    for (std::size_t i = 0; i < block; ++i)
      found |= static_cast<unsigned>(needs_escape(text[from + i]));
    if (found != 0)
      break;
  }
  while (from < text.size() && !needs_escape(text[from]))
    ++from;
  return from;
}

std::string_view escape_of(char c) noexcept {
  switch (c) {
  case '\\':
    return "\\\\";
  case '\n':
    return "\\n";
  case '\r':
    return "\\r";
  case '\t':
    return "\\t";
  default:
    return {};
  }
}

} // namespace

void write_copied(std::string& line, std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    auto special = find_escape(text, at);
    line.append(text, at, special - at);
    if (special == text.size())
      return;
    if (auto escape = escape_of(text[special]); !escape.empty())
      line += escape;
    else
      line.push_back(text[special]); // other control characters stand for themselves
    at = special + 1;
  }
}

std::string real_text(double score) {
  std::array<char, 32> text;
  auto end = std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(score)).ptr;
  return {text.data(), end};
}

const std::string& storable(const std::string& text, std::string& room) {
  if (text.find('\0') == std::string::npos)
    return text;
  room.clear();
  for (auto c : text) {
    if (c == '\0')
      room += replacement;
    else
      room.push_back(c);
  }
  return room;
}

std::vector<std::string> with_answer_columns(std::vector<std::string> columns) {
  for (const auto* each : {"provider", "model", "degraded", "degraded_reason", "prompt_version", "attempts",
                           "prompt_tokens", "completion_tokens", "cost_micro_usd", "cost_is_known"})
    columns.emplace_back(each);
  return columns;
}

std::array<nullable_field, 10> answer_fields(const projections::answer_columns& answer) {
  return {nullable_field{answer.provider},       nullable_field{answer.model},
          nullable_field{answer.degraded},       nullable_field{answer.degraded_reason},
          nullable_field{answer.prompt_version}, nullable_field{std::optional{answer.attempts}},
          nullable_field{answer.prompt_tokens},  nullable_field{answer.completion_tokens},
          nullable_field{answer.cost},           nullable_field{std::optional{answer.cost_is_known}}};
}

std::string printable(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out;
  for (unsigned char c : bytes) {
    if (c >= 0x20 && c < 0x7f) {
      out.push_back(static_cast<char>(c));
      continue;
    }
    out += "\\x";
    out.push_back(digits[c >> 4]);
    out.push_back(digits[c & 15]);
  }
  return out;
}

void array_literal::separate() {
  if (out_.size() > 1)
    out_.push_back(',');
}

void array_literal::add(std::int64_t value) {
  separate();
  out_ += std::to_string(value);
}

void array_literal::add(std::string_view text) {
  separate();
  out_.push_back('"');
  for (auto c : text) {
    if (c == '"' || c == '\\')
      out_.push_back('\\');
    if (c == '\0')
      out_ += replacement;
    else
      out_.push_back(c);
  }
  out_.push_back('"');
}

void array_literal::add_null() {
  separate();
  out_ += "NULL";
}

std::string array_literal::finish() && {
  out_.push_back('}');
  return std::move(out_);
}

std::string array_of(const std::vector<std::string>& texts) {
  array_literal out;
  for (const auto& each : texts)
    out.add(each);
  return std::move(out).finish();
}

} // namespace sonicmatch::infra::postgres
