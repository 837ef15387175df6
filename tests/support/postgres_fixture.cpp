#include "tests/support/postgres_fixture.hpp"

#include "events/error.hpp"
#include "infra/postgres/migrations.hpp"
#include "infra/postgres/pqxx.hpp"
#include "infra/postgres/read_model_store.hpp"
#include "infra/postgres/session_reader.hpp"
#include "infra/postgres/spending_reader.hpp"
#include "tests/support/catch.hpp"

#include <unistd.h>

#include <algorithm>
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

template <class Enum>
Enum word(const pqxx::field& from) {
  constexpr auto known = names(Enum{});
  auto found = std::find(known.begin(), known.end(), from.c_str());
  if (found == known.end())
    throw std::runtime_error{std::string{from.name()} + " is " + from.c_str()};
  return static_cast<Enum>(found - known.begin());
}

std::optional<std::string> text(const pqxx::field& from) {
  return from.is_null() ? std::nullopt : std::optional<std::string>{from.c_str()};
}

template <class Value>
std::optional<Value> maybe(const pqxx::field& from) {
  return from.is_null() ? std::nullopt : std::optional{from.as<Value>()};
}

std::optional<events::micro_dollars> cost(const pqxx::field& from) {
  return from.is_null() ? std::nullopt : std::optional{number<events::micro_dollars>(from)};
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

/// A time as text that parse_timestamp() reads.
std::string in_utc(const std::string& column) {
  return "to_char(" + column + R"( at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))";
}

constexpr auto answer_columns_list = ", provider, model, degraded, degraded_reason, prompt_version, attempts,"
                                     " prompt_tokens, completion_tokens, cost_micro_usd, cost_is_known";

/// Reads the columns of answer_columns_list, which begin at `at`.
answer_columns answer(const pqxx::row& row, pqxx::row::size_type at) {
  return {text(row[at]),
          text(row[at + 1]),
          maybe<bool>(row[at + 2]),
          text(row[at + 3]),
          maybe<int>(row[at + 4]),
          row[at + 5].as<int>(),
          maybe<std::int64_t>(row[at + 6]),
          maybe<std::int64_t>(row[at + 7]),
          cost(row[at + 8]),
          row[at + 9].as<bool>()};
}

void read_sessions(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row :
       within.exec("select id, status, document, " + in_utc("created_at") + ", " + in_utc("completed_at")
                   + ", version, partition, \"offset\", command_id, correlation_id, user_id, request_hash"
                   + answer_columns_list + " from sessions")) {
    sessions::session_row each;
    each.id = id<events::session_id>(row[0]);
    each.status = word<events::session::document_status>(row[1]);
    each.document = row[2].c_str();
    each.created_at = time(row[3]);
    if (!row[4].is_null())
      each.completed_at = time(row[4]);
    each.version = number<events::stream_version>(row[5]);
    each.position = {number<partition_id>(row[6]), number<log_offset>(row[7])};
    if (!row[8].is_null())
      each.command = id<events::record_id>(row[8]);
    each.correlation = id<events::correlation_id>(row[9]);
    if (!row[10].is_null())
      each.origin.user = id<events::user_id>(row[10]);
    each.origin.request_hash = text(row[11]);
    each.answer = answer(row, 12);
    out.sessions.emplace(each.id, each);
  }
}

void read_explanations(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row : within.exec(
         "select session_id, headphone_id, explanation_id, status, document, " + in_utc("created_at") + ", "
         + in_utc("completed_at") + ", partition, \"offset\"" + answer_columns_list + " from explanations")) {
    explanations::explanation_row each;
    each.session = id<events::session_id>(row[0]);
    each.headphone = id<events::headphone_id>(row[1]);
    each.id = id<events::explanation_id>(row[2]);
    each.status = word<events::explanation::document_status>(row[3]);
    each.document = row[4].c_str();
    each.created_at = time(row[5]);
    if (!row[6].is_null())
      each.completed_at = time(row[6]);
    each.position = {number<partition_id>(row[7]), number<log_offset>(row[8])};
    each.answer = answer(row, 9);
    out.explanations.emplace(std::pair{each.session, each.headphone}, each);
  }
}

void read_language_model_calls(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row : within.exec(
         "select call_id, session_id, explanation_id, attempt, purpose, provider, model,"
         " prompt_version, outcome, stopped, code, http_status, input_tokens, cache_write_tokens,"
         " cache_read_tokens, output_tokens, reasoning_tokens, cost_micro_usd,"
         " may_have_been_billed, latency_ms, response_id, request_id, "
         + in_utc("recorded_at") + ", partition, \"offset\", cost_max_micro_usd from language_model_calls")) {
    language_model_calls::call_row each;
    each.id = id<events::call_id>(row[0]);
    if (!row[1].is_null())
      each.session = id<events::session_id>(row[1]);
    if (!row[2].is_null())
      each.explanation = id<events::explanation_id>(row[2]);
    each.attempt = row[3].as<int>();
    each.purpose = word<events::language_model::purpose>(row[4]);
    each.provider = row[5].c_str();
    each.model = row[6].c_str();
    each.prompt_version = row[7].as<int>();
    each.outcome = word<language_model_calls::outcome>(row[8]);
    each.stopped = text(row[9]);
    each.code = text(row[10]);
    each.http_status = maybe<std::int64_t>(row[11]);
    if (!row[12].is_null())
      each.usage = events::language_model::token_usage{row[12].as<std::int64_t>(), row[13].as<std::int64_t>(),
                                                       row[14].as<std::int64_t>(), row[15].as<std::int64_t>(),
                                                       row[16].as<std::int64_t>()};
    each.cost = cost(row[17]);
    each.may_have_been_billed = row[18].as<bool>();
    each.latency_ms = row[19].as<std::int64_t>();
    each.response_id = text(row[20]);
    each.request_id = row[21].c_str();
    each.recorded_at = time(row[22]);
    each.position = {number<partition_id>(row[23]), number<log_offset>(row[24])};
    each.cost_max = cost(row[25]);
    out.language_model_calls.emplace(each.id, each);
  }
}

void read_feedback(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row :
       within.exec("select feedback_id, session_id, user_id, headphone_id, slug, rank, overall,"
                   " kind, rating, "
                   + in_utc("created_at") + ", partition, \"offset\" from feedback")) {
    feedback::feedback_row each;
    each.id = id<events::feedback_id>(row[0]);
    each.session = id<events::session_id>(row[1]);
    if (!row[2].is_null())
      each.user = id<events::user_id>(row[2]);
    each.headphone = id<events::headphone_id>(row[3]);
    each.slug = row[4].c_str();
    each.rank = row[5].as<int>();
    each.overall_score = row[6].as<double>();
    each.kind = word<events::feedback::kind>(row[7]);
    each.rating = maybe<int>(row[8]);
    each.created_at = time(row[9]);
    each.position = {number<partition_id>(row[10]), number<log_offset>(row[11])};
    out.feedback.emplace(each.id, each);
  }
}

void read_erased(pqxx::nontransaction& within, simulated_tables& out) {
  for (const auto& row : within.exec("select projection, session_id from erased_sessions"))
    out.erased[row[0].c_str()].insert(id<events::session_id>(row[1]));
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
  , another_(infra::postgres::make_read_model_store(schema.settings()))
  , sessions_(infra::postgres::make_session_reader(schema.settings()))
  , spending_(infra::postgres::make_spending_reader(schema.settings())) {
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
  read_explanations(within, out);
  read_feedback(within, out);
  read_erased(within, out);
  read_language_model_calls(within, out);
  read_headphones(within, out);
  return out;
}

} // namespace sonicmatch::tests
