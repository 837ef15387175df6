#include "tests/events/schema_validator.hpp"

#include <algorithm>
#include <cmath>

namespace sonicmatch::tests {

namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

bool is_number(element value) {
  return value.is_int64() || value.is_uint64() || value.is_double();
}

bool has_type(std::string_view type, element value) {
  if (type == "object")
    return value.is_object();
  if (type == "array")
    return value.is_array();
  if (type == "string")
    return value.is_string();
  if (type == "boolean")
    return value.is_bool();
  if (type == "null")
    return value.is_null();
  if (type == "number")
    return is_number(value);
  if (type == "integer")
    return value.is_int64() || value.is_uint64()
           || (value.is_double() && std::trunc(double{value}) == double{value});
  return false;
}

/// JSON Schema counts characters, not bytes.
std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(
    std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xc0) != 0x80; }));
}

bool all_differ(simdjson::dom::array items) {
  std::vector<std::string> seen;
  for (auto each : items) {
    auto text = simdjson::minify(each);
    if (std::find(seen.begin(), seen.end(), text) != seen.end())
      return false;
    seen.push_back(std::move(text));
  }
  return true;
}

bool contains(simdjson::dom::array texts, std::string_view wanted) {
  return std::any_of(texts.begin(), texts.end(),
                     [&](element each) { return each.is_string() && std::string_view{each} == wanted; });
}

} // namespace

bool schema_validator::accepts(std::string_view value) {
  return accepts(root_, value_parser_.parse(std::string{value}));
}

bool schema_validator::accepts(element schema, element value) const {
  simdjson::dom::object rules = schema;
  return std::all_of(rules.begin(), rules.end(),
                     [&](auto each) { return accepts_keyword(each.key, each.value, rules, value); });
}

bool schema_validator::accepts_keyword(std::string_view keyword, element rule, simdjson::dom::object schema,
                                       element value) const {
  if (keyword == "$schema" || keyword == "$id" || keyword == "$defs" || keyword == "title"
      || keyword == "description" || keyword == "examples" || keyword == "format" || keyword == "default")
    return true;
  if (keyword == "$ref")
    return accepts(root_.at_pointer(std::string_view{rule}.substr(1)), value);
  if (keyword == "allOf") {
    simdjson::dom::array parts = rule;
    return std::all_of(parts.begin(), parts.end(), [&](element each) { return accepts(each, value); });
  }
  if (keyword == "anyOf") {
    simdjson::dom::array choices = rule;
    return std::any_of(choices.begin(), choices.end(), [&](element each) { return accepts(each, value); });
  }
  if (keyword == "type")
    return has_type(rule, value);
  if (keyword == "enum")
    return value.is_string() && contains(rule, value);
  if (keyword == "minimum")
    return !is_number(value) || double{value} >= double{rule};
  if (keyword == "maximum")
    return !is_number(value) || double{value} <= double{rule};
  if (keyword == "minLength")
    return !value.is_string() || length_of(value) >= std::uint64_t{rule};
  if (keyword == "maxLength")
    return !value.is_string() || length_of(value) <= std::uint64_t{rule};
  if (value.is_array()) {
    simdjson::dom::array items = value;
    if (keyword == "items")
      return std::all_of(items.begin(), items.end(), [&](element each) { return accepts(rule, each); });
    if (keyword == "minItems")
      return items.size() >= std::uint64_t{rule};
    if (keyword == "maxItems")
      return items.size() <= std::uint64_t{rule};
    if (keyword == "uniqueItems")
      return !bool{rule} || all_differ(items);
  } else if (keyword == "items" || keyword == "minItems" || keyword == "maxItems" || keyword == "uniqueItems")
    return true;
  if (value.is_object())
    return accepts_object_keyword(keyword, rule, schema, value);
  return keyword == "properties" || keyword == "required" || keyword == "additionalProperties"
         || keyword == "minProperties";
}

bool schema_validator::accepts_object_keyword(std::string_view keyword, element rule,
                                              simdjson::dom::object schema,
                                              simdjson::dom::object value) const {
  if (keyword == "minProperties")
    return value.size() >= std::uint64_t{rule};
  if (keyword == "required") {
    simdjson::dom::array names = rule;
    return std::all_of(names.begin(), names.end(), [&](element each) {
      return value[std::string_view{each}].error() == simdjson::SUCCESS;
    });
  }
  if (keyword == "properties") {
    simdjson::dom::object properties = rule;
    return std::all_of(value.begin(), value.end(), [&](auto member) {
      element known;
      return properties[member.key].get(known) != simdjson::SUCCESS || accepts(known, member.value);
    });
  }
  if (keyword == "additionalProperties" && rule.is_bool() && !bool{rule}) {
    simdjson::dom::object properties = schema["properties"];
    return std::all_of(value.begin(), value.end(),
                       [&](auto member) { return properties[member.key].error() == simdjson::SUCCESS; });
  }
  return false;
}

} // namespace sonicmatch::tests
