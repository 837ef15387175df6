#include "infra/configuration/configuration.hpp"

#include "events/error.hpp"
#include "infra/configuration/consistency.hpp"
#include "infra/configuration/dotenv.hpp"
#include "infra/configuration/settings.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>
#include <tuple>
#include <unistd.h>

namespace sonicmatch::infra {

namespace {

/// A setting's text and where it was given.
struct given {
  std::string text;
  std::string origin;
};
using given_by_name = std::map<std::string, given, std::less<>>;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  while (!text.empty()) {
    auto end = std::min(text.find(separator), text.size());
    auto item = text.substr(0, end);
    while (!item.empty() && item.front() == ' ')
      item.remove_prefix(1);
    while (!item.empty() && item.back() == ' ')
      item.remove_suffix(1);
    if (!item.empty())
      out.emplace_back(item);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return out;
}

std::optional<double> parse_number(std::string_view text) {
  double out = 0;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

std::optional<double> parse_milliseconds(std::string_view text) {
  constexpr std::array<std::pair<std::string_view, double>, 5> units{
    {{"ms", 1}, {"s", 1'000}, {"m", 60'000}, {"h", 3'600'000}, {"d", 86'400'000}}};
  for (auto [suffix, factor] : units)
    if (text.ends_with(suffix))
      if (auto number = parse_number(text.substr(0, text.size() - suffix.size())))
        return *number * factor;
  return std::nullopt;
}

template <class Member>
std::string mistake_in(const setting<Member>& declared, const std::string& item) {
  if (declared.allowed.empty())
    return {};
  auto words = split(declared.allowed, ' ');
  if (std::find(words.begin(), words.end(), item) != words.end())
    return {};
  return "must be one of " + std::string{declared.allowed} + ", not \"" + item + "\"";
}

/// Sets a member that has its own way of being read.
template <class Member>
std::string assign_parsed(std::string_view text, std::string_view expected, Member& out) {
  auto read = Member::parse(text);
  if (!read)
    return "must be " + std::string{expected} + ", not \"" + std::string{text} + "\"";
  out = *read;
  return {};
}

/// Sets the member; returns what is wrong with the text, or nothing.
template <class Member>
std::string assign(const setting<Member>& declared, const std::string& text, configuration& out) {
  auto& member = out.*declared.member;
  if constexpr (std::is_same_v<Member, std::string>) {
    member = text;
    return mistake_in(declared, text);
  } else if constexpr (std::is_same_v<Member, std::vector<std::string>>) {
    member = split(text, ',');
    for (const auto& item : member)
      if (auto mistake = mistake_in(declared, item); !mistake.empty())
        return mistake;
    return member.empty() && !declared.allowed.empty() ? "must name at least one" : "";
  } else if constexpr (std::is_same_v<Member, http::rate>) {
    return assign_parsed(text, "a rate such as 10/second, 10/minute or 10/hour, or 0", member);
  } else if constexpr (std::is_same_v<Member, std::vector<http::ip_network>>) {
    member.clear();
    for (const auto& item : split(text, ','))
      if (auto mistake =
            assign_parsed(item,
                          "addresses or networks such as 10.0.0.0/8 or 2001:db8::/32, without bits "
                          "behind the prefix",
                          member.emplace_back());
          !mistake.empty())
        return mistake;
    return {};
  } else {
    constexpr bool is_time = std::is_same_v<Member, std::chrono::milliseconds>;
    constexpr bool is_whole = !std::is_floating_point_v<Member>;
    auto number = is_time ? parse_milliseconds(text) : parse_number(text);
    if (!number || !std::isfinite(*number) || (is_whole && *number != std::trunc(*number)))
      return std::string{is_time    ? "must be a time such as 500ms, 60s or 5m, not \""
                         : is_whole ? "must be a whole number, not \""
                                    : "must be a number, not \""}
             + text + "\"";
    auto unit = is_time ? " ms" : "";
    if (*number < declared.minimum || *number > declared.maximum)
      return "must be between " + std::to_string(static_cast<std::int64_t>(declared.minimum)) + " and "
             + std::to_string(static_cast<std::int64_t>(declared.maximum)) + unit;
    if constexpr (is_whole)
      member = static_cast<Member>(static_cast<std::int64_t>(*number));
    else
      member = *number;
    return {};
  }
}

std::string name_of_flag(std::string_view flag) {
  std::string out;
  for (auto c : flag)
    out.push_back(c == '-' ? '_' : static_cast<char>(std::toupper(static_cast<unsigned char>(c))));
  return out;
}

bool is_setting(std::string_view name) {
  return std::apply([&](const auto&... all) { return ((all.name == name) || ...); }, settings);
}

void read_command_line(const std::vector<std::string>& words, given_by_name& out,
                       std::vector<std::string>& arguments, std::string& mistakes) {
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    auto equals = word.find('=');
    auto name = word.starts_with("--") ? name_of_flag(word.substr(2, equals - 2)) : std::string{};
    if (!is_setting(name)) {
      arguments.push_back(words[i]);
      continue;
    }
    if (equals != std::string_view::npos)
      out.insert_or_assign(name, given{std::string{word.substr(equals + 1)}, "flag"});
    else if (i + 1 < words.size())
      out.insert_or_assign(name, given{words[++i], "flag"});
    else
      mistakes += "\n  " + words[i] + " needs a value";
  }
}

} // namespace

bool configuration::has_role(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

caf::expected<configured> configure(const configuration_sources& sources) {
  given_by_name texts;
  std::string mistakes;
  auto dotenv = read_dotenv(sources.dotenv_path);
  if (!dotenv)
    mistakes += "\n  " + events::detail_of(dotenv.error());
  else
    for (const auto& [name, text] : *dotenv)
      texts.insert_or_assign(name, given{text, ".env"});
  for (const auto& [name, text] : sources.environment)
    if (is_setting(name))
      texts.insert_or_assign(name, given{text, "environment"});
  configured out;
  read_command_line(sources.command_line, texts, out.arguments, mistakes);
  auto one = [&](const auto& declared) {
    auto found = texts.find(declared.name);
    auto source = found == texts.end() ? given{std::string{declared.fallback}, "default"} : found->second;
    auto mistake = assign(declared, source.text, out.values);
    if (!mistake.empty())
      mistakes += "\n  " + std::string{declared.name} + " (" + source.origin + ") " + mistake;
    auto shown = declared.secret ? (source.text.empty() ? "(not set)" : "(set)") : source.text;
    out.shown.push_back(
      {std::string{declared.name}, shown, source.origin, std::string{declared.description}});
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, settings);
  mistakes += mistakes_in(out.values, texts.contains("LLM_MODEL"));
  if (!mistakes.empty())
    return events::make_error(events::errc::bad_configuration, "the configuration is wrong:" + mistakes);
  return out;
}

std::map<std::string, std::string> process_environment() {
  std::map<std::string, std::string> out;
  for (char** each = environ; each != nullptr && *each != nullptr; ++each) {
    std::string_view line = *each;
    if (auto equals = line.find('='); equals != std::string_view::npos)
      out.emplace(line.substr(0, equals), line.substr(equals + 1));
  }
  return out;
}

} // namespace sonicmatch::infra
