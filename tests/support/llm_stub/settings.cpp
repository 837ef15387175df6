#include "tests/support/llm_stub/settings.hpp"

#include "tests/support/llm_stub/json_text.hpp"

#include <charconv>
#include <cmath>
#include <type_traits>

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr double rate_tolerance = 1e-9;

// Each read() returns whether the text can be that value, none of them negative.

template <class Number>
  requires std::is_arithmetic_v<Number>
bool read(std::string_view text, Number& out) {
  auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc{} || end != text.data() + text.size())
    return false;
  if constexpr (std::is_floating_point_v<Number>)
    return std::isfinite(out) && out >= 0;
  else
    return !(out < Number{});
}

bool read(std::string_view text, bool& out) {
  out = text == "true" || text == "1";
  return out || text == "false" || text == "0";
}

bool read(std::string_view text, std::string& out) {
  out = text;
  // They become header fields, where a line break would begin another.
  return text.find_first_of("\r\n") == std::string_view::npos;
}

bool read(std::string_view text, fault& out) {
  auto found = fault_of(text);
  out = found.value_or(fault::none);
  return found.has_value();
}

template <class T>
bool read(std::string_view text, std::vector<T>& out) {
  out.clear();
  while (!text.empty()) {
    auto comma = std::min(text.find(','), text.size());
    if (!read(text.substr(0, comma), out.emplace_back()))
      return false;
    text.remove_prefix(std::min(comma + 1, text.size()));
  }
  return true;
}

void write(std::string& out, double value) {
  append_number(out, value);
}

template <class Integer>
  requires std::is_integral_v<Integer>
void write(std::string& out, Integer value) {
  if constexpr (std::is_same_v<Integer, bool>)
    out += value ? "true" : "false";
  else
    out += std::to_string(value);
}

void write(std::string& out, const std::string& value) {
  append_quoted(out, value);
}

void write(std::string& out, fault value) {
  append_quoted(out, name_of(value));
}

template <class T>
void write(std::string& out, const std::vector<T>& values) {
  out += '[';
  for (const auto& each : values) {
    if (&each != values.data())
      out += ',';
    write(out, each);
  }
  out += ']';
}

struct entry {
  std::string_view name;
  bool (*read_into)(settings& values, std::string_view text);
  void (*write_from)(const settings& values, std::string& out);
};

template <auto Member>
constexpr entry entry_of(std::string_view name) {
  return {name, [](settings& values, std::string_view text) { return read(text, values.*Member); },
          [](const settings& values, std::string& out) { write(out, values.*Member); }};
}

using s = settings;
constexpr std::array entries{
  entry_of<&s::latency_ms>("latency_ms"),
  entry_of<&s::latency_median_ms>("latency_median_ms"),
  entry_of<&s::latency_sigma>("latency_sigma"),
  entry_of<&s::seed>("seed"),
  entry_of<&s::next>("next"),
  entry_of<&s::repair_faults>("repair_faults"),
  entry_of<&s::error_status>("error_status"),
  entry_of<&s::error_spend_limit>("error_spend_limit"),
  entry_of<&s::retry_after_s>("retry_after_s"),
  entry_of<&s::retry_after_ms>("retry_after_ms"),
  entry_of<&s::should_retry>("should_retry"),
  entry_of<&s::drip_ms>("drip_ms"),
  entry_of<&s::outside_headphone>("outside_headphone"),
  entry_of<&s::key>("key"),
  entry_of<&s::echo_key>("echo_key"),
  entry_of<&s::strict_models>("strict_models"),
  entry_of<&s::cache_tokens_min>("cache_tokens_min"),
  entry_of<&s::reasoning_tokens>("reasoning_tokens"),
};

std::optional<std::string> assign_one(settings& values, std::string name, std::string_view text) {
  std::replace(name.begin(), name.end(), '-', '_');
  auto refused = "\"" + std::string{text} + "\" is no value for " + name + ".";
  if (auto which = fault_of(name); which && *which != fault::none) {
    auto& rate = values.rates[static_cast<std::size_t>(*which)];
    return read(text, rate) && rate <= 1 ? std::nullopt : std::optional{refused};
  }
  const auto* found =
    std::find_if(entries.begin(), entries.end(), [&](auto& each) { return each.name == name; });
  if (found == entries.end())
    return "There is no setting " + name + ".";
  if (!found->read_into(values, text))
    return refused;
  if (name == "latency_ms" && values.latency_ms > 0)
    values.latency_median_ms = 0;
  if (name == "latency_median_ms" && values.latency_median_ms > 0)
    values.latency_ms = 0;
  return std::nullopt;
}

std::optional<std::string> check(const settings& values) {
  double sum = 0;
  for (auto rate : values.rates)
    sum += rate;
  if (sum > 1 + rate_tolerance)
    return "The rates of all faults together are more than 1.";
  if (values.error_status < 400 || values.error_status > 599)
    return "error_status must be from 400 to 599.";
  if (std::max(values.latency_ms, values.latency_median_ms) > latency_ms_max)
    return "A latency must be an hour at most.";
  return std::nullopt;
}

} // namespace

std::optional<std::string> assign(settings& values, const assignments& wanted) {
  auto changed = values;
  for (const auto& [name, text] : wanted)
    if (auto wrong = assign_one(changed, name, text))
      return wrong;
  if (auto wrong = check(changed))
    return wrong;
  values = std::move(changed);
  return std::nullopt;
}

std::string to_json(const settings& values) {
  std::string out;
  object_writer writer{out};
  for (const auto& each : entries)
    if (each.name == "key")
      writer.boolean("has_key", !values.key.empty());
    else
      each.write_from(values, writer.value_of(each.name));
  for (std::size_t i = 1; i < fault_count; ++i)
    append_number(writer.value_of(fault_names[i]), values.rates[i]);
  writer.close();
  return out;
}

} // namespace sonicmatch::tests::llm_stub
