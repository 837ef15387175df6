#include "tests/simulation/checker_parts.hpp"

#include <algorithm>

namespace sonicmatch::tests::simulation {

namespace {

using projections::matches::match_row;

class read_model_checking {
public:
  read_model_checking(const aftermath& left, const std::vector<folded_partition>& truth,
                      std::vector<std::string>& violations)
    : left_(left)
    , tables_(*left.where.tables)
    , truth_(truth)
    , out_(violations) {}

  void run() {
    std::size_t sessions = 0;
    std::size_t picked = 0;
    for (const auto& partition : truth_)
      for (const auto& [key, session] : partition.sessions) {
        auto visible = events_before_parking(session);
        if (visible.empty() || session.erased_at)
          continue;
        ++sessions;
        check_session(key, visible);
        picked += check_matches(key, *visible.back()) ? 1 : 0;
      }
    if (tables_.sessions.size() != sessions)
      out_.push_back("the sessions read model has " + std::to_string(tables_.sessions.size()) + " rows, and "
                     + std::to_string(sessions) + " sessions have events");
    if (tables_.matches.size() != picked)
      out_.push_back("the matches read model has " + std::to_string(tables_.matches.size())
                     + " sessions, and " + std::to_string(picked) + " have picks");
    check_calls();
    check_headphones();
    check_checkpoints();
  }

private:
  static std::vector<const effective_event*> events_before_parking(const folded_session& session) {
    std::vector<const effective_event*> out;
    for (const auto& each : session.events)
      if (!session.parked_from || each.position.offset < *session.parked_from)
        out.push_back(&each);
    return out;
  }

  void check_session(const std::string& key, const std::vector<const effective_event*>& events) {
    auto row = tables_.sessions.find(*events::session_id::parse(key));
    if (row == tables_.sessions.end())
      return out_.push_back("session " + key + " is not in the sessions read model");
    const auto& newest = *events.back();
    const auto& kept = row->second;
    auto document = fields_of(kept.document);
    if (!document || *document != document_after(newest, key))
      out_.push_back("the read model's document of " + key
                     + " is not that of its newest event: " + kept.document);
    auto same = static_cast<std::int64_t>(kept.version.value) == newest.version
                && kept.position == newest.position && kept.completed_at.has_value() == newest.is_terminal()
                && to_string(kept.correlation) == text_of(newest.head, "correlationid") && kept.command
                && to_string(*kept.command) == text_of(events.front()->head, "causationid")
                && std::pair{kept.origin.user ? to_string(*kept.origin.user) : std::string{},
                             kept.origin.request_hash.value_or("")}
                     == origin_in(newest.head);
    if (!same)
      out_.push_back("the read model's row of " + key + " is not the fold of its events");
  }

  /// Says whether the session has picks.
  bool check_matches(const std::string& key, const effective_event& newest) {
    auto kept = tables_.matches.find(*events::session_id::parse(key));
    auto picks = newest.data.find("matches");
    if (newest.type != "recommendation_completed" || picks == newest.data.end() || picks->second == "[]") {
      if (kept != tables_.matches.end())
        out_.push_back("session " + key + " has rows in matches, and no picks");
      return false;
    }
    if (kept == tables_.matches.end())
      out_.push_back("session " + key + " is not in the matches read model");
    else if (static_cast<std::int64_t>(kept->second.version.value) != newest.version
             || !same_picks(kept->second.rows, picks->second))
      out_.push_back("the matches of " + key + " are not those of its newest event");
    return true;
  }

  static bool same_picks(const std::vector<match_row>& rows, const std::string& picks) {
    // The order, the headphone and the words of each; fields_of() reads objects alone.
    auto listed = fields_of("{\"a\":" + picks + "}");
    std::string_view rest = listed->at("a");
    for (const auto& row : rows) {
      auto rank = rest.find("\"rank\":" + std::to_string(row.rank) + ",");
      auto id = rest.find("\"" + to_string(row.headphone) + "\"");
      if (rank == std::string_view::npos || id == std::string_view::npos || id < rank)
        return false;
      rest = rest.substr(id);
      if (rest.find(row.explanation.substr(0, row.explanation.find_first_of("\"\\")))
          == std::string_view::npos)
        return false;
    }
    return !rows.empty() && rest.find("\"rank\":") == std::string_view::npos;
  }

  /// A row for each outcome, of whatever session.
  void check_calls() {
    std::size_t outcomes = 0;
    for (const auto& partition : truth_)
      for (const auto& [call, outcome] : partition.outcomes) {
        ++outcomes;
        auto row = tables_.language_model_calls.find(*events::call_id::parse(call));
        if (row == tables_.language_model_calls.end() || row->second.position != outcome.position)
          out_.push_back("call " + call + " is not in the read model of calls as it was recorded");
      }
    if (tables_.language_model_calls.size() != outcomes)
      out_.push_back("the read model of calls has " + std::to_string(tables_.language_model_calls.size())
                     + " rows, and " + std::to_string(outcomes) + " calls have an outcome");
  }

