#include "actors/accounts/identity.hpp"

#include <algorithm>
#include <array>

namespace sonicmatch::actors::accounts {

namespace {

bool is_letter_or_digit(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
}

std::string lower_case(std::string_view text) {
  std::string out{text};
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view space = " \t\r\n";
  auto begin = text.find_first_not_of(space);
  if (begin == std::string_view::npos)
    return {};
  return text.substr(begin, text.find_last_not_of(space) - begin + 1);
}

bool is_local_part(std::string_view text) {
  constexpr std::string_view marks = ".!#$%&'*+/=?^_`{|}~-";
  return !text.empty() && text.size() <= 64 && text.front() != '.' && text.back() != '.'
         && text.find("..") == std::string_view::npos && std::all_of(text.begin(), text.end(), [&](char c) {
              return is_letter_or_digit(c) || marks.find(c) != std::string_view::npos;
            });
}

bool is_label(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text.front() != '-' && text.back() != '-'
         && std::all_of(text.begin(), text.end(), [](char c) { return is_letter_or_digit(c) || c == '-'; });
}

/// Two labels or more, of which the last is no number.
bool is_domain(std::string_view text) {
  std::size_t count = 0;
  std::string_view last;
  for (auto rest = text;; ++count) {
    auto dot = std::min(rest.find('.'), rest.size());
    last = rest.substr(0, dot);
    if (!is_label(last))
      return false;
    if (dot == rest.size())
      break;
    rest.remove_prefix(dot + 1);
  }
  return count > 0 && last.size() > 1
         && std::any_of(last.begin(), last.end(), [](char c) { return c >= 'a' && c <= 'z'; });
}

/// The characters of valid UTF-8.
std::size_t count_characters(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
    text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

/// Of the commonest passwords that are in every list of leaked ones, those that are long
/// enough to be chosen here. In lower case.
constexpr std::array<std::string_view, 40> commonest{
  "1234567890",   "0123456789",    "0987654321",       "9876543210",    "12345678910",   "123456789a",
  "a123456789",   "1234567891",    "123123123123",     "1234512345",    "1122334455",    "123456789012",
  "1q2w3e4r5t",   "1q2w3e4r5t6y",  "1qaz2wsx3edc",     "qwertyuiop",    "qwertyuiop123", "qwerty12345",
  "qwerty123456", "qwerty1234",    "asdfghjkl123",     "zaq12wsxcde3",  "password12",    "password123",
  "password1234", "password12345", "password123456",   "passw0rd123",   "p@ssw0rd123",   "p@ssword123",
  "mypassword",   "mypassword1",   "passwordpassword", "letmein123456", "iloveyou123",   "iloveyou1234",
  "welcome123",   "welcome1234",   "administrator",    "changeme123"};

} // namespace

std::optional<std::string> normalised_email(std::string_view text) {
  auto out = lower_case(trimmed(text));
  auto at = out.find('@');
  if (out.size() > email_bytes_max || at == std::string::npos)
    return std::nullopt;
  std::string_view whole = out;
  if (!is_local_part(whole.substr(0, at)) || !is_domain(whole.substr(at + 1)))
    return std::nullopt;
  return out;
}

std::string mistake_in_password(std::string_view password, std::string_view email) {
  auto characters = count_characters(password);
  if (characters < password_characters_min || characters > password_characters_max)
    return "must have 10 to 128 characters";
  auto lower = lower_case(password);
  if (lower == email)
    return "must not be the e-mail address";
  if (std::all_of(lower.begin(), lower.end(), [&](char c) { return c == lower.front(); }))
    return "must not be one character over and over";
  if (std::find(commonest.begin(), commonest.end(), lower) != commonest.end())
    return "must not be one of the commonest passwords";
  return {};
}

std::optional<std::string> normalised_display_name(std::string_view text) {
  auto out = trimmed(text);
  auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; };
  if (out.empty() || out.size() > display_name_bytes_max || std::any_of(out.begin(), out.end(), is_control))
    return std::nullopt;
  return std::string{out};
}

} // namespace sonicmatch::actors::accounts
