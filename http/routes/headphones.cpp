#include "events/record/writer.hpp"
#include "http/routes/documentation.hpp"
#include "http/routes/headphone_query.hpp"
#include "http/routes/page_cache.hpp"
#include "http/routes/query_reading.hpp"
#include "http/routes/reading.hpp"
#include "http/routes/routes.hpp"

namespace sonicmatch::http {

namespace {

namespace catalog = events::catalog;
namespace record = events::record;

/// A page of GET /headphones.
struct headphone_page {
  std::vector<catalog::headphone_view> items;
  std::size_t total = 0;
  std::size_t page = 1;
  std::size_t page_size = 20;

  static constexpr std::string_view record_name = "headphone_page";
  static constexpr auto declaration() {
    using record::field;
    using p = headphone_page;
    return record::fields(field("items", &p::items), field("total", &p::total).doc("over all pages"),
                          field("page", &p::page).doc("from 1"), field("page_size", &p::page_size));
  }
};

/// A headphone with its measurement and where each field comes from.
struct headphone_detail : catalog::headphone_view {
  catalog::measurement measured;
  catalog::sources sources;

  static constexpr std::string_view record_name = "headphone_detail";
  static constexpr auto declaration() {
    using record::field;
    using d = headphone_detail;
    return std::tuple_cat(catalog::headphone_view::declaration(),
                          record::fields(field("measured", &d::measured), field("sources", &d::sources)));
  }
};

response not_loaded(const request& asked) {
  problem shown{503, "temporarily_unavailable", "The catalog is not loaded yet."};
  shown.retry_after = std::chrono::seconds{1};
  return to_response(shown, asked);
}

std::string etag_of(const catalog::snapshot& listed) {
  return "\"catalog-" + std::to_string(listed.version()) + '"';
}

response catalog_response(body document, const catalog::snapshot& listed, const request& asked) {
  auto etag = etag_of(listed);
  auto made = json_response(std::move(document), cache_policy::revalidate);
  if (matches_etag(asked, etag)) {
    made = response{};
    made.status = 304;
    made.content_type = {};
    made.cache = cache_policy::revalidate;
  }
  made.headers.push_back({"ETag", std::move(etag)});
  return made;
}

std::string render_page(const catalog::snapshot& listed, const headphone_query& wanted) {
  auto selected = select(listed, wanted);
  headphone_page out;
  out.total = selected.size();
  out.page = wanted.page;
  out.page_size = wanted.page_size;
  auto first = std::min((wanted.page - 1) * wanted.page_size, selected.size());
  auto last = std::min(first + wanted.page_size, selected.size());
  for (auto i = first; i < last; ++i)
    out.items.push_back(listed.views()[selected[i]]);
  return record::to_json(out);
}

response list_headphones(const route_parts& parts, page_cache& pages, const request& asked) {
  auto edition = parts.catalog->newest();
  if (!edition)
    return not_loaded(asked);
  const auto& listed = *edition->catalog;
  auto now = std::chrono::steady_clock::now();
  if (auto page = pages.find(asked.query_string(), listed.version(), now))
    return catalog_response(std::move(page), listed, asked);
  auto given = asked.query();
  if (!given)
    return problem_for(given.error(), asked);
  record::violations wrong;
  auto wanted = read_headphone_query(*given, wrong);
  if (!wanted)
    return refuse(wrong, asked);
  auto page = std::make_shared<const std::string>(render_page(listed, *wanted));
  pages.put(asked.query_string(), listed.version(), page, now);
  return catalog_response(std::move(page), listed, asked);
}

response find_headphone(const route_parts& parts, const request& asked) {
  auto edition = parts.catalog->newest();
  if (!edition)
    return not_loaded(asked);
  const auto* found = edition->catalog->find(asked.parameter("id_or_slug"));
  if (found == nullptr)
    return not_found(asked, "The catalog has no headphone with this id or slug.");
  auto document = record::to_json(headphone_detail{{view_of(*found)}, found->measured, found->sources});
  return catalog_response(std::move(document), *edition->catalog, asked);
}

operation list_operation() {
  operation out;
  out.tag = "catalog";
  out.summary = "List headphones";
  out.description =
    "A page of the catalog. All filters that are given must hold; of one that is given several "
    "times, any may.";
  out.parameters = query_parameters_of<headphone_query>();
  out.parameters.push_back(if_none_match_parameter());
  out.answers = {{200,
                  "The page.",
                  schema_of<headphone_page>,
                  example_of("headphone_page"),
                  {"ETag"},
                  {{"find_headphone", "id_or_slug", "$response.body#/items/0/slug"}}},
                 {304, "The catalog is still as If-None-Match names it.", nullptr, {}, {"ETag"}}};
  out.problems = {422};
  return out;
}

operation find_operation() {
  operation out;
  out.tag = "catalog";
  out.summary = "Find a headphone";
  out.description = "One headphone, with its measurement and where each field comes from.";
  record::rules slug;
  slug.size_min = 1;
  out.parameters = {{parameter_place::path, "id_or_slug", "its id, or its slug", schema_of<std::string>, slug,
                     R"("sennheiser-hd-560s")"},
                    if_none_match_parameter()};
  out.answers = {
    {200, "The headphone.", schema_of<headphone_detail>, example_of("headphone_detail"), {"ETag"}},
    {304, "The catalog is still as If-None-Match names it.", nullptr, {}, {"ETag"}}};
  out.problems = {404};
  return out;
}

} // namespace

void add_headphone_routes(router& routes, const route_parts& parts) {
  auto pages = std::make_shared<page_cache>();
  routes.get(
    "/api/v1/headphones", "list_headphones",
    [parts, pages](const request& asked) { return list_headphones(parts, *pages, asked); }, list_operation());
  routes.get(
    "/api/v1/headphones/{id_or_slug}", "find_headphone",
    [parts](const request& asked) { return find_headphone(parts, asked); }, find_operation());
}

} // namespace sonicmatch::http
