#pragma once

#include <string>
#include <string_view>

/// How open text is compared: a wish is the same however it is typed.
namespace sonicmatch::actors::heuristic {

/// The words of `text` in lower case, one space between them. Latin accents are
/// dropped ("Beyoncé" gives "beyonce"), '&' and '+' are read as "and", an
/// apostrophe joins, and every other ASCII sign separates. Other UTF-8 is kept.
[[nodiscard]] std::string fold(std::string_view text);

/// The folded words without the spaces: "Hip-Hop", "hip_hop" and "hiphop" are one.
[[nodiscard]] std::string fold_together(std::string_view text);

/// `text` as it may be quoted back to the person: control characters and the
/// signs of markup are left out, and after 40 bytes it is cut at a character.
[[nodiscard]] std::string quotable(std::string_view text);

} // namespace sonicmatch::actors::heuristic
