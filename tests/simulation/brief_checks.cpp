#include "tests/simulation/checker_parts.hpp"

#include "events/error.hpp"

#include <algorithm>
#include <set>

namespace sonicmatch::tests::simulation {

namespace {

/// Feedback and erasures: commands that open nothing.
class brief_checking {
public:
  brief_checking(const aftermath& left, const std::vector<folded_partition>& truth,
                 std::vector<std::string>& violations)
    : left_(left)
    , tables_(*left.where.tables)
    , truth_(truth)
    , out_(violations) {}

  void run() {
    for (partition_id p; p.value < partition_count; p = p.next())
      check_commands(p);
    check_answers();
    check_feedback_rows();
    for (const auto& partition : truth_)
      for (const auto& [key, session] : partition.sessions)
        if (session.erased_at)
          check_erased(key);
    check_who_is_noted();
  }

private:
  const folded_session* find(const std::string& session) const {
    auto& partition = truth_[static_cast<std::size_t>(events::partition_of(session, partition_count).value)];
    auto found = partition.sessions.find(session);
    return found == partition.sessions.end() ? nullptr : &found->second;
  }

  bool is_erased(const std::string& session) const {
    const auto* found = find(session);
    return found != nullptr && found->erased_at.has_value();
  }

  void check_commands(partition_id partition) {
    std::set<std::string> parked;
    for (const auto& record : left_.where.log.records(std::string{events::topics::commands}, partition)) {
      auto head = record.value ? fields_of(*record.value) : std::nullopt;
      auto type = head ? text_of(*head, "type") : std::string{};
      if (type.empty() || !head->contains("data"))
        parked.insert(record.key);
      else if (type == "sonicmatch.erase_session.v1") // not even one that cannot be read holds it up
        check_erasure_command(record);
      else if (type == "sonicmatch.record_feedback.v1" && !parked.contains(record.key))
        check_feedback_command(record, text_of(*head, "subject"));
    }
  }

  void check_erasure_command(const ports::log_record& record) {
    erased_by_command_.insert(record.key);
    if (!is_erased(record.key))
      out_.push_back("session " + record.key + " was to be erased, and is not");
  }

  void check_feedback_command(const ports::log_record& record, const std::string& stream) {
    commanded_.insert(stream);
    const auto* session = find(record.key);
    std::size_t count = 0;
    if (session && session->feedback.contains(stream))
      count = session->feedback.at(stream).size();
    if (count > 1 || (count == 0 && !is_erased(record.key)))
      out_.push_back("feedback " + stream + " was recorded " + std::to_string(count) + " times");
  }

  void check_answers() {
    for (const auto& each : left_.clients.feedback()) {
      auto name = "the feedback given to " + each.asked_of + " on " + to_string(each.session);
      if (each.answers > 1)
        out_.push_back(name + " was answered " + std::to_string(each.answers) + " times");
      if (!each.answer || !*each.answer)
        continue;
      if (!each.is_by_its_owner)
        out_.push_back(name + " was accepted from somebody else than its owner");
      auto id = to_string((*each.answer)->id);
      if (!is_in_commands(id, to_string(each.session)))
        out_.push_back(name + " was accepted, and its command " + id + " is not in the log");
      const auto* session = find(to_string(each.session));
      auto found = session ? session->feedback.find(id) : decltype(session->feedback.end()){};
      if (session != nullptr && found != session->feedback.end()
          && text_of(found->second.front().data, "kind") != each.kind)
        out_.push_back(name + " was recorded as something else");
    }
    for (const auto& each : left_.clients.erasures()) {
      auto name = "the erasure asked of " + each.asked_of + " for " + to_string(each.session);
      if (each.answers > 1)
        out_.push_back(name + " was answered " + std::to_string(each.answers) + " times");
      if (each.answer && !*each.answer && !each.is_by_its_owner)
        out_.push_back(name + " was accepted from somebody else than its owner");
      if (each.answer && !*each.answer && !is_erased(to_string(each.session)))
        out_.push_back(name + " was accepted, and nothing came of it");
    }
  }

