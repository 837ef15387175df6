#include "events/error.hpp"
#include "infra/llm/model_table.hpp"

// One source of the program reads TOML, so the parser is compiled into it, and it
// returns its errors.
#define TOML_HEADER_ONLY 1
#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <fstream>
#include <iterator>
#include <optional>

namespace sonicmatch::infra::llm {

namespace {

using actors::language_model::prices;
using actors::language_model::structured_output;

constexpr std::array<std::string_view, 4> price_names{"input_usd", "output_usd", "cache_write_usd",
                                                      "cache_read_usd"};
constexpr std::array<std::string_view, 7> other_names{"provider",          "id",
                                                      "prices_verified",   "structured_output",
                                                      "takes_temperature", "takes_forced_tool_choice",
                                                      "retires_not_before"};

constexpr double price_usd_max = 1e6;
constexpr double micro_usd_per_usd = 1e6;

/// Collects what is wrong with a file.
class mistakes {
public:
  explicit mistakes(std::string_view file)
    : file_(file) {}

  void add(const toml::source_region& where, std::string_view field, std::string_view what) {
    if (!text_.empty())
      text_ += "\n  ";
    text_.append(file_).append(":").append(std::to_string(where.begin.line)).append(" ");
    if (!field.empty())
      text_.append(field).append(": ");
    text_ += what;
  }

  [[nodiscard]] bool none() const noexcept {
    return text_.empty();
  }
  [[nodiscard]] caf::error error() && {
    return events::make_error(events::errc::bad_configuration, std::move(text_));
  }

private:
  std::string_view file_;
  std::string text_;
};

/// Reads the fields of one [[model]]. A mistake is noted, and the field has its default.
class card_reader {
public:
  card_reader(const toml::table& from, mistakes& wrong)
    : from_(from)
    , wrong_(wrong) {}

  model_card read() {
    refuse_unknown_fields();
    model_card out;
    out.provider = one_of<provider_name>("provider");
    out.id = text("id");
    out.prices = price_list();
    out.output = one_of<structured_output>("structured_output");
    out.takes_temperature = flag("takes_temperature");
    out.takes_forced_tool_choice = flag("takes_forced_tool_choice");
    if (from_.contains("retires_not_before"))
      out.retires_not_before = day("retires_not_before");
    return out;
  }

private:
  /// The field, if it has the type; `expected` says in words what that is.
  template <class T>
  const toml::value<T>* find(std::string_view field, std::string_view expected) {
    const auto* node = from_.get(field);
    if (node == nullptr) {
      wrong_.add(from_.source(), field, "is missing");
      return nullptr;
    }
    if (const auto* value = node->as<T>())
      return value;
    wrong_.add(node->source(), field, std::string{"must be "}.append(expected));
    return nullptr;
  }

  void refuse_unknown_fields() {
    for (const auto& [key, node] : from_)
      if (std::find(price_names.begin(), price_names.end(), key.str()) == price_names.end()
          && std::find(other_names.begin(), other_names.end(), key.str()) == other_names.end())
        wrong_.add(key.source(), key.str(), "is not a field of a model");
  }

  std::string text(std::string_view field) {
    const auto* value = find<std::string>(field, "a text");
    if (value == nullptr)
      return {};
    if (value->get().empty())
      wrong_.add(value->source(), field, "must not be empty");
    return value->get();
  }

  template <class Enum>
  Enum one_of(std::string_view field) {
    const auto* value = find<std::string>(field, "a text");
    if (value == nullptr)
      return {};
    constexpr auto all = names(Enum{});
    auto found = std::find(all.begin(), all.end(), value->get());
    if (found != all.end())
      return static_cast<Enum>(found - all.begin());
    std::string known;
    for (auto each : all)
      known.append(known.empty() ? "" : " or ").append(each);
    wrong_.add(value->source(), field, "must be " + known);
    return {};
  }

