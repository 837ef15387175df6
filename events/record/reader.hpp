#pragma once

#include "events/record/declaration.hpp"
#include "events/record/writer.hpp"

#include <simdjson.h>

#include <bitset>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>

/// Reads declared records with simdjson. Include it in .cpp files only: it is heavy.
namespace sonicmatch::events::record {

/// Requests refuse what they do not know; published records may have grown since.
enum class unknown_fields : std::uint8_t { refuse, ignore };

/// Nesting beyond this is refused before anything is built.
inline constexpr std::size_t nesting_max = 16;
/// Violations beyond this many are not collected.
inline constexpr std::size_t violations_max = 64;

/// Parses `json`; what is wrong with it as JSON becomes one violation at "" with
/// the code "malformed" or "too_deep". The element is valid until the next call
/// in this thread.
[[nodiscard]] std::optional<simdjson::dom::element> parse(std::string_view json, violations& wrong);

namespace detail {

/// Where the reader is, as a chain of stack frames; rendered only for a violation.
struct place {
  const place* parent = nullptr;
  std::string_view name{};
  std::size_t index = 0;
  bool is_index = false;
};

[[nodiscard]] std::string pointer_to(const place& at);

struct context {
  violations& wrong;
  unknown_fields unknown;

  void report(const place& at, std::string_view code, std::string detail) {
    if (wrong.size() < violations_max)
      wrong.push_back({pointer_to(at), std::string{code}, std::move(detail)});
  }
};

/// Whether the value is a whole number, and which. As JSON Schema has it, 5.0 is one.
[[nodiscard]] bool whole_number(simdjson::dom::element from, std::int64_t& out);
[[nodiscard]] std::string_view kind_of(simdjson::dom::element value);
void report_type(context& in, const place& at, std::string_view expected, simdjson::dom::element found);
[[nodiscard]] bool check_range(context& in, const place& at, double value, const rules& rule);
[[nodiscard]] bool check_text(context& in, const place& at, std::string_view text, std::size_t size_min,
                              std::size_t size_max);

template <class T>
bool read_value(simdjson::dom::element from, context& in, const place& at, const rules& rule, T& out);

template <class T>
bool read_integer(simdjson::dom::element from, context& in, const place& at, const rules& rule, T& out) {
  std::int64_t number = 0;
  if (!whole_number(from, number)) {
    report_type(in, at, "a whole number", from);
    return false;
  }
  if (!std::in_range<T>(number)) {
    in.report(at, "out_of_range", "does not fit");
    return false;
  }
  if (!check_range(in, at, static_cast<double>(number), rule))
    return false;
  out = static_cast<T>(number);
  return true;
}

template <class T>
bool read_enum(simdjson::dom::element from, context& in, const place& at, T& out) {
  std::string_view text;
  if (from.get_string().get(text) != simdjson::SUCCESS) {
    report_type(in, at, "a string", from);
    return false;
  }
  const auto& known = names(T{});
  for (std::size_t i = 0; i < known.size(); ++i)
    if (known[i] == text) {
      out = static_cast<T>(i);
      return true;
    }
  std::string all;
  for (auto name : known)
    all += (all.empty() ? "" : ", ") + std::string{name};
  in.report(at, "not_allowed", "must be one of: " + all);
  return false;
}

template <class T>
bool read_items(simdjson::dom::element from, context& in, const place& at, const rules& rule,
                std::vector<T>& out) {
  simdjson::dom::array items;
  if (from.get_array().get(items) != simdjson::SUCCESS) {
    report_type(in, at, "an array", from);
    return false;
  }
  if (items.size() < rule.size_min || items.size() > rule.size_max) {
    in.report(at, "wrong_size",
              "must have " + std::to_string(rule.size_min) + " to " + std::to_string(rule.size_max)
                + " items");
    return false;
  }
  rules item_rule;
  item_rule.minimum = rule.minimum;
  item_rule.maximum = rule.maximum;
  if (rule.item_size_max != std::numeric_limits<std::size_t>::max()) {
    item_rule.size_min = 1;
    item_rule.size_max = rule.item_size_max;
  }
  out.clear();
  out.reserve(items.size());
  bool good = true;
  for (auto item : items) {
    place here{&at, {}, out.size(), true};
    T value{};
    good = read_value(item, in, here, item_rule, value) && good;
    if constexpr (std::equality_comparable<T>)
      if (good && rule.unique && std::find(out.begin(), out.end(), value) != out.end()) {
        in.report(here, "repeated", "is listed twice");
        good = false;
      }
    out.push_back(std::move(value));
  }
  return good;
}

template <class T>
bool read_field(std::size_t index, simdjson::dom::element from, context& in, const place& at, T& out) {
  bool good = true;
  std::size_t i = 0;
  auto one = [&](const auto& declared_field) {
    if (i++ != index)
      return false;
    good = read_value(from, in, at, declared_field.rule, out.*declared_field.member);
    return true;
  };
  std::apply([&](const auto&... all) { (one(all) || ...); }, fields_of<T>);
  return good;
}

template <class T>
inline constexpr auto names_of_fields = std::apply([](const auto&... all) { return std::array{all.name...}; },
                                                   fields_of<T>);

/// The place of `key` among the names; looks at `expected` first, since records
/// are mostly written in the order they are declared.
template <std::size_t N>
std::size_t index_of(const std::array<std::string_view, N>& known, std::string_view key,
                     std::size_t expected) {
  for (std::size_t step = 0; step < N; ++step) {
    auto i = (expected + step) % N;
    if (known[i] == key)
      return i;
  }
  return N;
}

template <class T>
bool report_missing(context& in, const place& at, const std::bitset<64>& seen) {
  bool good = true;
  std::size_t i = 0;
  auto one = [&](const auto& declared_field) {
    using member = std::decay_t<decltype(std::declval<T>().*declared_field.member)>;
    if (!seen[i] && declared_field.rule.required && !is_optional<member>) {
      in.report({&at, declared_field.name}, "required", "is missing");
      good = false;
    }
    ++i;
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, fields_of<T>);
  return good;
}

template <class T>
bool read_record(simdjson::dom::element from, context& in, const place& at, T& out) {
  constexpr auto& known = names_of_fields<T>;
  static_assert(known.size() <= 64);
  simdjson::dom::object object;
  if (from.get_object().get(object) != simdjson::SUCCESS) {
    report_type(in, at, "an object", from);
    return false;
  }
  bool good = true;
  std::bitset<64> seen;
  std::size_t expected = 0;
  for (auto [key, value] : object) {
    place here{&at, key};
    auto index = index_of(known, key, expected);
    if (index == known.size()) {
      if (in.unknown == unknown_fields::refuse) {
        in.report(here, "unknown_field", "is not a field of " + std::string{T::record_name});
        good = false;
      }
      continue;
    }
    if (seen[index]) {
      in.report(here, "duplicate_field", "is given twice");
      good = false;
      continue;
    }
    seen.set(index);
    expected = index + 1;
    good = read_field(index, value, in, here, out) && good;
  }
  good = report_missing<T>(in, at, seen) && good;
  if constexpr (requires(violations & wrong) { T::check(out, std::string{}, wrong); })
    if (good) {
      auto before = in.wrong.size();
      T::check(out, pointer_to(at), in.wrong);
      good = in.wrong.size() == before;
    }
  return good;
}

template <class T, class Parse>
bool read_parsed_text(simdjson::dom::element from, context& in, const place& at, std::string_view expected,
                      Parse parse_text, T& out) {
  std::string_view text;
  if (from.get_string().get(text) == simdjson::SUCCESS)
    if (auto parsed = parse_text(text)) {
      out = *parsed;
      return true;
    }
  in.report(at, "wrong_format", "must be " + std::string{expected});
  return false;
}

template <class T>
bool read_value(simdjson::dom::element from, context& in, const place& at, const rules& rule, T& out) {
  if constexpr (is_optional<T>) {
    if (from.is_null()) {
      out.reset();
      return true;
    }
    return read_value(from, in, at, rule, out.emplace());
  } else if constexpr (std::is_same_v<T, bool>) {
    if (from.get_bool().get(out) == simdjson::SUCCESS)
      return true;
    report_type(in, at, "true or false", from);
    return false;
  } else if constexpr (named_enum<T>) {
    return read_enum(from, in, at, out);
  } else if constexpr (std::is_integral_v<T>) {
    return read_integer(from, in, at, rule, out);
  } else if constexpr (std::is_floating_point_v<T>) {
    double number = 0;
    if (from.get_double().get(number) != simdjson::SUCCESS) {
      report_type(in, at, "a number", from);
      return false;
    }
    out = static_cast<T>(number);
    return check_range(in, at, number, rule);
  } else if constexpr (std::is_same_v<T, usd>) {
    double number = 0;
    if (from.get_double().get(number) != simdjson::SUCCESS) {
      report_type(in, at, "a number", from);
      return false;
    }
    if (!check_range(in, at, number, rule))
      return false;
    if (std::abs(number) > 1e12) {
      in.report(at, "out_of_range", "does not fit");
      return false;
    }
    out.cents = std::llround(number * 100.0);
    return true;
  } else if constexpr (std::is_same_v<T, std::string>) {
    std::string_view text;
    if (from.get_string().get(text) != simdjson::SUCCESS) {
      report_type(in, at, "a string", from);
      return false;
    }
    out = text;
    return check_text(in, at, text, rule.size_min, rule.size_max);
  } else if constexpr (std::is_same_v<T, json_text>) {
    out.text = simdjson::minify(from);
    return true;
  } else if constexpr (std::is_same_v<T, timestamp>) {
    return read_parsed_text(from, in, at, "a time in UTC, as in 2026-11-22T14:15:39Z", parse_timestamp, out);
  } else if constexpr (is_uuid_id<T>) {
    return read_parsed_text(from, in, at, "a UUID", T::parse, out);
  } else if constexpr (is_strong_number<T>) {
    return read_value(from, in, at, rule, out.value);
  } else if constexpr (is_vector<T>) {
    return read_items(from, in, at, rule, out);
  } else {
    static_assert(declared<T>, "a type without a declaration cannot be read");
    return read_record(from, in, at, out);
  }
}

} // namespace detail

/// Reads a record from a parsed element. Nothing when anything is wrong; then
/// `wrong` has gained at least one violation, with pointers below `root`.
template <class T>
[[nodiscard]] std::optional<T> read(simdjson::dom::element from, violations& wrong, unknown_fields unknown) {
  T out{};
  detail::context in{wrong, unknown};
  if (!detail::read_value(from, in, detail::place{}, rules{}, out))
    return std::nullopt;
  return out;
}

/// Parses and reads in one go.
template <class T>
[[nodiscard]] std::optional<T> read(std::string_view json, violations& wrong, unknown_fields unknown) {
  auto parsed = parse(json, wrong);
  return parsed ? read<T>(*parsed, wrong, unknown) : std::nullopt;
}

} // namespace sonicmatch::events::record
