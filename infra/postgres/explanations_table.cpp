#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::explanations::explanation_row;

const std::vector<std::string> columns =
  with_answer_columns({"session_id", "headphone_id", "explanation_id", "status", "document", "created_at",
                       "completed_at", "partition", "\"offset\""});

void write(copy_stream& out, const explanation_row& row) {
  std::string room;
  nullable_field completed_at{row.completed_at};
  auto answer = answer_fields(row.answer);
  std::apply(
    [&](const auto&... each) {
      out.write(to_string(row.session), to_string(row.headphone), to_string(row.id),
                std::string{events::record::name_of(row.status)}, storable(row.document, room),
                events::to_string(row.created_at), completed_at.text(), row.position.partition.value,
                row.position.offset.value, each.text()...);
    },
    answer);
}

} // namespace

void prepare_explanations(pqxx::connection& open) {
  // The condition is projections::explanations::replaces().
  open.prepare("take_staged_explanations", R"(
    insert into explanations select * from staged_explanations
    on conflict (session_id, headphone_id) do update set
      explanation_id = excluded.explanation_id, status = excluded.status, document = excluded.document,
      provider = excluded.provider, model = excluded.model, degraded = excluded.degraded,
      degraded_reason = excluded.degraded_reason, prompt_version = excluded.prompt_version,
      attempts = excluded.attempts, prompt_tokens = excluded.prompt_tokens,
      completion_tokens = excluded.completion_tokens, cost_micro_usd = excluded.cost_micro_usd,
      cost_is_known = excluded.cost_is_known, created_at = excluded.created_at,
      completed_at = excluded.completed_at, partition = excluded.partition, "offset" = excluded."offset"
    where (excluded.status = 'complete' and excluded.degraded is false, excluded."offset")
        > (explanations.status = 'complete' and explanations.degraded is false, explanations."offset"))");
}

void write_rows(pqxx::transaction_base& within, const std::vector<explanation_row>& rows, copy_path) {
  if (rows.empty())
    return;
  copy_stream out{within, "staged_explanations", columns};
  for (const auto& row : rows)
    write(out, row);
  out.complete();
  within.exec_prepared("take_staged_explanations");
}

} // namespace sonicmatch::infra::postgres
