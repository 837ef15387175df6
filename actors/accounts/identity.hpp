#pragma once

#include "events/record/declaration.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

/// What people call themselves by, and the rules for it. Pure.
namespace sonicmatch::actors::accounts {

/// RFC 5321, 4.5.3.1.3: a path has 256 octets, two of which are brackets.
inline constexpr std::size_t email_bytes_max = 254;
inline constexpr std::size_t password_characters_min = 10;
inline constexpr std::size_t password_characters_max = 128;
/// A character of UTF-8 has four bytes at most.
inline constexpr std::size_t password_bytes_max = 4 * password_characters_max;
inline constexpr std::size_t display_name_bytes_max = 80;

/// Trimmed, in lower case: the form that is unique. Nothing when it is no e-mail address,
/// as HTML's input type "email" has it (WHATWG, 4.10.5.1.5), with a domain of two labels
/// or more. Addresses that are not ASCII are refused.
[[nodiscard]] std::optional<std::string> normalised_email(std::string_view text);

/// What is wrong with a password for that (normalised) e-mail, in words for people:
/// "must have …". Empty when nothing is. There are no rules of composition (NIST SP
/// 800-63B, 5.1.1.2), but the commonest ones and the e-mail itself are refused.
[[nodiscard]] std::string mistake_in_password(std::string_view password, std::string_view email);

/// The name without white space around it. Nothing when it is empty, too long, or has
/// control characters.
[[nodiscard]] std::optional<std::string> normalised_display_name(std::string_view text);

} // namespace sonicmatch::actors::accounts
