#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::feedback::feedback_row;

const std::vector<std::string> columns{"feedback_id", "session_id", "user_id",   "headphone_id",
                                       "slug",        "rank",       "overall",   "kind",
                                       "rating",      "created_at", "partition", "\"offset\""};

void copy(pqxx::transaction_base& within, const std::string& table, const std::vector<feedback_row>& rows) {
  copy_stream out{within, table, columns};
  std::string room;
  for (const auto& row : rows)
    out.write(to_string(row.id), to_string(row.session), nullable_field{row.user}.text(),
              to_string(row.headphone), storable(row.slug, room), row.rank, real_text(row.overall_score),
              std::string{events::record::name_of(row.kind)}, nullable_field{row.rating}.text(),
              events::to_string(row.created_at), row.position.partition.value, row.position.offset.value);
  out.complete();
}

} // namespace

void prepare_feedback(pqxx::connection& open) {
  open.prepare("take_staged_feedback", R"(
    insert into feedback select * from staged_feedback
    on conflict (feedback_id) do nothing)");
}

void write_rows(pqxx::transaction_base& within, const std::vector<feedback_row>& rows, copy_path path) {
  if (rows.empty())
    return;
  if (path == copy_path::direct)
    return copy(within, "feedback", rows);
  copy(within, "staged_feedback", rows);
  within.exec_prepared("take_staged_feedback");
}

} // namespace sonicmatch::infra::postgres
