#include "tests/support/postgres_fixture.hpp"

#include "events/error.hpp"
#include "infra/postgres/migrations.hpp"
#include "infra/postgres/pqxx.hpp"
#include "infra/postgres/read_model_store.hpp"
#include "tests/support/catch.hpp"

#include <unistd.h>

#include <cstdlib>

#ifdef __SANITIZE_ADDRESS__
/// libpqxx 6.4 forgets the last result of a connection that the server ended.
extern "C" const char* __lsan_default_suppressions() {
  return "leak:libpqxx";
}
#endif

namespace sonicmatch::tests {

using namespace projections;

namespace {

std::string test_url() {
  const auto* url = std::getenv("SONICMATCH_TEST_POSTGRES");
  if (!url)
    throw std::runtime_error{"SONICMATCH_TEST_POSTGRES must be set: postgresql://user@host:port/database"};
  return url;
}

std::string unique_schema() {
  static int count = 0;
  return "test_" + std::to_string(::getpid()) + "_" + std::to_string(++count);
}

template <class Number>
Number number(const pqxx::field& from) {
  return {from.as<decltype(Number::value)>()};
}

template <class Id>
Id id(const pqxx::field& from) {
  return *Id::parse(from.c_str());
}

std::optional<std::string> text(const pqxx::field& from) {
  return from.is_null() ? std::nullopt : std::optional<std::string>{from.c_str()};
}

std::vector<std::string> texts(const pqxx::field& from) {
  std::vector<std::string> out;
  auto parser = from.as_array();
  for (auto next = parser.get_next(); next.first != pqxx::array_parser::done; next = parser.get_next())
    if (next.first == pqxx::array_parser::string_value)
      out.push_back(next.second);
  return out;
}

events::timestamp time(const pqxx::field& from) {
  return *events::parse_timestamp(from.c_str());
}

void read_sessions(pqxx::nontransaction& within, simulated_tables& out) {
  constexpr auto utc = R"( at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
  for (const auto& row :
       within.exec(std::string{"select id, status, document, provider, model, degraded,"}
                   + " to_char(created_at" + utc + ", to_char(completed_at" + utc
                   + ", version, partition, \"offset\", command_id, correlation_id from sessions")) {
    sessions::session_row each;
    each.id = id<events::session_id>(row[0]);
    for (std::size_t i = 0; i < names(each.status).size(); ++i)
      if (names(each.status)[i] == row[1].c_str())
        each.status = static_cast<events::session::document_status>(i);
    each.document = row[2].c_str();
    each.provider = text(row[3]);
    each.model = text(row[4]);
    if (!row[5].is_null())
      each.degraded = row[5].as<bool>();
    each.created_at = time(row[6]);
    if (!row[7].is_null())
      each.completed_at = time(row[7]);
    each.version = number<events::stream_version>(row[8]);
    each.position = {number<partition_id>(row[9]), number<log_offset>(row[10])};
    if (!row[11].is_null())
      each.command = id<events::record_id>(row[11]);
    each.correlation = id<events::correlation_id>(row[12]);
    out.sessions.emplace(each.id, each);
  }
}

void read_matches(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row :
       within.exec("select session_id, version, rank, headphone_id, overall, genre_match,"
                   " sound_profile, use_case, budget, feature_match, explanation, pros, cons,"
                   " highlights from matches order by session_id, rank")) {
    auto& kept = out.matches[id<events::session_id>(row[0])];
    kept.version = number<events::stream_version>(row[1]);
    kept.rows.push_back({row[2].as<int>(),
                         id<events::headphone_id>(row[3]),
                         {row[4].as<double>(), row[5].as<double>(), row[6].as<double>(), row[7].as<double>(),
                          row[8].as<double>(), row[9].as<double>()},
                         row[10].c_str(),
                         texts(row[11]),
                         texts(row[12]),
                         texts(row[13])});
  }
}

void read_headphones(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row :
       within.exec("select id, \"offset\", slug, (price_usd * 100)::bigint, document from headphones")) {
    headphones::headphone_row each{id<events::headphone_id>(row[0]), number<log_offset>(row[1]),
                                   headphones::listed_headphone{}};
    each.listed->headphone.slug = row[2].c_str();
    each.listed->headphone.price_usd = {row[3].as<std::int64_t>()};
    each.listed->document = row[4].c_str();
    out.headphones.emplace(each.id, each);
  }
}

void read_positions(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row : within.exec("select projection, partition, next, claim from checkpoints")) {
    checkpoint each{number<partition_id>(row[1]), number<log_offset>(row[2]), {}};
    if (!row[3].is_null())
      each.claim = number<log_offset>(row[3]);
    out.checkpoints.emplace(std::pair{std::string{row[0].c_str()}, each.partition}, each);
  }
  for (const auto& row :
       within.exec("select projection, partition, \"offset\", session_id, key, error, left_out"
                   " from parked_sessions")) {
    parked_record each{
      {number<partition_id>(row[1]), number<log_offset>(row[2])}, {}, row[4].c_str(), row[5].c_str()};
    if (!row[3].is_null())
      each.session = id<events::session_id>(row[3]);
    out.parked.emplace(std::pair{std::string{row[0].c_str()}, each.position},
                       kept_parked_record{each, row[6].as<std::uint64_t>()});
  }
}

} // namespace

postgres_schema::postgres_schema()
  : name_(unique_schema()) {
  pqxx::connection open{test_url()};
  pqxx::nontransaction within{open};
  within.exec("create schema " + name_);
}

postgres_schema::~postgres_schema() {
  try {
    pqxx::connection open{test_url()};
    pqxx::nontransaction within{open};
    within.exec("set client_min_messages = warning; drop schema " + name_ + " cascade");
  } catch (const std::exception& error) {
    WARN("the schema " << name_ << " stays: " << error.what());
  }
}

infra::postgres::settings postgres_schema::settings() const {
  infra::postgres::settings out;
  out.url = test_url();
  out.url += (out.url.find('?') == std::string::npos ? "?" : "&") + ("options=-csearch_path%3D" + name_);
  out.application_name = name_;
  return out;
}

std::string postgres_schema::run(const std::string& sql) const {
  pqxx::connection open{settings().url};
  pqxx::nontransaction within{open};
  auto found = within.exec(sql);
  return found.empty() ? std::string{} : std::string{found[0][0].c_str()};
}

postgres_store_fixture::postgres_store_fixture()
  : store_(infra::postgres::make_read_model_store(schema.settings()))
  , another_(infra::postgres::make_read_model_store(schema.settings())) {
  auto applied = infra::postgres::migrate_up(schema.settings());
  if (!applied)
    throw std::runtime_error{events::describe(applied.error())};
}

simulated_tables postgres_store_fixture::tables() const {
  pqxx::connection open{schema.settings().url};
  pqxx::nontransaction within{open};
  simulated_tables out;
  read_positions(within, out);
  read_sessions(within, out);
  read_matches(within, out);
  read_headphones(within, out);
  return out;
}

} // namespace sonicmatch::tests
