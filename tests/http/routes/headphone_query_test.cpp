#include "http/routes/headphone_query.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::http;
using namespace sonicmatch::events::catalog;

namespace {

using slugs = std::vector<std::string>;

headphone make(std::string slug, std::int64_t price, std::optional<int> year) {
  auto out = tests::sample_headphone(std::move(slug));
  out.price_usd = {price * 100};
  out.release_year = year;
  return out;
}

/// Three that differ in everything that can be asked for.
snapshot catalog() {
  auto open = make("hifiman-arya", 999, 2021);
  open.brand = "HIFIMAN";
  open.model = "Arya";
  auto wireless = make("sony-wh-1000xm5", 349, 2022);
  wireless.brand = "Sony";
  wireless.model = "WH-1000XM5";
  wireless.back = back::closed;
  wireless.wireless = wireless.anc = true;
  wireless.genres = {genre::pop};
  wireless.use_cases = {use_case::commuting};
  auto buds = make("etymotic-er2xr", 99, std::nullopt);
  buds.brand = "etymotic";
  buds.model = "ER2XR";
  buds.form_factor = form_factor::in_ear;
  buds.back = back::closed;
  buds.genres = {genre::rock, genre::jazz};
  return snapshot{{open, wireless, buds}, 1};
}

slugs selected(std::string_view query) {
  auto given = query_parameters::parse(query);
  REQUIRE(given);
  events::record::violations wrong;
  auto wanted = read_headphone_query(*given, wrong);
  CAPTURE(query);
  REQUIRE(wanted);
  CHECK(wrong.empty());
  auto listed = catalog();
  slugs out;
  for (auto i : select(listed, *wanted))
    out.push_back(listed.all()[i].slug);
  return out;
}

events::record::violations wrong_in(std::string_view query) {
  auto given = query_parameters::parse(query);
  REQUIRE(given);
  events::record::violations wrong;
  auto wanted = read_headphone_query(*given, wrong);
  CHECK(wanted.has_value() == wrong.empty());
  return wrong;
}

const slugs all{"etymotic-er2xr", "hifiman-arya", "sony-wh-1000xm5"};
const std::string arya = "hifiman-arya";
const std::string sony = "sony-wh-1000xm5";
const std::string buds = "etymotic-er2xr";

} // namespace

TEST_CASE("without parameters everything is listed by name, in any case", "[http][headphone_query]") {
  CHECK(selected("") == all);
}

TEST_CASE("each filter keeps what it names", "[http][headphone_query]") {
  CHECK(selected("type=in_ear") == slugs{buds});
  CHECK(selected("type=on_ear").empty());
  CHECK(selected("brand=SONY") == slugs{sony});
  CHECK(selected("brand=son").empty());
  CHECK(selected("price_min=349") == slugs{arya, sony});
  CHECK(selected("price_min=349.01") == slugs{arya});
  CHECK(selected("price_max=349") == slugs{buds, sony});
  CHECK(selected("price_max=348.99") == slugs{buds});
  CHECK(selected("wireless=true") == slugs{sony});
  CHECK(selected("wireless=false") == slugs{buds, arya});
  CHECK(selected("anc=true") == slugs{sony});
  CHECK(selected("anc=false") == slugs{buds, arya});
  CHECK(selected("back=closed") == slugs{buds, sony});
  CHECK(selected("genre=jazz") == slugs{buds, arya});
  CHECK(selected("use_case=commuting") == slugs{sony});
}

TEST_CASE("a search finds words of brand, model and slug, all of them", "[http][headphone_query]") {
  CHECK(selected("q=arya") == slugs{arya});
  CHECK(selected("q=WH-1000") == slugs{sony});
  CHECK(selected("q=sony+xm5") == slugs{sony});
  CHECK(selected("q=++sony++") == slugs{sony});
  CHECK(selected("q=sony+arya").empty());
  CHECK(selected("q=") == all);
  CHECK(selected("q=+") == all);
}

TEST_CASE("of a filter given several times any may hold, and all filters must", "[http][headphone_query]") {
  CHECK(selected("brand=sony&brand=hifiman") == slugs{arya, sony});
  CHECK(selected("genre=pop&genre=rock") == slugs{buds, sony});
  CHECK(selected("genre=pop&genre=rock&wireless=true") == slugs{sony});
  CHECK(selected("type=over_ear&type=in_ear") == all);
  CHECK(selected("price_min=100&price_max=500&anc=false").empty());
}

