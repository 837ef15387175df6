#pragma once

#include <cstddef>
#include <string>
#include <string_view>

/// Text that crosses the border to a language model, in either direction.
namespace sonicmatch::actors::language_model {

/// Whether a character is one that nobody sees, but a model or a terminal may obey:
/// controls, marks of writing direction, line and paragraph separators, variation
/// selectors, tags, and whatever else Unicode lets be ignored.
[[nodiscard]] bool is_hidden(char32_t character) noexcept;

/// `text` as it goes to a model, as data: line ends and tabs are spaces, hidden
/// characters and bytes that are not UTF-8 are left out, so are blanks at the ends, and it
/// ends before the character that would exceed `bytes_max`.
[[nodiscard]] std::string as_data(std::string_view text, std::size_t bytes_max);

/// What keeps a model's words from being shown, as the end of a sentence ("holds a
/// link"); empty when they may be. Line ends and tabs are nothing bad.
[[nodiscard]] std::string_view fault_in(std::string_view text) noexcept;

/// `text` in one line: every run of blanks is one space, and none is at the ends.
[[nodiscard]] std::string in_one_line(std::string_view text);

} // namespace sonicmatch::actors::language_model
