#include "http/routes/headphone_query.hpp"

#include "http/ascii.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace sonicmatch::http {

namespace {

namespace catalog = events::catalog;
namespace record = events::record;

std::string lowered(std::string_view text) {
  std::string out{text};
  for (auto& c : out)
    c = to_lower(c);
  return out;
}

class parameter_reader {
public:
  explicit parameter_reader(record::violations& wrong)
    : wrong_(wrong) {}

  void report(std::string_view name, std::string_view code, std::string detail) {
    wrong_.push_back({std::string{name}, std::string{code}, std::move(detail)});
  }

  template <class Enum>
  std::optional<Enum> word(std::string_view name, std::string_view text) {
    const auto& known = names(Enum{});
    for (std::size_t i = 0; i < known.size(); ++i)
      if (known[i] == text)
        return static_cast<Enum>(i);
    std::string all;
    for (auto each : known)
      all += (all.empty() ? "" : ", ") + std::string{each};
    report(name, "not_allowed", "must be one of: " + all);
    return std::nullopt;
  }

  template <class Enum>
  void words(std::string_view name, std::string_view text, std::vector<Enum>& out) {
    if (auto value = word<Enum>(name, text))
      out.push_back(*value);
  }

  void flag(std::string_view name, std::string_view text, std::optional<bool>& out) {
    if (text == "true" || text == "false")
      out = text == "true";
    else
      report(name, "wrong_type", "must be true or false");
  }

  void money(std::string_view name, std::string_view text, std::optional<events::usd>& out) {
    double value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || !(value >= 0 && value <= 100'000))
      return report(name, "out_of_range", "must be a number between 0 and 100000");
    out = events::usd{std::llround(value * 100)};
  }

  void count(std::string_view name, std::string_view text, std::size_t maximum, std::size_t& out) {
    std::size_t value = 0;
    auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (failure != std::errc{} || end != text.data() + text.size() || value < 1 || value > maximum)
      return report(name, "out_of_range", "must be a whole number between 1 and " + std::to_string(maximum));
    out = value;
  }

private:
  record::violations& wrong_;
};

void read_words(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    if (end > 0)
      out.push_back(lowered(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

constexpr std::size_t page_max = 1'000'000;
constexpr std::size_t search_bytes_max = 200;

void read_parameter(parameter_reader& in, std::string_view name, std::string_view text,
                    headphone_query& out) {
  if (name == "type")
    in.words(name, text, out.types);
  else if (name == "brand")
    out.brands.push_back(lowered(text));
  else if (name == "price_min")
    in.money(name, text, out.price_min);
  else if (name == "price_max")
    in.money(name, text, out.price_max);
  else if (name == "wireless")
    in.flag(name, text, out.wireless);
  else if (name == "anc")
    in.flag(name, text, out.anc);
  else if (name == "back")
    in.words(name, text, out.backs);
  else if (name == "genre")
    in.words(name, text, out.genres);
  else if (name == "use_case")
    in.words(name, text, out.use_cases);
  else if (name == "q" && text.size() > search_bytes_max)
    in.report(name, "wrong_size", "must be at most " + std::to_string(search_bytes_max) + " bytes long");
  else if (name == "q")
    read_words(text, out.words);
  else if (name == "sort")
    out.order = in.word<headphone_order>(name, text).value_or(out.order);
  else if (name == "page")
    in.count(name, text, page_max, out.page);
  else if (name == "page_size")
    in.count(name, text, page_size_max, out.page_size);
  else
    in.report(name, "unknown_field", "is not a parameter of this operation");
}

template <class T>
bool allows(const std::vector<T>& wanted, const T& value) {
  return wanted.empty() || std::find(wanted.begin(), wanted.end(), value) != wanted.end();
}

template <class T>
bool overlaps(const std::vector<T>& wanted, const std::vector<T>& present) {
  return wanted.empty()
         || std::find_first_of(wanted.begin(), wanted.end(), present.begin(), present.end()) != wanted.end();
}

bool matches(const catalog::headphone& each, const headphone_query& wanted) {
  if (!allows(wanted.types, each.form_factor) || !allows(wanted.backs, each.back)
      || (wanted.wireless && *wanted.wireless != each.wireless) || (wanted.anc && *wanted.anc != each.anc)
      || (wanted.price_min && each.price_usd < *wanted.price_min)
      || (wanted.price_max && each.price_usd > *wanted.price_max) || !overlaps(wanted.genres, each.genres)
      || !overlaps(wanted.use_cases, each.use_cases))
    return false;
  if (!wanted.brands.empty() && !allows(wanted.brands, lowered(each.brand)))
    return false;
  if (wanted.words.empty())
    return true;
  auto text = lowered(each.brand + ' ' + each.model + ' ' + each.slug);
  return std::all_of(wanted.words.begin(), wanted.words.end(),
                     [&](const auto& word) { return text.find(word) != std::string::npos; });
}

bool comes_before(const catalog::headphone& a, const catalog::headphone& b, headphone_order order) {
  switch (order) {
  case headphone_order::price:
    return a.price_usd < b.price_usd;
  case headphone_order::price_descending:
    return b.price_usd < a.price_usd;
  case headphone_order::newest:
    return a.release_year.value_or(0) > b.release_year.value_or(0);
  default:
    auto brands = lowered(a.brand).compare(lowered(b.brand));
    return brands != 0 ? brands < 0 : lowered(a.model) < lowered(b.model);
  }
}

} // namespace

std::optional<headphone_query> read_headphone_query(const query_parameters& given,
                                                    record::violations& wrong) {
  headphone_query out;
  parameter_reader in{wrong};
  std::vector<std::string_view> once;
  for (const auto& [name, value] : given.all()) {
    auto repeatable =
      name == "type" || name == "brand" || name == "back" || name == "genre" || name == "use_case";
    if (!repeatable && std::find(once.begin(), once.end(), name) != once.end()) {
      in.report(name, "duplicate_field", "is given twice");
      continue;
    }
    once.push_back(name);
    read_parameter(in, name, value, out);
  }
  if (out.price_min && out.price_max && *out.price_min > *out.price_max) {
    in.report("price_min", "inconsistent", "must not be more than price_max");
    in.report("price_max", "inconsistent", "must not be less than price_min");
  }
  if (!wrong.empty())
    return std::nullopt;
  return out;
}

std::vector<std::size_t> select(const catalog::snapshot& listed, const headphone_query& wanted) {
  std::vector<std::size_t> out;
  const auto& all = listed.all();
  for (std::size_t i = 0; i < all.size(); ++i)
    if (matches(all[i], wanted))
      out.push_back(i);
  std::stable_sort(out.begin(), out.end(),
                   [&](auto a, auto b) { return comes_before(all[a], all[b], wanted.order); });
  return out;
}

} // namespace sonicmatch::http
