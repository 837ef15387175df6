#pragma once

#include "actors/language_model/provider.hpp"
#include "events/record/declaration.hpp"

#include <simdjson.h>

#include <bitset>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <vector>

/// Reads what a model answered: lenient in form, strict in content. Include it in .cpp
/// files only: it is heavy.
namespace sonicmatch::actors::language_model {

/// A longer answer is not looked at.
inline constexpr std::size_t reply_bytes_max = 256u << 10;
inline constexpr std::size_t reasons_max = 20;
inline constexpr std::size_t reason_bytes_max = 200;
/// Of a model's own text, so much is repeated in a reason at most.
inline constexpr std::size_t echo_bytes_max = 80;

/// Why something is not accepted, as sentences that go back to the model. Bounded; what
/// the model wrote is not in them, but for what echo_of() lets through.
class reason_list {
public:
  /// `path` is a JSON pointer of our own names; empty for the answer as a whole.
  void add(std::string_view path, std::string_view rule);

  /// The reasons, with `first` before them.
  [[nodiscard]] std::vector<std::string> take(std::string first);
  [[nodiscard]] std::vector<std::string> take();

private:
  std::vector<std::string> all_;
};

/// The signs of a slug in `text`, in quotation marks; nothing else that a model may have
/// written there comes through.
[[nodiscard]] std::string echo_of(std::string_view text);

/// The one object in an answer: fences and prose around it are no fault, a second object
/// is. The element is valid until the next JSON is parsed in this thread. Nothing when
/// there is no such object, or the model refused; then `wrong` has gained a reason.
[[nodiscard]] std::optional<simdjson::dom::element> find_object(std::string_view text, stop_reason stopped,
                                                                reason_list& wrong);

namespace detail {

using events::record::rules;
using simdjson::dom::element;

bool read_value(element from, const std::string& path, const rules& rule, double& out, reason_list& wrong);
bool read_value(element from, const std::string& path, const rules& rule, std::string& out,
                reason_list& wrong);
bool read_value(element from, const std::string& path, const rules& rule, std::vector<std::string>& out,
                reason_list& wrong);

} // namespace detail

/// Reads a declared form, by its declaration's rules. Numbers may be written as strings,
/// and unknown fields are ignored; everything else must be there, once, and as declared.
/// Texts come in one line, without blanks at their ends. Returns whether all is well;
/// what is not is in `wrong`.
template <events::record::declared T>
bool read_form(simdjson::dom::element from, const std::string& path, T& out, reason_list& wrong) {
  simdjson::dom::object object;
  if (from.get_object().get(object) != simdjson::SUCCESS) {
    wrong.add(path, "must be an object");
    return false;
  }
  bool is_good = true;
  std::bitset<std::tuple_size_v<std::decay_t<decltype(events::record::fields_of<T>)>>> seen;
  auto take = [&](std::size_t which, const auto& declared_field, simdjson::dom::element value) {
    auto here = path + "/" + std::string{declared_field.name};
    auto& member = out.*declared_field.member;
    if (seen[which]) {
      wrong.add(here, "must be given once");
      is_good = false;
      return;
    }
    seen.set(which);
    if constexpr (events::record::declared<std::decay_t<decltype(member)>>)
      is_good = read_form(value, here, member, wrong) && is_good;
    else
      is_good = detail::read_value(value, here, declared_field.rule, member, wrong) && is_good;
  };
  auto each_field = [](auto use) {
    std::apply(
      [&](const auto&... all) {
        std::size_t which = 0;
        (use(which++, all), ...);
      },
      events::record::fields_of<T>);
  };
  for (auto [key, value] : object) {
    std::string_view name = key;
    simdjson::dom::element found = value;
    each_field([&](std::size_t which, const auto& declared_field) {
      if (declared_field.name == name)
        take(which, declared_field, found);
    });
  }
  each_field([&](std::size_t which, const auto& declared_field) {
    if (seen[which])
      return;
    wrong.add(path + "/" + std::string{declared_field.name}, "is missing");
    is_good = false;
  });
  return is_good;
}

} // namespace sonicmatch::actors::language_model
