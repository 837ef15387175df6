#include "actors/language_model/retry.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>

namespace sonicmatch::actors::language_model {

namespace {

using std::chrono::milliseconds;

constexpr milliseconds first_backoff{500};
constexpr milliseconds backoff_max{8'000};

/// What is asked for is kept as it is, but within what its event can hold.
constexpr double asked_ms_max = 1e12;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view blanks = " \t";
  auto first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos)
    return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
  Number out{};
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

/// Rounded up, because a retry that comes a moment early is refused again.
milliseconds bounded_wait(double ms) {
  return milliseconds{static_cast<std::int64_t>(std::ceil(std::clamp(ms, -asked_ms_max, asked_ms_max)))};
}

std::optional<milliseconds> wait_of_number(std::string_view text, double ms_per_unit) {
  auto number = number_of<double>(trimmed(text));
  if (!number || !std::isfinite(*number))
    return std::nullopt;
  return bounded_wait(*number * ms_per_unit);
}

std::optional<unsigned> month_of(std::string_view name) {
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto found = std::find(months.begin(), months.end(), name);
  if (found == months.end())
    return std::nullopt;
  return static_cast<unsigned>(found - months.begin()) + 1;
}

/// "16:26:57" as the time since midnight. A leap second is allowed for.
std::optional<std::chrono::seconds> time_of_day(std::string_view text) {
  if (text.size() != 8 || text[2] != ':' || text[5] != ':')
    return std::nullopt;
  auto hours = number_of<unsigned>(text.substr(0, 2));
  auto minutes = number_of<unsigned>(text.substr(3, 2));
  auto seconds = number_of<unsigned>(text.substr(6, 2));
  if (!hours || !minutes || !seconds || *hours > 23 || *minutes > 59 || *seconds > 60)
    return std::nullopt;
  return std::chrono::hours{*hours} + std::chrono::minutes{*minutes} + std::chrono::seconds{*seconds};
}

/// An HTTP date as it is written today, "Fri, 29 Sep 2023 16:26:57 GMT" (IMF-fixdate, RFC 9110,
/// section 5.6.7). No provider sends the two older forms. The day's name is not looked at.
std::optional<std::chrono::sys_seconds> http_date(std::string_view text) {
  constexpr std::string_view shape = "Fri, 29 Sep 2023 16:26:57 GMT";
  if (text.size() != shape.size() || text[3] != ',' || !text.ends_with(" GMT"))
    return std::nullopt;
  for (auto blank : {4u, 7u, 11u, 16u})
    if (text[blank] != ' ')
      return std::nullopt;
  auto day = number_of<unsigned>(text.substr(5, 2));
  auto month = month_of(text.substr(8, 3));
  auto year = number_of<unsigned>(text.substr(12, 4));
  auto time = time_of_day(text.substr(17, 8));
  if (!day || !month || !year || !time)
    return std::nullopt;
  std::chrono::year_month_day date{std::chrono::year{static_cast<int>(*year)}, std::chrono::month{*month},
                                   std::chrono::day{*day}};
  if (!date.ok())
    return std::nullopt;
  return std::chrono::sys_days{date} + *time;
}

} // namespace

std::optional<milliseconds> asked_wait(const ports::http_response& response,
                                       std::chrono::system_clock::time_point now) {
  if (const auto* ms = response.header("retry-after-ms"))
    if (auto wait = wait_of_number(*ms, 1))
      return wait;
  const auto* asked = response.header("retry-after");
  if (asked == nullptr)
    return std::nullopt;
  if (auto wait = wait_of_number(*asked, 1'000))
    return wait;
  if (auto date = http_date(trimmed(*asked)))
    return bounded_wait(std::chrono::duration<double, std::milli>{*date - now}.count());
  return std::nullopt;
}

milliseconds retry_wait(int remaining, int retries_max, std::optional<milliseconds> asked,
                        double chance) noexcept {
  if (asked && *asked > milliseconds::zero() && *asked <= retry_after_max)
    return *asked;
  // The fifth wait has reached the longest, so later ones need not be computed; and
  // `remaining` may be far below zero.
  auto made = std::clamp<std::int64_t>(std::int64_t{retries_max} - remaining, 0, 4);
  auto backoff = std::min(first_backoff * (std::int64_t{1} << made), backoff_max);
  auto kept = 1.0 - 0.25 * std::clamp(chance, 0.0, 1.0);
  return milliseconds{std::llround(static_cast<double>(backoff.count()) * kept)};
}

} // namespace sonicmatch::actors::language_model
