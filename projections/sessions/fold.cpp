#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <unordered_map>

namespace sonicmatch::projections::sessions {

namespace {

events::session::document document_of(session_decision decision, const effective_event& event) {
  using started = events::language_model::language_model_call_started;
  if (const auto* call = std::get_if<started>(&decision.body))
    return events::session::document_of(event.session, *call, decision.version, event.position);
  return events::session::document_of(event.session,
                                      std::get<events::session::event>(std::move(decision.body)),
                                      decision.version, event.head.time, event.position);
}

answer_columns answer_after(const session_decision& decision) {
  const auto* happened = std::get_if<events::session::event>(&decision.body);
  return happened ? std::visit([](const auto& each) { return answer_of(each); }, *happened)
                  : answer_columns{};
}

session_row row_of(session_decision decision, const effective_event& event) {
  session_row row;
  row.id = event.session;
  row.answer = answer_after(decision);
  row.version = decision.version;
  row.position = event.position;
  row.command = event.head.causationid;
  row.correlation = event.head.correlationid;
  row.origin = event.head.origin();
  row.since = decision.version;
  auto document = document_of(std::move(decision), event);
  row.status = document.status;
  row.document = events::record::to_json(document);
  row.created_at = document.created_at;
  row.completed_at = document.completed_at;
  return row;
}

/// Reads all records, those that it has no use for too: it is the one that finds what
/// cannot be read in the topic.
class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence& fence) override {
    auto read = read_session_record(record, fence);
    if (!read)
      return read.error();
    if (*read && std::holds_alternative<erasure>((*read)->body))
      erased_.push_back((*read)->session);
    if (*read)
      if (auto* decision = std::get_if<session_decision>(&(*read)->body))
        take(std::move(*decision), **read);
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  void take(session_decision decision, const effective_event& event) {
    auto [known, is_new] = places_.try_emplace(event.session, rows_.size());
    if (is_new) {
      rows_.push_back(row_of(std::move(decision), event));
      return;
    }
    auto& row = rows_[known->second];
    if (decision.version <= row.version)
      return;
    auto command = row.command;
    auto since = row.since;
    row = row_of(std::move(decision), event);
    row.command = command;
    row.since = since;
  }

  std::vector<session_row> rows_;
  std::unordered_map<events::session_id, std::size_t> places_;
};

} // namespace

read_model model() {
  return {"sessions", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }};
}

} // namespace sonicmatch::projections::sessions
