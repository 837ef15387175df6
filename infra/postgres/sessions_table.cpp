#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::sessions::session_row;

const std::vector<std::string> columns =
  with_answer_columns({"id", "status", "document", "created_at", "completed_at", "version", "partition",
                       "\"offset\"", "command_id", "correlation_id", "user_id", "request_hash"});

void write(copy_stream& out, const session_row& row) {
  std::string room;
  nullable_field completed_at{row.completed_at};
  nullable_field command{row.command};
  nullable_field user{row.origin.user};
  nullable_field request_hash{row.origin.request_hash};
  auto answer = answer_fields(row.answer);
  std::apply(
    [&](const auto&... each) {
      out.write(to_string(row.id), std::string{events::record::name_of(row.status)},
                storable(row.document, room), events::to_string(row.created_at), completed_at.text(),
                row.version.value, row.position.partition.value, row.position.offset.value, command.text(),
                to_string(row.correlation), user.text(), request_hash.text(), each.text()...);
    },
    answer);
}

/// Whether the store should not know the session yet.
bool is_new(const session_row& row) {
  return row.since == events::stream_version{1};
}

template <class Which>
void copy(pqxx::transaction_base& within, const std::string& table, const std::vector<session_row>& rows,
          Which which) {
  copy_stream out{within, table, columns};
  for (const auto& row : rows)
    if (which(row))
      write(out, row);
  out.complete();
}

} // namespace

void prepare_sessions(pqxx::connection& open) {
  open.prepare("take_staged_sessions", R"(
    insert into sessions (id, status, document, created_at, completed_at, version, partition, "offset",
                          command_id, correlation_id, user_id, request_hash, provider, model, degraded, degraded_reason,
                          prompt_version, attempts, prompt_tokens, completion_tokens, cost_micro_usd,
                          cost_is_known)
    select id, status, document, created_at, completed_at, version, partition, "offset",
           command_id, correlation_id, user_id, request_hash, provider, model, degraded, degraded_reason,
           prompt_version, attempts, prompt_tokens, completion_tokens, cost_micro_usd, cost_is_known
    from staged_sessions
    on conflict (id) do update set
      status = excluded.status, document = excluded.document, created_at = excluded.created_at,
      completed_at = excluded.completed_at, version = excluded.version, partition = excluded.partition,
      "offset" = excluded."offset", correlation_id = excluded.correlation_id,
      user_id = excluded.user_id, request_hash = excluded.request_hash, provider = excluded.provider,
      model = excluded.model, degraded = excluded.degraded, degraded_reason = excluded.degraded_reason,
      prompt_version = excluded.prompt_version, attempts = excluded.attempts,
      prompt_tokens = excluded.prompt_tokens, completion_tokens = excluded.completion_tokens,
      cost_micro_usd = excluded.cost_micro_usd, cost_is_known = excluded.cost_is_known
    where excluded.version > sessions.version)");
}

void write_rows(pqxx::transaction_base& within, const std::vector<session_row>& rows, copy_path path) {
  auto direct = [&](const session_row& row) { return path == copy_path::direct && is_new(row); };
  auto staged = [&](const session_row& row) { return !direct(row); };
  if (std::any_of(rows.begin(), rows.end(), direct))
    copy(within, "sessions", rows, direct);
  if (std::any_of(rows.begin(), rows.end(), staged)) {
    copy(within, "staged_sessions", rows, staged);
    within.exec_prepared("take_staged_sessions");
  }
}

} // namespace sonicmatch::infra::postgres
