#pragma once

#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// Writes declared records as compact JSON, appending to a string. Absent
/// optionals are left out; every other field is written, in declared order.
namespace sonicmatch::events::record {

/// Appends `text` as a JSON string, quotes included (RFC 8259, section 7).
void write_text(std::string& out, std::string_view text);
/// Appends the shortest decimal that reads back as `value`; `value` is finite.
void write_number(std::string& out, double value);
void write_number(std::string& out, std::int64_t value);
void write_number(std::string& out, std::uint64_t value);

template <class T>
void write(std::string& out, const T& value);

namespace detail {

template <class T>
inline constexpr bool is_optional = false;
template <class T>
inline constexpr bool is_optional<std::optional<T>> = true;
template <class T>
inline constexpr bool is_vector = false;
template <class T>
inline constexpr bool is_vector<std::vector<T>> = true;
template <class T>
inline constexpr bool is_uuid_id = false;
template <class Tag>
inline constexpr bool is_uuid_id<uuid_id<Tag>> = true;
template <class T>
inline constexpr bool is_strong_number = false;
template <class Tag, class Rep>
inline constexpr bool is_strong_number<strong_number<Tag, Rep>> = true;

template <class T>
void write_fields(std::string& out, const T& value) {
  out.push_back('{');
  const auto start = out.size();
  auto one = [&](const auto& declared_field) {
    const auto& member = value.*declared_field.member;
    if constexpr (is_optional<std::decay_t<decltype(member)>>)
      if (!member)
        return;
    if (out.size() != start)
      out.push_back(',');
    out.push_back('"');
    out += declared_field.name;
    out += "\":";
    record::write(out, member);
  };
  std::apply([&](const auto&... all) { (one(all), ...); }, fields_of<T>);
  out.push_back('}');
}

template <class T>
void write_items(std::string& out, const std::vector<T>& items) {
  out.push_back('[');
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (i > 0)
      out.push_back(',');
    record::write(out, static_cast<const T&>(items[i]));
  }
  out.push_back(']');
}

} // namespace detail

template <class T>
void write(std::string& out, const T& value) {
  if constexpr (std::is_same_v<T, bool>)
    out += value ? "true" : "false";
  else if constexpr (named_enum<T>)
    write_text(out, name_of(value));
  else if constexpr (std::is_floating_point_v<T>)
    write_number(out, static_cast<double>(value));
  else if constexpr (std::is_unsigned_v<T>)
    write_number(out, static_cast<std::uint64_t>(value));
  else if constexpr (std::is_integral_v<T>)
    write_number(out, static_cast<std::int64_t>(value));
  else if constexpr (std::is_convertible_v<const T&, std::string_view>)
    write_text(out, value);
  else if constexpr (std::is_same_v<T, usd>)
    write_number(out, dollars(value));
  else if constexpr (std::is_same_v<T, json_text>)
    out += value.text;
  else if constexpr (detail::is_uuid_id<T> || std::is_same_v<T, timestamp>)
    write_text(out, to_string(value));
  else if constexpr (detail::is_strong_number<T>)
    record::write(out, value.value);
  else if constexpr (detail::is_optional<T>)
    value ? record::write(out, *value) : void(out += "null");
  else if constexpr (detail::is_vector<T>)
    detail::write_items(out, value);
  else {
    static_assert(declared<T>, "a type without a declaration cannot be written");
    detail::write_fields(out, value);
  }
}

/// The record as JSON text.
template <class T>
[[nodiscard]] std::string to_json(const T& value) {
  std::string out;
  record::write(out, value);
  return out;
}

} // namespace sonicmatch::events::record