TEST_CASE("a list is sorted as asked, and what is unknown comes last", "[http][headphone_query]") {
  CHECK(selected("sort=price") == slugs{buds, sony, arya});
  CHECK(selected("sort=-price") == slugs{arya, sony, buds});
  CHECK(selected("sort=name") == all);
  CHECK(selected("sort=newest") == slugs{sony, arya, buds});
}

TEST_CASE("equals are in order of slug", "[http][headphone_query]") {
  snapshot listed{{make("c", 5, 2000), make("a", 5, 2000), make("b", 5, 2000)}, 1};
  for (auto order : {headphone_order::price, headphone_order::price_descending, headphone_order::name,
                     headphone_order::newest}) {
    headphone_query wanted;
    wanted.order = order;
    CHECK(select(listed, wanted) == std::vector<std::size_t>{0, 1, 2});
  }
}

TEST_CASE("paging is read, with defaults", "[http][headphone_query]") {
  auto read = [](std::string_view query) {
    auto given = query_parameters::parse(query);
    events::record::violations wrong;
    return *read_headphone_query(*given, wrong);
  };
  CHECK(read("").page == 1);
  CHECK(read("").page_size == 20);
  CHECK(read("page=3&page_size=100").page == 3);
  CHECK(read("page=3&page_size=100").page_size == 100);
}

TEST_CASE("each wrong value is refused by its parameter's name", "[http][headphone_query]") {
  const std::pair<std::string_view, std::string_view> mistakes[] = {{"type=over-ear", "type"},
                                                                    {"type=", "type"},
                                                                    {"wireless=yes", "wireless"},
                                                                    {"wireless=", "wireless"},
                                                                    {"anc=1", "anc"},
                                                                    {"back=shut", "back"},
                                                                    {"genre=shoegaze", "genre"},
                                                                    {"use_case=x", "use_case"},
                                                                    {"sort=cheap", "sort"},
                                                                    {"sort=", "sort"},
                                                                    {"page=0", "page"},
                                                                    {"page=-1", "page"},
                                                                    {"page=1.5", "page"},
                                                                    {"page=x", "page"},
                                                                    {"page=", "page"},
                                                                    {"page=1000001", "page"},
                                                                    {"page_size=0", "page_size"},
                                                                    {"page_size=101", "page_size"},
                                                                    {"price_min=-1", "price_min"},
                                                                    {"price_min=x", "price_min"},
                                                                    {"price_min=", "price_min"},
                                                                    {"price_max=nan", "price_max"},
                                                                    {"price_max=inf", "price_max"},
                                                                    {"price_max=100001", "price_max"},
                                                                    {"price_max=5%20", "price_max"},
                                                                    {"colour=red", "colour"},
                                                                    {"page=99999999999999999999999", "page"}};
  for (auto [query, name] : mistakes) {
    CAPTURE(query);
    auto wrong = wrong_in(query);
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].pointer == name);
    CHECK_FALSE(wrong[0].detail.empty());
  }
  CHECK(wrong_in("q=" + std::string(201, 'x')).size() == 1);
  CHECK(wrong_in("q=" + std::string(200, 'x')).empty());
}

TEST_CASE("every wrong parameter is listed at once", "[http][headphone_query]") {
  CHECK(wrong_in("type=x&page=0&sort=y&colour=red").size() == 4);
}

TEST_CASE("a parameter that has one value may not have two", "[http][headphone_query]") {
  for (auto query : {"page=1&page=2", "sort=name&sort=name", "wireless=true&wireless=false", "q=a&q=b"}) {
    auto wrong = wrong_in(query);
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].code == "duplicate_field");
  }
}

TEST_CASE("a least price over the most is refused naming both", "[http][headphone_query]") {
  auto wrong = wrong_in("price_min=500&price_max=499");
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].pointer == "price_min");
  CHECK(wrong[1].pointer == "price_max");
  CHECK(wrong_in("price_min=500&price_max=500").empty());
}