  /// Behind a command that cannot be read, it is in the dead letters instead.
  bool is_in_commands(const std::string& stream, const std::string& key) const {
    if (commanded_.contains(stream))
      return true;
    auto partition = events::partition_of(key, partition_count);
    const auto& all = left_.where.log.records(std::string{events::topics::commands}, partition);
    return std::any_of(all.begin(), all.end(),
                       [&](const auto& record) { return record.header_value("stream") == stream; });
  }

  /// A row for each feedback of a session that is there, as it was recorded.
  void check_feedback_rows() {
    std::size_t recorded = 0;
    for (const auto& partition : truth_)
      for (const auto& [key, session] : partition.sessions)
        for (const auto& [stream, events] : session.feedback) {
          if (session.erased_at)
            continue;
          ++recorded;
          check_feedback_row(key, stream, events.front());
        }
    if (tables_.feedback.size() != recorded)
      out_.push_back("the feedback read model has " + std::to_string(tables_.feedback.size()) + " rows, and "
                     + std::to_string(recorded) + " feedbacks are recorded");
  }

  void check_feedback_row(const std::string& key, const std::string& stream, const effective_event& event) {
    auto row = tables_.feedback.find(*events::feedback_id::parse(stream));
    if (event.version != 1)
      out_.push_back("feedback " + stream + " has version " + std::to_string(event.version));
    if (row == tables_.feedback.end())
      return out_.push_back("feedback " + stream + " is not in its read model");
    const auto& kept = row->second;
    auto same = to_string(kept.session) == key
                && (kept.user ? to_string(*kept.user) : std::string{}) == text_of(event.head, "userid")
                && kept.position == event.position && kept.slug == text_of(event.data, "slug")
                && kept.rank == number_of(event.data, "rank")
                && kept.rating.value_or(0) == number_of(event.data, "rating")
                && events::record::name_of(kept.kind) == text_of(event.data, "kind")
                && events::to_string(kept.created_at) == text_of(event.head, "time");
    if (!same)
      out_.push_back("the row of feedback " + stream + " is not the fold of its event");
  }

  /// Nothing of it is left in any read model; that of sessions is checked with the others.
  void check_erased(const std::string& key) {
    auto id = *events::session_id::parse(key);
    auto is_of_it = [&](const auto& each) { return each.second.session == id; };
    if (tables_.sessions.contains(id) || tables_.matches.contains(id)
        || std::any_of(tables_.explanations.begin(), tables_.explanations.end(), is_of_it)
        || std::any_of(tables_.feedback.begin(), tables_.feedback.end(), is_of_it)
        || std::any_of(tables_.language_model_calls.begin(), tables_.language_model_calls.end(), is_of_it))
      out_.push_back("session " + key + " is erased, and a read model still has something of it");
    for (const auto* projection :
         {"sessions", "matches", "explanations", "feedback", "language_model_calls"}) {
      auto noted = tables_.erased.find(projection);
      if (noted == tables_.erased.end() || !noted->second.contains(id))
        out_.push_back("session " + key + " is erased, and " + projection + " has not noted it");
    }
    if (!erased_by_command_.contains(key))
      out_.push_back("session " + key + " is erased, and nobody asked for it");
  }

  void check_who_is_noted() {
    for (const auto& [projection, sessions] : tables_.erased)
      for (const auto& each : sessions)
        if (!is_erased(to_string(each)))
          out_.push_back(projection + " takes session " + to_string(each) + " for erased, and it is not");
  }

  const aftermath& left_;
  const simulated_tables& tables_;
  const std::vector<folded_partition>& truth_;
  std::vector<std::string>& out_;
  std::set<std::string> commanded_;
  std::set<std::string> erased_by_command_;
};

} // namespace

void check_brief_commands(const aftermath& left, const std::vector<folded_partition>& truth,
                          std::vector<std::string>& violations) {
  brief_checking{left, truth, violations}.run();
}

} // namespace sonicmatch::tests::simulation