  void check_headphones() {
    std::set<std::string> listed;
    for (const auto& record : left_.where.log.records(std::string{events::topics::catalog}, {}))
      if (record.value && fields_of(*record.value) && events::headphone_id::parse(record.key))
        listed.insert(record.key);
    std::set<std::string> kept;
    for (const auto& [id, row] : tables_.headphones)
      kept.insert(to_string(id));
    if (listed != kept)
      out_.push_back("the headphones read model is not the catalog");
  }

  void check_checkpoints() {
    for (const auto* projection : {"sessions", "matches", "explanations", "feedback", "language_model_calls"})
      for (partition_id p; p.value < partition_count; p = p.next())
        check_checkpoint(projection, events::topics::events, p,
                         truth_[static_cast<std::size_t>(p.value)].newest_claim);
    check_checkpoint("headphones", events::topics::catalog, {}, std::nullopt);
  }

  void check_checkpoint(const std::string& projection, std::string_view topic, partition_id partition,
                        std::optional<std::int64_t> claim) {
    auto end = left_.where.log.end_of(std::string{topic}, partition);
    if (end == log_offset{})
      return;
    auto name = "the checkpoint of " + projection + " in partition " + to_string(partition);
    auto kept = tables_.checkpoints.find({projection, partition});
    if (kept == tables_.checkpoints.end() || kept->second.next != end)
      return out_.push_back(name + " is not at the end of the log, " + to_string(end));
    if (kept->second.claim.has_value() != claim.has_value() || (claim && kept->second.claim->value != *claim))
      out_.push_back(name + " has another claim than the newest");
  }

  const aftermath& left_;
  const simulated_tables& tables_;
  const std::vector<folded_partition>& truth_;
  std::vector<std::string>& out_;
};

} // namespace

void check_read_models(const aftermath& left, const std::vector<folded_partition>& truth,
                       std::vector<std::string>& violations) {
  read_model_checking{left, truth, violations}.run();
}

namespace {

/// Commands that are behind one of their session's that cannot be read: they follow it,
/// unless the owner that met it has been replaced since.
std::vector<std::string> commands_behind_garbage(const aftermath& left) {
  std::vector<std::string> out;
  std::string topic{events::topics::commands};
  for (const auto& each : left.garbage) {
    if (each.topic != topic)
      continue;
    const auto& records = left.where.log.records(topic, each.position.partition);
    const auto& key = records[static_cast<std::size_t>(each.position.offset.value)].key;
    for (const auto& record : records)
      if (record.key == key && record.offset > each.position.offset)
        out.push_back(topic + " " + to_string(log_position{record.partition, record.offset}));
  }
  return out;
}

} // namespace

void check_dead_letters(const aftermath& left, const std::vector<folded_partition>&,
                        std::vector<std::string>& violations) {
  // One that is known by its id may be there again: a crash came between the letter
  // and the note that it was sent.
  std::map<std::string, std::string> letters; // by origin
  std::map<std::string, std::string> origins; // by id
  for (const auto& record : left.where.log.records(std::string{events::topics::dead_letters}, {})) {
    auto origin = std::string{record.header_value("origin-topic")} + " "
                  + std::string{record.header_value("origin-partition")} + ":"
                  + std::string{record.header_value("origin-offset")};
    letters[origin] = record.value.value_or("");
    auto id = std::string{record.header_value("id")};
    if (auto known = origins.try_emplace(id, origin).first; id.empty() || known->second != origin)
      violations.push_back("the dead letter of " + origin + " has no id of its own");
  }
  if (origins.size() != letters.size())
    violations.push_back("some record has dead letters of different ids");
  for (const auto& each : left.garbage) {
    auto origin = each.topic + " " + to_string(each.position);
    auto found = letters.find(origin);
    const auto& records = left.where.log.records(each.topic, each.position.partition);
    const auto& value = records[static_cast<std::size_t>(each.position.offset.value)].value;
    if (found == letters.end())
      violations.push_back("the garbage at " + origin + " is not in the dead letters");
    else if (found->second != value.value_or(""))
      violations.push_back("the dead letter of " + origin + " has other bytes");
    letters.erase(origin);
  }
  for (const auto& origin : commands_behind_garbage(left))
    letters.erase(origin);
  for (const auto& [origin, bytes] : letters)
    violations.push_back(origin + " is in the dead letters and could be read");
}

} // namespace sonicmatch::tests::simulation
