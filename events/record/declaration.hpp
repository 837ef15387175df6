#pragma once

#include <concepts>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

/// One declaration per record. A record is a plain struct with
///
///     static constexpr std::string_view record_name = "preferences";
///     static constexpr auto declaration() {
///       return record::fields(record::field("budget_max", &preferences::budget_max).range(0, 100'000) …);
///     }
///
/// and from it come reading (reader.hpp), validation with JSON pointers, writing
/// (writer.hpp) and JSON Schema (schema.hpp). No field name is typed twice.
namespace sonicmatch::events::record {

/// What a field must satisfy beyond its type. Ranges hold for numbers, and for
/// the elements of arrays of numbers; sizes count characters of text, items of arrays.
struct rules {
  std::string_view description{};
  double minimum = -std::numeric_limits<double>::infinity();
  double maximum = std::numeric_limits<double>::infinity();
  std::size_t size_min = 0;
  std::size_t size_max = std::numeric_limits<std::size_t>::max();
  std::size_t item_size_max = std::numeric_limits<std::size_t>::max(); ///< of each text in an array
  bool required = true;
  bool unique = false; ///< items of an array may not repeat
  std::string_view example{};
};

/// One field: its name on the wire, where it lives, and its rules. std::optional
/// members are never required; `defaulted` leaves the member's initial value
/// when the field is absent.
template <class Record, class Member>
struct field_declaration {
  std::string_view name;
  Member Record::*member;
  rules rule{};

  [[nodiscard]] constexpr field_declaration doc(std::string_view text) const {
    auto copy = *this;
    copy.rule.description = text;
    return copy;
  }
  [[nodiscard]] constexpr field_declaration range(double minimum, double maximum) const {
    auto copy = *this;
    copy.rule.minimum = minimum;
    copy.rule.maximum = maximum;
    return copy;
  }
  [[nodiscard]] constexpr field_declaration size(std::size_t minimum, std::size_t maximum) const {
    auto copy = *this;
    copy.rule.size_min = minimum;
    copy.rule.size_max = maximum;
    return copy;
  }
  [[nodiscard]] constexpr field_declaration item_size(std::size_t maximum) const {
    auto copy = *this;
    copy.rule.item_size_max = maximum;
    return copy;
  }
  [[nodiscard]] constexpr field_declaration defaulted() const {
    auto copy = *this;
    copy.rule.required = false;
    return copy;
  }
  [[nodiscard]] constexpr field_declaration unique() const {
    auto copy = *this;
    copy.rule.unique = true;
    return copy;
  }
  /// `json` is the example's JSON text, for the schema.
  [[nodiscard]] constexpr field_declaration example(std::string_view json) const {
    auto copy = *this;
    copy.rule.example = json;
    return copy;
  }
};

template <class Record, class Member>
[[nodiscard]] constexpr field_declaration<Record, Member> field(std::string_view name,
                                                                Member Record::*member) {
  return {name, member};
}

template <class... Fields>
[[nodiscard]] constexpr std::tuple<Fields...> fields(Fields... all) {
  return {all...};
}

/// A struct with a declaration.
template <class T>
concept declared = requires {
  { T::record_name } -> std::convertible_to<std::string_view>;
  T::declaration();
};

/// The fields of a record, made once at compile time.
template <declared T>
inline constexpr auto fields_of = T::declaration();

/// An enum whose names on the wire are given by `names(Enum)`, found by ADL:
/// an array of texts in the order of the enumerators, which count from 0.
template <class T>
concept named_enum = std::is_enum_v<T> && requires(T value) {
  names(value).size();
};

template <named_enum Enum>
[[nodiscard]] constexpr std::string_view name_of(Enum value) {
  return names(value)[static_cast<std::size_t>(value)];
}

/// One thing wrong with a document: where (RFC 6901), what (a stable code), and
/// a sentence for people.
struct violation {
  std::string pointer;
  std::string code;
  std::string detail;

  bool operator==(const violation&) const = default;

  static constexpr std::string_view record_name = "violation";
  static constexpr auto declaration() {
    return fields(field("pointer", &violation::pointer).doc("JSON pointer to the wrong field"),
                  field("code", &violation::code).doc("what is wrong, as a stable word"),
                  field("detail", &violation::detail).doc("what is wrong, for people"));
  }
};

using violations = std::vector<violation>;

/// JSON text that is carried as it is.
struct json_text {
  std::string text = "null";

  bool operator==(const json_text&) const = default;
};

/// US dollars, held in cents. On the wire a number with at most two decimals.
struct usd {
  std::int64_t cents = 0;

  auto operator<=>(const usd&) const = default;
};

} // namespace sonicmatch::events::record

namespace sonicmatch::events {
using record::usd;

[[nodiscard]] constexpr double dollars(usd amount) noexcept {
  return static_cast<double>(amount.cents) / 100.0;
}
} // namespace sonicmatch::events
