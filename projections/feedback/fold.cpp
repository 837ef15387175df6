#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <unordered_set>

namespace sonicmatch::projections::feedback {

namespace {

using events::feedback::feedback_recorded;

feedback_row row_of(feedback_recorded happened, const effective_event& event) {
  return {
    happened.id,   event.session,          event.head.userid, happened.headphone, std::move(happened.slug),
    happened.rank, happened.overall_score, happened.kind,     happened.rating,    event.head.time,
    event.position};
}

class fold final : public row_fold {
public:
  caf::error take(const actors::ports::log_record& record, events::claim_fence& fence) override {
    auto read = read_session_record(record, fence, events::is_of<feedback_recorded>);
    if (!read)
      return read.error();
    if (*read && std::holds_alternative<erasure>((*read)->body))
      erased_.push_back((*read)->session);
    auto* decision = *read ? std::get_if<feedback_decision>(&(*read)->body) : nullptr;
    if (decision && known_.insert(decision->happened.id).second)
      rows_.push_back(row_of(std::move(decision->happened), **read));
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  std::vector<feedback_row> rows_;
  std::unordered_set<events::feedback_id> known_;
};

} // namespace

read_model model() {
  return {"feedback", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }, false};
}

} // namespace sonicmatch::projections::feedback
