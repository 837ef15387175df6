#pragma once

#include "events/record/writer.hpp"
#include "http/operation.hpp"
#include "http/query.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Query parameters from a declared record: what reads them is what OpenAPI shows. A
/// vector takes its parameter several times; any other field takes it once. No field is
/// required: what is absent keeps its initial value.
namespace sonicmatch::http {

namespace detail {

using events::record::rules;
using events::record::violations;

/// Each reports what is wrong under the parameter's name, and returns whether nothing was.
[[nodiscard]] bool read_flag(std::string_view name, std::string_view text, violations& wrong, bool& out);
[[nodiscard]] bool read_decimal(std::string_view name, std::string_view text, const rules& rule,
                                violations& wrong, double& out);
[[nodiscard]] bool read_whole(std::string_view name, std::string_view text, const rules& rule,
                              violations& wrong, std::int64_t& out);
[[nodiscard]] bool read_text(std::string_view name, std::string_view text, const rules& rule,
                             violations& wrong, std::string& out);
[[nodiscard]] bool read_word(std::string_view name, std::string_view text,
                             std::span<const std::string_view> known, violations& wrong, std::size_t& out);

template <class T>
bool read_parameter(std::string_view name, std::string_view text, const rules& rule, violations& wrong,
                    T& out) {
  using namespace events::record::detail;
  if constexpr (is_optional<T>) {
    return read_parameter(name, text, rule, wrong, out.emplace());
  } else if constexpr (is_vector<T>) {
    rules each = rule;
    each.size_min = rule.item_size_max == rules{}.item_size_max ? 0 : 1;
    each.size_max = rule.item_size_max;
    if (out.size() >= rule.size_max) {
      wrong.push_back({std::string{name}, "wrong_size",
                       "may be given at most " + std::to_string(rule.size_max) + " times"});
      return false;
    }
    return read_parameter(name, text, each, wrong, out.emplace_back());
  } else if constexpr (std::is_same_v<T, bool>) {
    return read_flag(name, text, wrong, out);
  } else if constexpr (events::record::named_enum<T>) {
    std::size_t place = 0;
    if (!read_word(name, text, names(T{}), wrong, place))
      return false;
    out = static_cast<T>(place);
    return true;
  } else if constexpr (std::is_same_v<T, events::usd>) {
    double dollars = 0;
    if (!read_decimal(name, text, rule, wrong, dollars))
      return false;
    out.cents = std::llround(dollars * 100);
    return true;
  } else if constexpr (std::is_integral_v<T>) {
    std::int64_t number = 0;
    if (!read_whole(name, text, rule, wrong, number))
      return false;
    out = static_cast<T>(number);
    return true;
  } else {
    static_assert(std::is_same_v<T, std::string>, "no parameter can have this type");
    return read_text(name, text, rule, wrong, out);
  }
}

/// The schema of a parameter: as of the field, without the null that a query cannot say.
template <class T>
std::string parameter_schema(events::record::schema_writer& writer, const rules& rule) {
  if constexpr (events::record::detail::is_optional<T>)
    return writer.schema<typename T::value_type>(rule);
  else
    return writer.schema<T>(rule);
}

} // namespace detail

/// Reads the parameters. Nothing when one is wrong or unknown, or given twice and no
/// vector; `wrong` lists all of them, each with the parameter's name as its pointer.
template <events::record::declared T>
[[nodiscard]] std::optional<T> read_query(const query_parameters& given, events::record::violations& wrong) {
  using namespace events::record;
  T out{};
  auto before = wrong.size();
  std::vector<std::string_view> seen;
  for (const auto& [given_name, given_text] : given.all()) {
    auto name = given_name;
    auto text = given_text;
    auto one = [&](const auto& field) {
      using member = std::decay_t<decltype(out.*field.member)>;
      if (field.name != name)
        return false;
      auto again = std::find(seen.begin(), seen.end(), name) != seen.end();
      if (again && !events::record::detail::is_vector<member>)
        wrong.push_back({std::string{name}, "duplicate_field", "is given twice"});
      else
        (void)detail::read_parameter(name, text, field.rule, wrong, out.*field.member);
      return true;
    };
    if (!std::apply([&](const auto&... all) { return (one(all) || ...); }, fields_of<T>))
      wrong.push_back({std::string{name}, "unknown_field", "is not a parameter of this operation"});
    seen.push_back(name);
  }
  if constexpr (requires { T::check(out, std::string{}, wrong); })
    if (wrong.size() == before)
      T::check(out, {}, wrong);
  return wrong.size() == before ? std::optional{std::move(out)} : std::nullopt;
}

/// The same parameters, as OpenAPI shows them.
template <events::record::declared T>
[[nodiscard]] std::vector<operation_parameter> query_parameters_of() {
  using namespace events::record;
  std::vector<operation_parameter> out;
  auto one = [&](const auto& field) {
    using member = std::decay_t<decltype(std::declval<T>().*field.member)>;
    operation_parameter made;
    made.name = field.name;
    made.description = field.rule.description;
    made.schema = detail::parameter_schema<member>;
    made.rule = field.rule;
    made.rule.description = {};
    made.rule.example = {};
    made.example = field.rule.example;
    if constexpr (!events::record::detail::is_optional<member> && !events::record::detail::is_vector<member>)
      made.default_value = to_json(T{}.*field.member);
    out.push_back(std::move(made));
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, fields_of<T>);
  return out;
}

} // namespace sonicmatch::http