  bool flag(std::string_view field) {
    const auto* value = find<bool>(field, "true or false");
    return value != nullptr && value->get();
  }

  std::optional<std::chrono::sys_days> day(std::string_view field) {
    const auto* value = find<toml::date>(field, "a date such as 2026-11-24, without quotes");
    if (value == nullptr)
      return std::nullopt;
    auto date = value->get();
    return std::chrono::year_month_day{std::chrono::year{date.year}, std::chrono::month{date.month},
                                       std::chrono::day{date.day}};
  }

  std::int64_t price(std::string_view field) {
    const auto* node = from_.get(field);
    if (node == nullptr) {
      wrong_.add(from_.source(), field, "is missing");
      return 0;
    }
    auto dollars = node->is_number() ? node->value<double>() : std::nullopt;
    if (!dollars) {
      wrong_.add(node->source(), field, "must be a number");
      return 0;
    }
    if (!(*dollars >= 0 && *dollars <= price_usd_max)) { // not a number is neither
      wrong_.add(node->source(), field, "must be from 0 to 1000000");
      return 0;
    }
    return std::llround(*dollars * micro_usd_per_usd);
  }

  std::optional<prices> price_list() {
    auto is_given = [&](std::string_view field) { return from_.contains(field); };
    if (std::none_of(price_names.begin(), price_names.end(), is_given) && !is_given("prices_verified"))
      return std::nullopt;
    prices out;
    out.input = price("input_usd");
    out.output = price("output_usd");
    out.cache_write = price("cache_write_usd");
    out.cache_read = price("cache_read_usd");
    out.verified = flag("prices_verified");
    return out;
  }

  const toml::table& from_;
  mistakes& wrong_;
};

/// The [[model]] tables of a file.
std::vector<const toml::table*> models_in(const toml::table& file, mistakes& wrong) {
  std::vector<const toml::table*> out;
  for (const auto& [key, node] : file) {
    const auto* all = node.as_array();
    if (key.str() != "model")
      wrong.add(key.source(), key.str(), "is not known here: a table has nothing but [[model]]");
    else if (all == nullptr || !all->is_homogeneous(toml::node_type::table))
      wrong.add(key.source(), key.str(), "must be written [[model]]");
    else
      for (const auto& each : *all)
        out.push_back(each.as_table());
  }
  if (out.empty() && wrong.none())
    wrong.add(file.source(), {}, "has no [[model]]");
  return out;
}

} // namespace

caf::expected<std::vector<model_card>> read_model_table(std::string_view toml, std::string_view name) {
  mistakes wrong{name};
  auto parsed = toml::parse(toml, name);
  if (!parsed) {
    wrong.add(parsed.error().source(), {}, parsed.error().description());
    return std::move(wrong).error();
  }
  std::vector<model_card> out;
  std::vector<toml::source_index> lines;
  for (const auto* table : models_in(parsed.table(), wrong)) {
    auto card = card_reader{*table, wrong}.read();
    auto known = std::find_if(out.begin(), out.end(), [&](const model_card& each) {
      return each.provider == card.provider && each.id == card.id && !card.id.empty();
    });
    if (known != out.end())
      wrong.add(table->source(), "id",
                card.id + " is in line "
                  + std::to_string(lines[static_cast<std::size_t>(known - out.begin())]) + " already");
    out.push_back(std::move(card));
    lines.push_back(table->source().begin.line);
  }
  if (!wrong.none())
    return std::move(wrong).error();
  return out;
}

caf::expected<std::vector<model_card>> load_model_table(const std::string& path) {
  if (path.empty())
    return read_model_table(built_in_model_table(), "models.toml");
  std::ifstream file{path, std::ios::binary};
  std::string text{std::istreambuf_iterator<char>{file}, std::istreambuf_iterator<char>{}};
  if (!file)
    return events::make_error(events::errc::bad_configuration, path + " cannot be read");
  return read_model_table(text, path);
}

} // namespace sonicmatch::infra::llm
