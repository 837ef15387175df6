#include "actors/language_model/reply_schema.hpp"

#include "actors/language_model/reply_form.hpp"
#include "events/record/writer.hpp"

#include <limits>
#include <type_traits>

namespace sonicmatch::actors::language_model {

namespace {

using events::record::declared;
using events::record::rules;
using events::record::write_number;
using events::record::write_text;

template <class T>
inline constexpr bool is_list = false;
template <class T>
inline constexpr bool is_list<std::vector<T>> = true;

void add_number(std::string& out, std::string_view before, double value, std::string_view after) {
  out += before;
  write_number(out, value);
  out += after;
}

/// The rules that have no keyword, as words.
template <class T>
std::string limits_of(const rules& rule) {
  std::string out;
  if constexpr (std::is_floating_point_v<T>) {
    add_number(out, "; from ", rule.minimum, " to ");
    add_number(out, "", rule.maximum, "");
  } else if constexpr (std::is_same_v<T, std::string>) {
    add_number(out, "; at most ", static_cast<double>(rule.size_max), " bytes");
  } else if constexpr (std::is_same_v<T, std::vector<std::string>>) {
    add_number(out, "; at most ", static_cast<double>(rule.size_max), " items");
    add_number(out, " of at most ", static_cast<double>(rule.item_size_max), " bytes");
  }
  return out;
}

template <declared T>
void write_object(std::string& out);

/// Everything of a value's schema but the braces.
template <class T>
void write_value(std::string& out, const rules& rule) {
  if constexpr (declared<T>) {
    write_object<T>(out);
  } else if constexpr (is_list<T>) {
    out += R"("type":"array","items":{)";
    write_value<typename T::value_type>(out, {});
    out += rule.size_min > 0 ? R"(},"minItems":1)" : "}";
  } else if constexpr (std::is_floating_point_v<T>) {
    out += R"("type":"number")";
  } else {
    static_assert(std::is_same_v<T, std::string>);
    out += R"("type":"string")";
  }
  if (rule.description.empty())
    return;
  out += R"(,"description":)";
  write_text(out, std::string{rule.description} + limits_of<T>(rule) + ".");
}

template <declared T>
void write_object(std::string& out) {
  out += R"("type":"object","properties":{)";
  std::string required;
  auto add = [&]<class Field>(const Field& each) {
    using member = std::decay_t<decltype(std::declval<T>().*each.member)>;
    out += required.empty() ? "" : ",";
    required += required.empty() ? "" : ",";
    write_text(required, each.name);
    write_text(out, each.name);
    out += ":{";
    write_value<member>(out, each.rule);
    out += '}';
  };
  std::apply([&](const auto&... all) { (add(all), ...); }, events::record::fields_of<T>);
  out += R"(},"required":[)" + required + R"(],"additionalProperties":false)";
}

template <declared T>
std::string schema_of() {
  std::string out = "{";
  write_object<T>(out);
  return out + "}";
}

} // namespace

std::string recommendation_schema() {
  return schema_of<form::picks>();
}

std::string explanation_schema() {
  return schema_of<form::detailed_text>();
}

} // namespace sonicmatch::actors::language_model
