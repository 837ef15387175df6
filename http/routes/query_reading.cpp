#include "http/routes/query_reading.hpp"

#include <charconv>
#include <cmath>

namespace sonicmatch::http::detail {

namespace {

std::string bounds_of(const rules& rule) {
  using events::record::write_number;
  std::string out = "between ";
  write_number(out, rule.minimum);
  out += " and ";
  write_number(out, rule.maximum);
  return out;
}

template <class Number>
bool read_number(std::string_view name, std::string_view text, const rules& rule, std::string_view kind,
                 violations& wrong, Number& out) {
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  auto value = static_cast<double>(out);
  if (failure == std::errc{} && end == text.data() + text.size() && value >= rule.minimum
      && value <= rule.maximum)
    return true;
  std::string detail = "must be " + std::string{kind};
  if (std::isfinite(rule.minimum) && std::isfinite(rule.maximum))
    detail += ' ' + bounds_of(rule);
  wrong.push_back({std::string{name}, "out_of_range", std::move(detail)});
  return false;
}

} // namespace

bool read_flag(std::string_view name, std::string_view text, violations& wrong, bool& out) {
  out = text == "true";
  if (out || text == "false")
    return true;
  wrong.push_back({std::string{name}, "wrong_type", "must be true or false"});
  return false;
}

bool read_decimal(std::string_view name, std::string_view text, const rules& rule, violations& wrong,
                  double& out) {
  return read_number(name, text, rule, "a number", wrong, out);
}

bool read_whole(std::string_view name, std::string_view text, const rules& rule, violations& wrong,
                std::int64_t& out) {
  return read_number(name, text, rule, "a whole number", wrong, out);
}

bool read_text(std::string_view name, std::string_view text, const rules& rule, violations& wrong,
               std::string& out) {
  auto characters = static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](char byte) { return (byte & 0xc0) != 0x80; }));
  out = text;
  if (characters >= rule.size_min && characters <= rule.size_max)
    return true;
  wrong.push_back({std::string{name}, "wrong_size",
                   "must be " + std::to_string(rule.size_min) + " to " + std::to_string(rule.size_max)
                     + " characters long"});
  return false;
}

bool read_word(std::string_view name, std::string_view text, std::span<const std::string_view> known,
               violations& wrong, std::size_t& out) {
  auto found = std::find(known.begin(), known.end(), text);
  out = static_cast<std::size_t>(found - known.begin());
  if (found != known.end())
    return true;
  std::string all;
  for (auto each : known)
    all += (all.empty() ? "" : ", ") + std::string{each};
  wrong.push_back({std::string{name}, "not_allowed", "must be one of: " + all});
  return false;
}

} // namespace sonicmatch::http::detail
