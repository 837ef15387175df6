#include "tests/simulation/checker.hpp"

#include "events/error.hpp"
#include "tests/simulation/checker_parts.hpp"

#include <algorithm>

namespace sonicmatch::tests::simulation {

namespace {

using namespace std::chrono_literals;

constexpr auto after_deadline_max = 30s;

class checking {
public:
  explicit checking(const aftermath& left)
    : left_(left) {
    for (partition_id p; p.value < partition_count; p = p.next())
      truth_.push_back(fold_events(left.where.log, p));
  }

  std::vector<std::string> run() && {
    for (auto& each : truth_)
      for (auto& fault : each.faults)
        out_.push_back(std::move(fault));
    for (partition_id p; p.value < partition_count; p = p.next()) {
      check_commands(p);
      check_streams(p);
    }
    check_answers();
    check_questions();
    check_explained();
    check_read_models(left_, truth_, out_);
    check_keys(left_, truth_, out_);
    check_calls(left_, truth_, out_);
    check_brief_commands(left_, truth_, out_);
    check_dead_letters(left_, truth_, out_);
    return std::move(out_);
  }

private:
  const folded_session* find(const std::string& session) const {
    auto& partition = truth_[static_cast<std::size_t>(events::partition_of(session, partition_count).value)];
    auto found = partition.sessions.find(session);
    return found == partition.sessions.end() ? nullptr : &found->second;
  }

  void check_commands(partition_id partition) {
    std::set<std::string> parked; // a session's later commands wait behind one that cannot be read
    for (const auto& record : left_.where.log.records(std::string{events::topics::commands}, partition)) {
      auto head = record.value ? fields_of(*record.value) : std::nullopt;
      auto data = head && head->contains("data") ? fields_of(head->at("data")) : std::nullopt;
      if (!data)
        parked.insert(record.key);
      if (!data || parked.contains(record.key))
        continue;
      auto type = text_of(*head, "type");
      if (type == "sonicmatch.erase_session.v1" || type == "sonicmatch.record_feedback.v1")
        continue;
      auto subject = text_of(*head, "subject");
      if (subject != record.key) {
        check_explanation(record, subject, *data);
        continue;
      }
      if (commanded_.try_emplace(record.key, origin_in(*head)).second) // the first one counts
        check_command(record, *data);
    }
    auto end = left_.where.log.end_of(std::string{events::topics::commands}, partition);
    if (left_.where.commands_committed(partition).value_or(log_offset{}) != end)
      out_.push_back("commands[" + to_string(partition) + "] is not committed up to its end, "
                     + to_string(end));
  }

  void check_command(const ports::log_record& record, const json_fields& data) {
    const auto* session = find(record.key);
    std::vector<const effective_event*> ends;
    if (session)
      for (const auto& event : session->events)
        if (event.is_terminal())
          ends.push_back(&event);
    auto is_erased = session != nullptr && session->erased_at;
    if (ends.size() > 1 || (ends.empty() && !is_erased))
      out_.push_back("session " + record.key + ", asked for at "
                     + to_string(log_position{record.partition, record.offset}) + ", has "
                     + std::to_string(ends.size()) + " effective terminal events");
    auto deadline = events::parse_timestamp(text_of(data, "deadline"));
    for (const auto* end : ends)
      if (!deadline || end->logged_at > *deadline + after_deadline_max)
        out_.push_back("session " + record.key + " ended more than 30 s after its deadline");
  }

  /// An explanation that was asked for has one end, and its stream has no hole.
  void check_explanation(const ports::log_record& record, const std::string& stream,
                         const json_fields& data) {
    const auto* session = find(record.key);
    auto found = session ? session->explanations.find(stream) : decltype(session->explanations.end()){};
    auto is_erased = session != nullptr && session->erased_at;
    if (is_erased && found == session->explanations.end())
      return;
    if (session == nullptr || found == session->explanations.end())
      return out_.push_back("explanation " + stream + " was asked for, and nothing came of it");
    auto deadline = events::parse_timestamp(text_of(data, "deadline"));
    std::int64_t version = 0;
    std::size_t ends = 0;
    for (const auto& event : found->second) {
      if (event.version != ++version)
        out_.push_back("explanation " + stream + " has version " + std::to_string(event.version) + " where "
                       + std::to_string(version) + " is due");
      if (!event.is_terminal())
        continue;
      ++ends;
      if (!deadline || event.logged_at > *deadline + after_deadline_max)
        out_.push_back("explanation " + stream + " ended more than 30 s after its deadline");
    }
    if (ends > 1 || (ends == 0 && !is_erased))
      out_.push_back("explanation " + stream + " has " + std::to_string(ends) + " effective terminal events");
  }

