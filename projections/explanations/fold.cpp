#include "events/record/writer.hpp"
#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <map>

namespace sonicmatch::projections::explanations {

namespace {

bool is_wanted(std::string_view type) {
  using namespace events::explanation;
  return events::is_of<explanation_requested>(type) || events::is_of<explanation_completed>(type)
         || events::is_of<explanation_failed>(type);
}

explanation_row row_of(events::explanation::event happened, const effective_event& event) {
  explanation_row row;
  row.answer = std::visit([](const auto& each) { return answer_of(each); }, happened);
  auto document = events::explanation::document_of(event.session, std::move(happened), event.head.time);
  row.session = event.session;
  row.headphone = document.headphone_id;
  row.id = document.id;
  row.status = document.status;
  row.document = events::record::to_json(document);
  row.created_at = document.created_at;
  row.completed_at = document.completed_at;
  row.position = event.position;
  return row;
}

class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence& fence) override {
    auto read = read_session_record(record, fence, is_wanted);
    if (!read)
      return read.error();
    if (*read && std::holds_alternative<erasure>((*read)->body))
      erased_.push_back((*read)->session);
    auto* decision = *read ? std::get_if<explanation_decision>(&(*read)->body) : nullptr;
    auto* happened = decision ? std::get_if<events::explanation::event>(&decision->body) : nullptr;
    if (happened)
      put(row_of(std::move(*happened), **read));
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  void put(explanation_row row) {
    auto [known, is_new] = places_.try_emplace({row.session, row.headphone}, rows_.size());
    if (is_new)
      rows_.push_back(std::move(row));
    else if (replaces(row, rows_[known->second]))
      rows_[known->second] = std::move(row);
  }

  std::vector<explanation_row> rows_;
  std::map<std::pair<events::session_id, events::headphone_id>, std::size_t> places_;
};

} // namespace

read_model model() {
  return {"explanations", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }, false};
}

} // namespace sonicmatch::projections::explanations
