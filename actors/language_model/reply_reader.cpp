#include "actors/language_model/reply_reader.hpp"

#include "actors/language_model/plain_text.hpp"
#include "events/record/reader.hpp"

#include <charconv>
#include <cmath>

namespace sonicmatch::actors::language_model {

namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

/// Answers announce themselves with a word or two in braces at most.
constexpr std::size_t objects_tried_max = 16;

constexpr bool is_slug_sign(char c) noexcept {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

/// Where the object that starts at `begin` ends, its closing brace included; npos when it
/// is not closed.
std::size_t end_of_object(std::string_view text, std::size_t begin) noexcept {
  std::size_t depth = 0;
  bool in_string = false;
  for (auto at = begin; at < text.size(); ++at) {
    auto c = text[at];
    if (in_string) {
      if (c == '\\')
        ++at;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{') {
      ++depth;
    } else if (c == '}' && --depth == 0) {
      return at + 1;
    }
  }
  return std::string_view::npos;
}

bool is_object(std::string_view json) {
  events::record::violations ignored;
  auto parsed = events::record::parse(json, ignored);
  return parsed && parsed->is_object();
}

/// The objects among the words, two at most: one is what is looked for, two are too many.
std::vector<std::string_view> objects_in(std::string_view text) {
  std::vector<std::string_view> out;
  auto begin = text.find('{');
  for (std::size_t tried = 0; begin != std::string_view::npos && tried < objects_tried_max; ++tried) {
    auto end = end_of_object(text, begin);
    if (end == std::string_view::npos)
      break;
    auto json = text.substr(begin, end - begin);
    if (is_object(json))
      out.push_back(json);
    if (out.size() > 1)
      break;
    begin = text.find('{', end);
  }
  return out;
}

std::string sizes(std::size_t size_min, std::size_t size_max, std::string_view unit) {
  return "must have " + std::to_string(size_min) + " to " + std::to_string(size_max) + " "
         + std::string{unit};
}

/// A number, or the text of one and nothing else.
std::optional<double> number_in(element from) noexcept {
  double out = 0;
  if (from.get_double().get(out) == SUCCESS)
    return out;
  std::string_view text;
  if (from.get_string().get(text) != SUCCESS)
    return std::nullopt;
  auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (failure != std::errc{} || end != text.data() + text.size())
    return std::nullopt;
  return out;
}

} // namespace

void reason_list::add(std::string_view path, std::string_view rule) {
  if (all_.size() >= reasons_max)
    return;
  std::string reason{path};
  reason += reason.empty() ? "The answer " : " ";
  reason += rule;
  if (reason.size() >= reason_bytes_max)
    reason.resize(reason_bytes_max - 1);
  all_.push_back(reason + ".");
}

std::vector<std::string> reason_list::take() {
  return std::move(all_);
}

std::vector<std::string> reason_list::take(std::string first) {
  if (all_.size() >= reasons_max)
    all_.pop_back();
  all_.insert(all_.begin(), std::move(first));
  return std::move(all_);
}

std::string echo_of(std::string_view text) {
  std::string out = "\"";
  for (auto c : text)
    if (is_slug_sign(c) && out.size() <= echo_bytes_max)
      out += c;
  return out + "\"";
}

std::optional<element> find_object(std::string_view text, stop_reason stopped, reason_list& wrong) {
  if (stopped == stop_reason::refusal) {
    wrong.add({}, "was refused");
    return std::nullopt;
  }
  if (text.size() > reply_bytes_max) {
    wrong.add({}, "is too long to be read");
    return std::nullopt;
  }
  if (!simdjson::validate_utf8(text)) {
    wrong.add({}, "is not valid UTF-8");
    return std::nullopt;
  }
  events::record::violations violations;
  if (auto whole = events::record::parse(text, violations)) {
    if (whole->is_object())
      return whole;
    wrong.add({}, "must be an object");
    return std::nullopt;
  }
  auto objects = objects_in(text);
  if (objects.size() == 1)
    return events::record::parse(objects.front(), violations);
  if (objects.size() > 1)
    wrong.add({}, "must be one JSON object, not several");
  else if (stopped == stop_reason::length)
    wrong.add({}, "was cut off before its end; say the same in fewer words");
  else
    wrong.add({}, "must be one JSON object, but " + violations.front().detail);
  return std::nullopt;
}

namespace detail {

bool read_value(element from, const std::string& path, const rules& rule, double& out, reason_list& wrong) {
  auto number = number_in(from);
  if (!number) {
    wrong.add(path, "must be a number");
    return false;
  }
  if (!(*number >= rule.minimum && *number <= rule.maximum)) { // so that NaN is outside
    std::string limits = "must be from ";
    events::record::write_number(limits, rule.minimum);
    limits += " to ";
    events::record::write_number(limits, rule.maximum);
    wrong.add(path, limits);
    return false;
  }
  out = std::abs(*number); // no -0
  return true;
}

bool read_value(element from, const std::string& path, const rules& rule, std::string& out,
                reason_list& wrong) {
  std::string_view text;
  if (from.get_string().get(text) != SUCCESS) {
    wrong.add(path, "must be a string");
    return false;
  }
  if (text.size() > rule.size_max) { // first, since looking for faults takes time
    wrong.add(path, sizes(rule.size_min, rule.size_max, "bytes"));
    return false;
  }
  if (auto fault = fault_in(text); !fault.empty()) {
    wrong.add(path, fault);
    return false;
  }
  out = in_one_line(text);
  if (out.size() < rule.size_min) {
    wrong.add(path, "is empty");
    return false;
  }
  return true;
}

bool read_value(element from, const std::string& path, const rules& rule, std::vector<std::string>& out,
                reason_list& wrong) {
  simdjson::dom::array items;
  if (from.get_array().get(items) != SUCCESS) {
    wrong.add(path, "must be an array of strings");
    return false;
  }
  if (items.size() < rule.size_min || items.size() > rule.size_max) {
    wrong.add(path, sizes(rule.size_min, rule.size_max, "items"));
    return false;
  }
  rules item_rule;
  item_rule.size_min = 1;
  item_rule.size_max = rule.item_size_max;
  bool is_good = true;
  out.clear();
  for (auto item : items) {
    auto here = path + "/" + std::to_string(out.size());
    is_good = read_value(item, here, item_rule, out.emplace_back(), wrong) && is_good;
  }
  return is_good;
}

} // namespace detail
} // namespace sonicmatch::actors::language_model
