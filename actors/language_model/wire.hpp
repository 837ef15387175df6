#pragma once

#include "actors/language_model/provider.hpp"

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

/// What the providers' wire formats have in common. Include it in .cpp files only: it is heavy.
namespace sonicmatch::actors::language_model {

/// A place in a provider's JSON, or why there is none.
using json_place = simdjson::simdjson_result<simdjson::dom::element>;

/// Nesting beyond this is unreadable. Answers have a handful of levels.
inline constexpr std::size_t response_nesting_max = 64;
/// No call uses more tokens; a provider that says so is not believed.
inline constexpr std::int64_t tokens_max = 1'000'000'000;

/// What the model is told of the tool that takes its answer, where a schema is no output format.
inline constexpr std::string_view tool_description =
  "Takes the answer. Always answer by calling this tool, exactly once, and never in plain text.";

/// Parses a response's body. What it gives, and everything below it, is valid until the next
/// call in this thread. Every failure (no JSON, no UTF-8, nested too deep) is an error in it,
/// which the places below it inherit.
[[nodiscard]] json_place parse_body(std::string_view body) noexcept;

/// The text at a place; empty when there is none.
[[nodiscard]] std::string_view text_at(json_place place) noexcept;

/// The number of tokens at a place: from 0 to tokens_max, and 0 when there is no number.
[[nodiscard]] std::int64_t tokens_at(json_place place) noexcept;

/// Whether `text` is a JSON object, and nothing beside it.
[[nodiscard]] bool is_json_object(std::string_view text);

/// A sentence on why a success cannot be read as a reply: it is no JSON, or not of the
/// provider's form. A message that it carries instead is quoted, without `key`.
[[nodiscard]] std::string why_unreadable(json_place root, std::string_view key);

/// Appends the turns as {"role": …, "content": …}, with commas between them. A turn of
/// nothing but blanks, which Anthropic refuses, says that it is empty.
void write_turns(std::string& out, const std::vector<turn>& said);

} // namespace sonicmatch::actors::language_model
