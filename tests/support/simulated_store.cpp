#include "tests/support/simulated_store.hpp"

#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::tests {

using namespace projections;

namespace {

/// Looks for values that PostgreSQL would refuse: the same rank twice in a session.
bool refuses(const row_set& rows) {
  const auto* all = std::get_if<std::vector<matches::session_matches>>(&rows);
  return all && std::any_of(all->begin(), all->end(), [](const auto& session) {
           for (std::size_t i = 1; i < session.rows.size(); ++i)
             for (std::size_t j = 0; j < i; ++j)
               if (session.rows[i].rank == session.rows[j].rank)
                 return true;
           return false;
         });
}

void put(simulated_tables& tables, const std::vector<sessions::session_row>& rows) {
  for (const auto& row : rows) {
    auto [kept, is_new] = tables.sessions.try_emplace(row.id, row);
    kept->second.since = {};
    if (is_new || row.version <= kept->second.version)
      continue;
    auto command = kept->second.command;
    kept->second = row;
    kept->second.command = command;
    kept->second.since = {};
  }
}

void put(simulated_tables& tables, const std::vector<matches::session_matches>& rows) {
  for (const auto& each : rows) {
    auto kept = tables.matches.find(each.session);
    if (kept != tables.matches.end() && each.version <= kept->second.version)
      continue;
    if (each.rows.empty())
      tables.matches.erase(each.session);
    else
      tables.matches.insert_or_assign(each.session, kept_matches{each.version, each.rows});
  }
}

void put(simulated_tables& tables, const std::vector<explanations::explanation_row>& rows) {
  for (const auto& row : rows) {
    auto [kept, is_new] = tables.explanations.try_emplace({row.session, row.headphone}, row);
    if (!is_new && replaces(row, kept->second))
      kept->second = row;
  }
}

void put(simulated_tables& tables, const std::vector<feedback::feedback_row>& rows) {
  for (const auto& row : rows)
    tables.feedback.try_emplace(row.id, row);
}

void put(simulated_tables& tables, const std::vector<language_model_calls::call_row>& rows) {
  for (const auto& row : rows)
    tables.language_model_calls.try_emplace(row.id, row);
}

void put(simulated_tables& tables, const std::vector<headphones::headphone_row>& rows) {
  for (const auto& row : rows) {
    auto kept = tables.headphones.find(row.id);
    if (kept != tables.headphones.end() && row.at <= kept->second.at)
      continue;
    if (row.listed)
      tables.headphones.insert_or_assign(row.id, row);
    else
      tables.headphones.erase(row.id);
  }
}

/// Leaves nothing of the sessions in what the projection keeps.
void erase(simulated_tables& tables, const std::string& projection,
           const std::set<events::session_id>& sessions) {
  auto of_session = [&](const auto& each) { return sessions.contains(each.second.session); };
  if (projection == "sessions")
    std::erase_if(tables.sessions, [&](const auto& each) { return sessions.contains(each.first); });
  else if (projection == "matches")
    std::erase_if(tables.matches, [&](const auto& each) { return sessions.contains(each.first); });
  else if (projection == "explanations")
    std::erase_if(tables.explanations, of_session);
  else if (projection == "feedback")
    std::erase_if(tables.feedback, of_session);
  else if (projection == "language_model_calls")
    for (auto& [id, row] : tables.language_model_calls)
      if (row.session && sessions.contains(*row.session))
        row.session.reset();
}

bool may_advance(const simulated_tables& tables, const changes& batch) {
  return std::all_of(batch.advances.begin(), batch.advances.end(), [&](const auto& step) {
    auto kept = tables.checkpoints.find({batch.projection, step.to.partition});
    return step.from ? kept != tables.checkpoints.end() && kept->second.next == *step.from
                     : kept == tables.checkpoints.end();
  });
}

} // namespace

simulated_store::simulated_store(std::shared_ptr<simulated_tables> tables, store_hook hook)
  : tables_(std::move(tables))
  , hook_(std::move(hook)) {}

caf::error simulated_store::call(store_step step) const {
  return hook_ ? hook_(step) : caf::error{};
}

caf::expected<stored_progress> simulated_store::load(std::string_view projection) {
  if (auto error = call(store_step::before_load))
    return error;
  stored_progress out;
  for (const auto& [key, each] : tables_->checkpoints)
    if (key.first == projection)
      out.checkpoints.push_back(each);
  for (const auto& [key, each] : tables_->parked)
    if (key.first == projection && each.record.session)
      out.parked.push_back({*each.record.session, key.second.partition});
  if (auto error = call(store_step::after_load))
    return error;
  return out;
}

