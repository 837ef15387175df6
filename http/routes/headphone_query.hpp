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
  std::string q;
  headphone_order order = headphone_order::name;
  std::size_t page = 1;
  std::size_t page_size = 20;
  std::vector<std::string> words; ///< of `q`, lower case; each must be in brand or model

  static constexpr std::string_view record_name = "headphone_query";
  static constexpr auto declaration() {
    using events::record::field;
    using h = headphone_query;
    return events::record::fields(
      field("type", &h::types).doc("any of these forms").example(R"(["over_ear"])"),
      field("brand", &h::brands).doc("any of these brands, in any case").example(R"(["sennheiser"])"),
      field("price_min", &h::price_min).range(0, 100'000).doc("US dollars, at least").example("100"),
      field("price_max", &h::price_max).range(0, 100'000).doc("US dollars, at most").example("500"),
      field("wireless", &h::wireless).example("false"),
      field("anc", &h::anc).doc("active noise cancelling").example("false"),
      field("back", &h::backs).doc("any of these").example(R"(["open"])"),
      field("genre", &h::genres).doc("at home with any of these").example(R"(["jazz"])"),
      field("use_case", &h::use_cases).doc("good for any of these").example(R"(["critical_listening"])"),
      field("q", &h::q)
        .size(0, 200)
        .doc("words that brand and model must hold, all of them")
        .example(R"("hd 560")"),
      field("sort", &h::order).doc("newest by year of release; equals by slug").example(R"("price")"),
      field("page", &h::page).range(1, 1'000'000).doc("from 1").example("1"),
      field("page_size", &h::page_size).range(1, 100).example("20"));
  }

  /// The least price is not over the most.
  static void check(const headphone_query& value, const std::string& at, events::record::violations& wrong);
};

/// Reads the parameters. Nothing when one is wrong or unknown; `wrong` lists all
/// of them, each with the parameter's name as its pointer.
[[nodiscard]] std::optional<headphone_query> read_headphone_query(const query_parameters& given,
                                                                  events::record::violations& wrong);

/// The headphones that match, as indexes into the snapshot, in the order asked
/// for; equals in order of slug.
[[nodiscard]] std::vector<std::size_t> select(const events::catalog::snapshot& catalog,
                                              const headphone_query& wanted);

} // namespace sonicmatch::http
