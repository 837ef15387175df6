#pragma once

#include "events/record/declaration.hpp"
#include "events/record/writer.hpp"

#include <map>
#include <set>
#include <string>

/// JSON Schema (2020-12) from declarations.
namespace sonicmatch::events::record {

/// What a schema tells of: what the reader takes, or what the writer writes. A reader
/// takes null for an optional field, and does without a defaulted one; a writer leaves an
/// absent optional out, and writes every other field.
enum class schema_direction : std::uint8_t { read, written };

/// Collects the schemas of records, each under its name, as other documents need
/// them: `$defs` of a JSON Schema, `components/schemas` of OpenAPI.
class schema_writer {
public:
  /// `reference_prefix` is where the definitions will stand, "#/$defs/" for one.
  explicit schema_writer(std::string reference_prefix = "#/$defs/",
                         schema_direction direction = schema_direction::read)
    : prefix_(std::move(reference_prefix))
    , direction_(direction) {}

  /// The definitions of these records get `prefix` before their names: where both
  /// directions stand in one document, and differ.
  void rename(std::set<std::string, std::less<>> records, std::string prefix) {
    renamed_ = std::move(records);
    renaming_ = std::move(prefix);
  }

  /// The schema of a value of type T, as JSON text; records become references.
  template <class T>
  [[nodiscard]] std::string schema(const rules& rule = {});

  /// Record name to its schema, as JSON text.
  [[nodiscard]] const std::map<std::string, std::string, std::less<>>& definitions() const noexcept {
    return definitions_;
  }

private:
  template <class T>
  std::string define();

  [[nodiscard]] std::string definition_name(std::string_view record_name) const {
    return renamed_.contains(record_name) ? renaming_ + std::string{record_name} : std::string{record_name};
  }

  std::string prefix_;
  schema_direction direction_;
  std::set<std::string, std::less<>> renamed_;
  std::string renaming_;
  std::map<std::string, std::string, std::less<>> definitions_;
};

/// A whole schema document for T, with its `$id`.
template <class T>
[[nodiscard]] std::string schema_document(std::string_view id) {
  schema_writer writer;
  auto root = writer.schema<T>();
  std::string out = R"({"$schema":"https://json-schema.org/draft/2020-12/schema","$id":)";
  write_text(out, id);
  out += ',' + root.substr(1, root.size() - 2) + R"(,"$defs":{)";
  bool first = true;
  for (const auto& [name, text] : writer.definitions()) {
    out += first ? "" : ",";
    write_text(out, name);
    out += ':' + text;
    first = false;
  }
  return out + "}}";
}

namespace detail {

/// `,"minimum":0,"maximum":1`
[[nodiscard]] std::string range_keywords(const rules& rule);
/// Whether its initial value tells anything. That a list or a record is empty when it is
/// absent, does not.
template <class T>
inline constexpr bool has_telling_default = !is_optional<T> && !is_vector<T> && !declared<T>;
/// The schema with its default, one level down: generators of clients take a field with a
/// default of its own for one that must be sent.
[[nodiscard]] std::string with_default(std::string schema, std::string_view json);
/// What an unsigned number adds to its rules.
template <class T>
[[nodiscard]] rules at_least_zero_if(rules rule) {
  if (std::is_unsigned_v<T> && rule.minimum < 0)
    rule.minimum = 0;
  return rule;
}
/// `,"minLength":1,"maxLength":5` with the given words.
[[nodiscard]] std::string size_keywords(std::size_t minimum, std::size_t maximum, std::string_view what);
/// `,"description":"…","examples":[…]`
[[nodiscard]] std::string notes(const rules& rule);

} // namespace detail

/// Defines the record, once, and returns the definition's name.
template <class T>
std::string schema_writer::define() {
  auto name = definition_name(T::record_name);
  if (definitions_.contains(name))
    return name;
  definitions_[name] = {}; // a record that holds itself ends here
  std::string properties;
  std::string required;
  auto one = [&](const auto& declared_field) {
    using member = std::decay_t<decltype(std::declval<T>().*declared_field.member)>;
    properties += properties.empty() ? "" : ",";
    write_text(properties, declared_field.name);
    auto is_always_there = declared_field.rule.required || direction_ == schema_direction::written;
    auto of_member = schema<member>(declared_field.rule);
    if constexpr (detail::has_telling_default<member>)
      if (!is_always_there)
        of_member = detail::with_default(std::move(of_member), to_json(T{}.*declared_field.member));
    properties += ':' + of_member;
    if (!is_always_there || detail::is_optional<member>)
      return;
    required += required.empty() ? "" : ",";
    write_text(required, declared_field.name);
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, fields_of<T>);
  definitions_[name] =
    R"({"type":"object","properties":{)" + properties + R"(},"required":[)" + required + R"(])";
  if constexpr (requires { T::fields_min; })
    definitions_[name] += R"(,"minProperties":)" + std::to_string(T::fields_min);
  definitions_[name] += R"(,"additionalProperties":false})";
  return name;
}

template <class T>
std::string schema_writer::schema(const rules& rule) {
  using namespace detail;
  std::string core;
  if constexpr (is_optional<T>) {
    if (direction_ == schema_direction::written)
      return schema<typename T::value_type>(rule);
    return R"({"anyOf":[)" + schema<typename T::value_type>(rule) + R"(,{"type":"null"}]})";
  } else if constexpr (std::is_same_v<T, bool>)
    core = R"("type":"boolean")";
  else if constexpr (named_enum<T>) {
    core = R"("type":"string","enum":[)";
    for (std::size_t i = 0; i < names(T{}).size(); ++i) {
      core += i == 0 ? "" : ",";
      write_text(core, names(T{})[i]);
    }
    core += ']';
  } else if constexpr (std::is_integral_v<T>)
    core = R"("type":"integer","format":"int)" + std::to_string(sizeof(T) > 4 ? 64 : 32) + '"'
           + range_keywords(at_least_zero_if<T>(rule));
  else if constexpr (std::is_floating_point_v<T> || std::is_same_v<T, usd>)
    core = R"("type":"number")" + range_keywords(rule);
  else if constexpr (std::is_same_v<T, std::string>)
    core = R"("type":"string")" + size_keywords(rule.size_min, rule.size_max, "Length");
  else if constexpr (std::is_same_v<T, json_text>)
    core = R"("title":"any JSON")";
  else if constexpr (std::is_same_v<T, timestamp>)
    core = R"("type":"string","format":"date-time")";
  else if constexpr (is_uuid_id<T>)
    core = R"("type":"string","format":"uuid")";
  else if constexpr (is_strong_number<T>)
    return schema<decltype(T::value)>(rule);
  else if constexpr (is_vector<T>) {
    rules item;
    item.minimum = rule.minimum;
    item.maximum = rule.maximum;
    if (rule.item_size_max != std::numeric_limits<std::size_t>::max()) {
      item.size_min = 1; // as the reader has it: a text of an array is not empty
      item.size_max = rule.item_size_max;
    }
    core = R"("type":"array","items":)" + schema<typename T::value_type>(item)
           + size_keywords(rule.size_min, rule.size_max, "Items")
           + (rule.unique ? R"(,"uniqueItems":true)" : "");
  } else {
    static_assert(declared<T>, "a type without a declaration has no schema");
    core = R"("$ref":")" + prefix_ + define<T>() + '"';
  }
  return '{' + core + notes(rule) + '}';
}

} // namespace sonicmatch::events::record