caf::error simulated_store::apply(const changes& batch) {
  if (auto error = call(store_step::before_apply))
    return error;
  if (!may_advance(*tables_, batch))
    return events::make_error(events::errc::checkpoint_conflict, batch.projection);
  if (refuses(batch.rows))
    return events::make_error(events::errc::store_rejected, "a rank is given twice");
  for (const auto& step : batch.advances)
    tables_->checkpoints.insert_or_assign({batch.projection, step.to.partition}, step.to);
  std::visit([this](const auto& rows) { put(*tables_, rows); }, batch.rows);
  auto& erased = tables_->erased[batch.projection];
  erased.insert(batch.erased.begin(), batch.erased.end());
  erase(*tables_, batch.projection, erased);
  for (const auto& each : batch.parked)
    tables_->parked.insert_or_assign({batch.projection, each.position}, kept_parked_record{each, 0});
  for (const auto& each : batch.left_out)
    for (auto& [key, kept] : tables_->parked)
      if (key.first == batch.projection && kept.record.session == each.session)
        kept.left_out += each.records;
  return call(store_step::after_apply);
}

namespace {

actors::ports::stored_session stored(const sessions::session_row& row) {
  return {row.document, row.version, row.completed_at.has_value(), row.origin, row.created_at};
}

} // namespace

simulated_session_reader::simulated_session_reader(std::shared_ptr<const simulated_tables> tables,
                                                   store_hook hook)
  : tables_(std::move(tables))
  , hook_(std::move(hook)) {}

caf::error simulated_session_reader::call() const {
  return hook_ ? hook_(store_step::before_load) : caf::error{};
}

caf::expected<std::optional<actors::ports::stored_session>>
simulated_session_reader::find(const events::session_id& id) {
  using actors::ports::stored_session;
  if (auto error = call())
    return error;
  auto kept = tables_->sessions.find(id);
  if (auto erased = tables_->erased.find("sessions");
      erased != tables_->erased.end() && erased->second.contains(id))
    return events::make_error(events::errc::erased, "No session has this id.");
  if (kept == tables_->sessions.end())
    return std::optional<stored_session>{};
  return std::optional{stored(kept->second)};
}

caf::expected<std::vector<actors::ports::listed_session>>
simulated_session_reader::find_sessions_of(const events::user_id& user,
                                           const std::optional<actors::ports::session_place>& after,
                                           std::size_t count_max) {
  if (auto error = call())
    return error;
  std::vector<actors::ports::listed_session> out;
  for (const auto& [id, row] : tables_->sessions)
    if (row.origin.user == user
        && (!after || std::pair{row.created_at, id} < std::pair{after->created_at, after->id}))
      out.push_back({id, stored(row)});
  std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) {
    return std::pair{a.session.created_at, a.id} > std::pair{b.session.created_at, b.id};
  });
  out.resize(std::min(out.size(), count_max));
  return out;
}

caf::expected<std::optional<actors::ports::stored_explanation>>
simulated_session_reader::find_explanation(const events::session_id& session,
                                           const events::headphone_id& headphone) {
  using actors::ports::stored_explanation;
  if (auto error = call())
    return error;
  auto kept = tables_->explanations.find({session, headphone});
  if (kept == tables_->explanations.end())
    return std::optional<stored_explanation>{};
  const auto& row = kept->second;
  return std::optional{
    stored_explanation{row.id, row.document, row.status, row.answer.degraded.value_or(false)}};
}

caf::expected<std::vector<actors::ports::session_reader::progress>>
simulated_session_reader::find_progress() {
  if (auto error = call())
    return error;
  std::vector<progress> out;
  for (const auto& [key, each] : tables_->checkpoints)
    if (key.first == "sessions")
      out.push_back({each.partition, each.next, each.claim});
  return out;
}

caf::error simulated_session_reader::ping() {
  return call();
}

simulated_spending_reader::simulated_spending_reader(std::shared_ptr<const simulated_tables> tables,
                                                     store_hook hook)
  : tables_(std::move(tables))
  , hook_(std::move(hook)) {}

caf::expected<actors::ports::spending_reader::spending>
simulated_spending_reader::find_spending(events::timestamp since) {
  if (auto error = hook_ ? hook_(store_step::before_load) : caf::error{})
    return error;
  spending out;
  for (const auto& [id, row] : tables_->language_model_calls)
    if (row.recorded_at >= since)
      out.spent.value += (row.cost ? row.cost : row.cost_max).value_or(events::micro_dollars{}).value;
  for (const auto& [key, each] : tables_->checkpoints)
    if (key.first == "language_model_calls")
      out.progress.push_back({each.partition, each.next, each.claim});
  return out;
}

} // namespace sonicmatch::tests
