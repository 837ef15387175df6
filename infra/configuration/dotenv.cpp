#include "infra/configuration/dotenv.hpp"

#include "events/error.hpp"

#include <fstream>
#include <string_view>

namespace sonicmatch::infra {

namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t\r";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool is_name(std::string_view text) {
  constexpr std::string_view letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_0123456789";
  return !text.empty() && text.find_first_not_of(letters) == std::string_view::npos
         && (text.front() < '0' || text.front() > '9');
}

} // namespace

caf::expected<std::map<std::string, std::string>> read_dotenv(const std::string& path) {
  std::map<std::string, std::string> out;
  std::ifstream file{path};
  std::string line;
  std::string mistakes;
  for (int number = 1; std::getline(file, line); ++number) {
    auto text = trimmed(line);
    if (text.empty() || text.front() == '#')
      continue;
    if (text.starts_with("export "))
      text = trimmed(text.substr(7));
    auto equals = text.find('=');
    auto name = trimmed(text.substr(0, equals));
    auto wrong = [&](std::string_view what) {
      mistakes +=
        (mistakes.empty() ? "" : "\n  ") + path + ":" + std::to_string(number) + " " + std::string{what};
    };
    if (equals == std::string_view::npos || !is_name(name)) {
      wrong("is not NAME=VALUE");
      continue;
    }
    auto value = trimmed(text.substr(equals + 1));
    if (!value.empty() && (value.front() == '"' || value.front() == '\'')) {
      auto end = value.find(value.front(), 1);
      if (end == std::string_view::npos) {
        wrong("has a quote that is not closed");
        continue;
      }
      value = value.substr(1, end - 1);
    } else if (auto comment = value.find(" #"); comment != std::string_view::npos) {
      value = trimmed(value.substr(0, comment));
    }
    out.insert_or_assign(std::string{name}, std::string{value});
  }
  if (!mistakes.empty())
    return events::make_error(events::errc::bad_configuration, std::move(mistakes));
  return out;
}

} // namespace sonicmatch::infra
