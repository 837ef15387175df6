#pragma once

#include "events/catalog/snapshot.hpp"
#include "events/record/declaration.hpp"
#include "http/query.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::http {

enum class headphone_order : std::uint8_t { price, price_descending, name, newest };
constexpr auto names(headphone_order) {
  return std::array<std::string_view, 4>{"price", "-price", "name", "newest"};
}

/// What GET /headphones may be asked for. Filters that are given must all hold;
/// of a filter given several times, any may.
struct headphone_query {
  std::vector<events::catalog::form_factor> types;
  std::vector<std::string> brands; ///< lower case
  std::optional<events::usd> price_min;
  std::optional<events::usd> price_max;
  std::optional<bool> wireless;
  std::optional<bool> anc;
  std::vector<events::catalog::back> backs;
  std::vector<events::catalog::genre> genres;
  std::vector<events::catalog::use_case> use_cases;
  std::vector<std::string> words; ///< of `q`, lower case; each must be in brand or model
  headphone_order order = headphone_order::name;
  std::size_t page = 1;
  std::size_t page_size = 20;
};

inline constexpr std::size_t page_size_max = 100;

/// Reads the parameters. Nothing when one is wrong or unknown; `wrong` lists all
/// of them, each with the parameter's name as its pointer.
[[nodiscard]] std::optional<headphone_query> read_headphone_query(const query_parameters& given,
                                                                  events::record::violations& wrong);

/// The headphones that match, as indexes into the snapshot, in the order asked
/// for; equals in order of slug.
[[nodiscard]] std::vector<std::size_t> select(const events::catalog::snapshot& catalog,
                                              const headphone_query& wanted);

} // namespace sonicmatch::http
