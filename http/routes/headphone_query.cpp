#include "http/routes/headphone_query.hpp"

#include "http/ascii.hpp"
#include "http/routes/query_reading.hpp"

#include <algorithm>

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

void read_words(std::string_view text, std::vector<std::string>& out) {
  while (!text.empty()) {
    auto end = std::min(text.find(' '), text.size());
    if (end > 0)
      out.push_back(lowered(text.substr(0, end)));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
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

void headphone_query::check(const headphone_query& value, const std::string&, record::violations& wrong) {
  if (!value.price_min || !value.price_max || *value.price_min <= *value.price_max)
    return;
  wrong.push_back({"price_min", "inconsistent", "must not be more than price_max"});
  wrong.push_back({"price_max", "inconsistent", "must not be less than price_min"});
}

std::optional<headphone_query> read_headphone_query(const query_parameters& given,
                                                    record::violations& wrong) {
  auto out = read_query<headphone_query>(given, wrong);
  if (!out)
    return out;
  for (auto& brand : out->brands)
    brand = lowered(brand);
  read_words(out->q, out->words);
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
