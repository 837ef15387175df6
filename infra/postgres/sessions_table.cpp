#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::sessions::session_row;

const std::vector<std::string> columns{"id",         "status",     "document",      "provider", "model",
                                       "degraded",   "created_at", "completed_at",  "version",  "partition",
                                       "\"offset\"", "command_id", "correlation_id"};

template <class Optional>
std::string text_or_empty(const Optional& value) {
  return value ? events::to_string(*value) : std::string{};
}

const char* null_if_empty(const std::string& text) {
  return text.empty() ? nullptr : text.c_str();
}

const char* name_of(const std::optional<bool>& value) {
  return !value ? nullptr : *value ? "t" : "f";
}

void write(copy_stream& out, const session_row& row) {
  std::string room;
  auto provider = row.provider.value_or("");
  auto model = row.model.value_or("");
  auto completed_at = text_or_empty(row.completed_at);
  auto command = text_or_empty(row.command);
  out.write(to_string(row.id), std::string{events::record::name_of(row.status)}, storable(row.document, room),
            null_if_empty(provider), null_if_empty(model), name_of(row.degraded),
            events::to_string(row.created_at), null_if_empty(completed_at), row.version.value,
            row.position.partition.value, row.position.offset.value, null_if_empty(command),
            to_string(row.correlation));
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
    insert into sessions (id, status, document, provider, model, degraded, created_at, completed_at, version,
                          partition, "offset", command_id, correlation_id)
    select id, status, document, provider, model, degraded, created_at, completed_at, version,
           partition, "offset", command_id, correlation_id
    from staged_sessions
    on conflict (id) do update set
      status = excluded.status, document = excluded.document, provider = excluded.provider,
      model = excluded.model, degraded = excluded.degraded, created_at = excluded.created_at,
      completed_at = excluded.completed_at, version = excluded.version, partition = excluded.partition,
      "offset" = excluded."offset", correlation_id = excluded.correlation_id
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