  /// Whoever was given an explanation was given one that is in the log.
  void check_explained() {
    for (const auto& each : left_.clients.explanations()) {
      auto name = "the request to " + each.asked_of + " to explain " + to_string(each.session);
      if (each.answers > 1)
        out_.push_back(name + " was answered " + std::to_string(each.answers) + " times");
      if (!each.answer || !*each.answer)
        continue;
      if (!each.is_by_its_owner)
        out_.push_back(name + " was answered to somebody else than its owner");
      auto document = fields_of(*(*each.answer)->document);
      const auto* session = find(to_string(each.session));
      auto id = document ? text_of(*document, "explanation_id") : std::string{};
      if (session == nullptr || !document || text_of(*document, "session_id") != to_string(each.session)) {
        out_.push_back(name + " got a document of something else");
        continue;
      }
      if (text_of(*document, "status") == "pending")
        continue;
      auto stream = session->explanations.find(id);
      auto is_told = stream != session->explanations.end()
                     && std::any_of(stream->second.begin(), stream->second.end(), [&](const auto& event) {
                          auto text = event.data.find("detailed_explanation");
                          auto told = document->find("detailed_explanation");
                          return event.is_terminal()
                                 && (text == event.data.end()) == (told == document->end())
                                 && (text == event.data.end() || text->second == told->second);
                        });
      if (!is_told)
        out_.push_back(name + " got an explanation that is in no event");
    }
  }

  void check_streams(partition_id partition) {
    for (const auto& [key, session] : truth_[static_cast<std::size_t>(partition.value)].sessions) {
      std::int64_t version = 0;
      for (const auto& event : session.events)
        if (event.version != ++version) {
          out_.push_back("session " + key + " has version " + std::to_string(event.version) + " at "
                         + to_string(event.position) + " where " + std::to_string(version) + " is due");
          break;
        }
      auto command = commanded_.find(key);
      if (!session.events.empty() && command == commanded_.end())
        out_.push_back("session " + key + " has events, and no command");
      else if (command != commanded_.end())
        check_origin(key, session, command->second);
    }
  }

  /// All that a session leads to is its user's.
  void check_origin(const std::string& key, const folded_session& session,
                    const std::pair<std::string, std::string>& asked) {
    for (const auto& event : session.events)
      if (origin_in(event.head) != asked)
        out_.push_back("session " + key + " has an event of another origin at " + to_string(event.position));
    for (const auto& [stream, events] : session.explanations)
      for (const auto& event : events)
        if (origin_in(event.head) != std::pair{asked.first, std::string{}})
          out_.push_back("explanation " + stream + " is not of its session's user");
    for (const auto& partition : truth_)
      for (const auto& [call, outcome] : partition.outcomes)
        if (text_of(outcome.head, "partitionkey") == key && text_of(outcome.head, "userid") != asked.first)
          out_.push_back("call " + call + " is not of its session's user");
  }

  void check_answers() {
    std::size_t number = 0;
    for (const auto& each : left_.clients.requests()) {
      auto name = "request " + std::to_string(++number) + " to " + each.asked_of;
      if (each.answers > 1)
        out_.push_back(name + " was answered " + std::to_string(each.answers) + " times");
      if (!each.answer || !*each.answer)
        continue;
      const auto& answer = **each.answer;
      if (!commanded_.contains(to_string(answer.id)))
        out_.push_back(name + " was confirmed, and its command " + to_string(answer.id)
                       + " is not in the log");
      if (answer.origin.user != each.user)
        out_.push_back(name + " was answered with a session of somebody else");
      check_document(name, answer);
    }
  }

  /// Any document an edge gives out is the one after some effective event, or that
  /// of a session whose command is all that is known.
  void check_document(const std::string& name, const actors::session_answer& answer) {
    auto id = to_string(answer.id);
    auto document = fields_of(*answer.document);
    if (!document || text_of(*document, "session_id") != id)
      return out_.push_back(name + " got a document of something else");
    const auto* session = find(id);
    auto version = number_of(*document, "version");
    if (version == 0 && !answer.terminal && text_of(*document, "status") == "pending")
      return;
    if (session)
      for (const auto& event : session->events)
        if (event.version == version && document_after(event, id) == *document
            && event.is_terminal() == answer.terminal)
          return;
    out_.push_back(name + " got a document of " + id
                   + " that is not the one of its event: " + answer.document->substr(0, 300));
  }

  void check_questions() {
    for (const auto& each : left_.clients.questions()) {
      auto name = "the question to " + each.asked_of + " for " + to_string(each.id);
      if (!each.answer) {
        if (each.at_the_end)
          out_.push_back(name + " was never answered although all had healed");
        continue;
      }
      auto found = each.answer->engaged();
      auto code = found ? events::errc::none : events::code_of(each.answer->error());
      if (found && !each.id_is_known)
        out_.push_back(name + ", which nobody has asked for, was answered");
      if (found)
        check_document(name, **each.answer);
      const auto* session = find(to_string(each.id));
      if (session && session->erased_at) {
        if (each.at_the_end && code != events::errc::erased)
          out_.push_back(name + " was not answered as for an erased session although all had healed");
        continue;
      }
      if (code == events::errc::erased)
        out_.push_back(name + " was answered as for an erased session");
      if (session && session->parked_from)
        continue; // its read model stands still, and may not even know it
      if (each.id_is_known && code == events::errc::not_found)
        out_.push_back(name + " was answered with not_found");
      if (each.at_the_end && !(found && (*each.answer)->terminal))
        out_.push_back(name + " was not answered with how it ended although all had healed");
    }
  }

  const aftermath& left_;
  std::vector<folded_partition> truth_;
  std::map<std::string, std::pair<std::string, std::string>> commanded_; ///< with their origin
  std::vector<std::string> out_;
};

} // namespace

std::vector<std::string> violations_of(const aftermath& left) {
  return checking{left}.run();
}

} // namespace sonicmatch::tests::simulation
