#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::headphones::headphone_row;
namespace catalog = events::catalog;

const std::vector<std::string> columns{"id",          "slug",      "brand",    "model",      "core",
                                       "form_factor", "back",      "driver",   "wireless",   "anc",
                                       "microphone",  "price_usd", "msrp_usd", "price_tier", "release_year",
                                       "genres",      "use_cases", "document", "\"offset\""};

template <class Enum>
std::string word(Enum value) {
  return std::string{events::record::name_of(value)};
}

template <class Enum>
std::string words(const std::vector<Enum>& values) {
  array_literal out;
  for (auto each : values)
    out.add(events::record::name_of(each));
  return std::move(out).finish();
}

/// Dollars with two decimals.
std::string amount(events::usd value) {
  auto cents = std::to_string(value.cents % 100);
  return std::to_string(value.cents / 100) + (cents.size() < 2 ? ".0" : ".") + cents;
}

const char* flag(bool value) {
  return value ? "t" : "f";
}

void write(copy_stream& out, const headphone_row& row) {
  const auto& h = row.listed->headphone;
  std::string slug, brand, model, document;
  auto year = h.release_year ? std::to_string(*h.release_year) : std::string{};
  out.write(to_string(row.id), storable(h.slug, slug), storable(h.brand, brand), storable(h.model, model),
            flag(h.core), word(h.form_factor), word(h.back), word(h.driver), flag(h.wireless), flag(h.anc),
            flag(h.microphone), amount(h.price_usd), amount(h.msrp_usd), word(h.price_tier),
            h.release_year ? year.c_str() : static_cast<const char*>(nullptr), words(h.genres),
            words(h.use_cases), storable(row.listed->document, document), row.at.value);
}

void remove_retired(pqxx::transaction_base& within, const std::vector<headphone_row>& rows) {
  array_literal ids, offsets;
  auto some = false;
  for (const auto& row : rows)
    if (!row.listed) {
      ids.add(to_string(row.id));
      offsets.add(row.at.value);
      some = true;
    }
  if (some)
    within.exec_prepared("remove_headphones", std::move(ids).finish(), std::move(offsets).finish());
}

} // namespace

void prepare_headphones(pqxx::connection& open) {
  open.prepare("remove_headphones", R"(
    delete from headphones using unnest($1::uuid[], $2::bigint[]) as retired (id, "offset")
    where headphones.id = retired.id and headphones."offset" < retired."offset")");
  open.prepare("take_staged_headphones", R"(
    insert into headphones select * from staged_headphones
    on conflict (id) do update set
      slug = excluded.slug, brand = excluded.brand, model = excluded.model, core = excluded.core,
      form_factor = excluded.form_factor, back = excluded.back, driver = excluded.driver,
      wireless = excluded.wireless, anc = excluded.anc, microphone = excluded.microphone,
      price_usd = excluded.price_usd, msrp_usd = excluded.msrp_usd, price_tier = excluded.price_tier,
      release_year = excluded.release_year, genres = excluded.genres, use_cases = excluded.use_cases,
      document = excluded.document, "offset" = excluded."offset"
    where excluded."offset" > headphones."offset")");
}

void write_rows(pqxx::transaction_base& within, const std::vector<headphone_row>& rows, copy_path) {
  remove_retired(within, rows);
  if (std::none_of(rows.begin(), rows.end(), [](const auto& row) { return row.listed.has_value(); }))
    return;
  copy_stream out{within, "staged_headphones", columns};
  for (const auto& row : rows)
    if (row.listed)
      write(out, row);
  out.complete();
  within.exec_prepared("take_staged_headphones");
}

} // namespace sonicmatch::infra::postgres
