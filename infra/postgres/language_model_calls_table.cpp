#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using events::language_model::token_usage;
using projections::language_model_calls::call_row;

const std::vector<std::string> columns{"call_id",
                                       "session_id",
                                       "explanation_id",
                                       "attempt",
                                       "purpose",
                                       "provider",
                                       "model",
                                       "prompt_version",
                                       "outcome",
                                       "stopped",
                                       "code",
                                       "http_status",
                                       "input_tokens",
                                       "cache_write_tokens",
                                       "cache_read_tokens",
                                       "output_tokens",
                                       "reasoning_tokens",
                                       "cost_micro_usd",
                                       "may_have_been_billed",
                                       "cost_max_micro_usd",
                                       "latency_ms",
                                       "response_id",
                                       "request_id",
                                       "recorded_at",
                                       "partition",
                                       "\"offset\""};

template <class Enum>
std::string word(Enum value) {
  return std::string{events::record::name_of(value)};
}

nullable_field tokens(const call_row& row, std::int64_t token_usage::*kind) {
  return nullable_field{row.usage ? std::optional{(*row.usage).*kind} : std::nullopt};
}

void write(copy_stream& out, const call_row& row) {
  std::string provider, model, request_id;
  out.write(
    to_string(row.id), nullable_field{row.session}.text(), nullable_field{row.explanation}.text(),
    row.attempt, word(row.purpose), storable(row.provider, provider), storable(row.model, model),
    row.prompt_version, word(row.outcome), nullable_field{row.stopped}.text(),
    nullable_field{row.code}.text(), nullable_field{row.http_status}.text(),
    tokens(row, &token_usage::input_tokens).text(), tokens(row, &token_usage::cache_write_tokens).text(),
    tokens(row, &token_usage::cache_read_tokens).text(), tokens(row, &token_usage::output_tokens).text(),
    tokens(row, &token_usage::reasoning_tokens).text(), nullable_field{row.cost}.text(),
    row.may_have_been_billed ? "t" : "f", nullable_field{row.cost_max}.text(), row.latency_ms,
    nullable_field{row.response_id}.text(), storable(row.request_id, request_id),
    events::to_string(row.recorded_at), row.position.partition.value, row.position.offset.value);
}

void copy(pqxx::transaction_base& within, const std::string& table, const std::vector<call_row>& rows) {
  copy_stream out{within, table, columns};
  for (const auto& row : rows)
    write(out, row);
  out.complete();
}

} // namespace

void prepare_language_model_calls(pqxx::connection& open) {
  open.prepare("take_staged_language_model_calls", R"(
    insert into language_model_calls select * from staged_language_model_calls
    on conflict (call_id) do nothing)");
}

void write_rows(pqxx::transaction_base& within, const std::vector<call_row>& rows, copy_path path) {
  if (rows.empty())
    return;
  if (path == copy_path::direct)
    return copy(within, "language_model_calls", rows);
  copy(within, "staged_language_model_calls", rows);
  within.exec_prepared("take_staged_language_model_calls");
}

} // namespace sonicmatch::infra::postgres
