#include "infra/postgres/tables.hpp"

namespace sonicmatch::infra::postgres {

namespace {

using projections::matches::match_row;
using projections::matches::session_matches;

const std::vector<std::string> columns{
  "session_id", "rank",          "headphone_id", "overall", "genre_match", "sound_profile", "use_case",
  "budget",     "feature_match", "explanation",  "pros",    "cons",        "highlights",    "version"};

void copy(pqxx::transaction_base& within, const std::string& table,
          const std::vector<session_matches>& sessions) {
  copy_stream out{within, table, columns};
  std::string room;
  for (const auto& each : sessions) {
    auto session = to_string(each.session);
    for (const auto& row : each.rows)
      out.write(session, row.rank, to_string(row.headphone), real_text(row.scores.overall),
                real_text(row.scores.genre_match), real_text(row.scores.sound_profile),
                real_text(row.scores.use_case), real_text(row.scores.budget),
                real_text(row.scores.feature_match), storable(row.explanation, room), array_of(row.pros),
                array_of(row.cons), array_of(row.highlights), each.version.value);
  }
  out.complete();
}

template <class Which>
void remove_older(pqxx::transaction_base& within, const std::vector<session_matches>& sessions, Which which) {
  array_literal ids, versions;
  auto some = false;
  for (const auto& each : sessions)
    if (which(each)) {
      ids.add(to_string(each.session));
      versions.add(each.version.value);
      some = true;
    }
  if (some)
    within.exec_prepared("remove_older_matches", std::move(ids).finish(), std::move(versions).finish());
}

bool is_empty(const session_matches& each) {
  return each.rows.empty();
}

} // namespace

void prepare_matches(pqxx::connection& open) {
  open.prepare("remove_older_matches", R"(
    delete from matches using unnest($1::uuid[], $2::integer[]) as newer (session_id, version)
    where matches.session_id = newer.session_id and matches.version < newer.version)");
  open.prepare("take_staged_matches", R"(
    insert into matches select staged.* from staged_matches as staged
    where not exists (select from matches where matches.session_id = staged.session_id
                                            and matches.version >= staged.version))");
}

void write_rows(pqxx::transaction_base& within, const std::vector<session_matches>& sessions,
                copy_path path) {
  if (path == copy_path::staged) {
    remove_older(within, sessions, [](const auto&) { return true; });
    copy(within, "staged_matches", sessions);
    within.exec_prepared("take_staged_matches");
    return;
  }
  remove_older(within, sessions, is_empty);
  if (!std::all_of(sessions.begin(), sessions.end(), is_empty))
    copy(within, "matches", sessions);
}

} // namespace sonicmatch::infra::postgres
