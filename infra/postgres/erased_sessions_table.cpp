#include "infra/postgres/tables.hpp"

#include <algorithm>

namespace sonicmatch::infra::postgres {

namespace {

using projections::changes;
using projections::explanations::explanation_row;
using projections::feedback::feedback_row;
using projections::headphones::headphone_row;
using projections::language_model_calls::call_row;
using projections::matches::session_matches;
using projections::sessions::session_row;
using session_ids = std::unordered_set<events::session_id>;

std::optional<events::session_id> session_of(const session_row& row) {
  return row.id;
}
std::optional<events::session_id> session_of(const headphone_row&) {
  return std::nullopt;
}
template <class Row>
std::optional<events::session_id> session_of(const Row& row) {
  return row.session;
}

std::string array_of(const std::vector<events::session_id>& ids) {
  array_literal out;
  for (const auto& each : ids)
    out.add(to_string(each));
  return std::move(out).finish();
}

template <class Row>
void leave_out(std::vector<Row>& rows, const session_ids& erased) {
  std::erase_if(rows, [&](const auto& row) {
    auto session = session_of(row);
    return session && erased.contains(*session);
  });
}

/// What a call cost stays.
void leave_out(std::vector<call_row>& rows, const session_ids& erased) {
  for (auto& row : rows)
    if (row.session && erased.contains(*row.session))
      row.session.reset();
}

} // namespace

void prepare_erased_sessions(pqxx::connection& open) {
  open.prepare(
    "find_erased",
    "select session_id from erased_sessions where projection = $1 and session_id = any($2::uuid[])");
  open.prepare("note_erased", "insert into erased_sessions (projection, session_id)"
                              " select $1, unnest($2::uuid[]) on conflict do nothing");
  for (const auto* each : {"matches", "explanations", "feedback"})
    open.prepare(std::string{"erase_"} + each,
                 std::string{"delete from "} + each + " where session_id = any($1::uuid[])");
  open.prepare("erase_sessions", "delete from sessions where id = any($1::uuid[])");
  open.prepare("erase_language_model_calls",
               "update language_model_calls set session_id = null where session_id = any($1::uuid[])");
}

std::optional<projections::row_set> without_erased(pqxx::transaction_base& within, const changes& batch) {
  std::vector<events::session_id> concerned;
  std::visit(
    [&](const auto& rows) {
      for (const auto& row : rows)
        if (auto session = session_of(row))
          concerned.push_back(*session);
    },
    batch.rows);
  if (concerned.empty())
    return std::nullopt;
  session_ids erased;
  for (const auto& row : within.exec_prepared("find_erased", batch.projection, array_of(concerned)))
    if (auto id = events::session_id::parse(row[0].c_str()))
      erased.insert(*id);
  if (erased.empty())
    return std::nullopt;
  auto out = batch.rows;
  std::visit([&](auto& rows) { leave_out(rows, erased); }, out);
  return out;
}

void erase(pqxx::transaction_base& within, const changes& batch) {
  if (batch.erased.empty())
    return;
  auto ids = array_of(batch.erased);
  within.exec_prepared("note_erased", batch.projection, ids);
  within.exec_prepared("erase_" + batch.projection, ids);
}

} // namespace sonicmatch::infra::postgres
