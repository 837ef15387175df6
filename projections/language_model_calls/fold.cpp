#include "projections/read_model.hpp"
#include "projections/session_records.hpp"

#include <unordered_set>

namespace sonicmatch::projections::language_model_calls {

namespace {

using events::language_model::language_model_call_failed;
using events::language_model::language_model_reply_recorded;

bool is_wanted(std::string_view type) {
  return events::is_of<language_model_reply_recorded>(type)
         || events::is_of<language_model_call_failed>(type);
}

void put(call_row& row, language_model_reply_recorded& replied) {
  row.outcome = outcome::replied;
  row.stopped = std::move(replied.stopped);
  row.usage = replied.usage;
  if (replied.cost_micro_usd)
    row.cost = events::micro_dollars{*replied.cost_micro_usd};
  row.response_id = std::move(replied.response_id);
}

void put(call_row& row, language_model_call_failed& failed) {
  row.outcome = outcome::failed;
  row.code = std::move(failed.code);
  if (failed.http_status != 0)
    row.http_status = failed.http_status;
  if (!failed.may_have_been_billed)
    row.cost = events::micro_dollars{};
  row.may_have_been_billed = failed.may_have_been_billed;
  if (failed.cost_max_micro_usd)
    row.cost_max = events::micro_dollars{*failed.cost_max_micro_usd};
}

template <class Fact>
call_row row_of(Fact fact) {
  call_row row;
  row.id = fact.call;
  row.attempt = fact.attempt;
  row.purpose = fact.purpose;
  row.provider = std::move(fact.provider);
  row.model = std::move(fact.model);
  row.prompt_version = fact.prompt_version;
  row.latency_ms = fact.latency_ms;
  row.request_id = std::move(fact.request_id);
  put(row, fact);
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
    auto* ended = *read ? std::get_if<call_ended>(&(*read)->body) : nullptr;
    if (ended)
      take(std::move(*ended), **read);
    return caf::none;
  }

  row_set finish() override {
    return std::move(rows_);
  }

private:
  void take(call_ended ended, const effective_event& event) {
    auto row = std::visit([](auto& fact) { return row_of(std::move(fact)); }, ended.fact);
    if (!known_.insert(row.id).second)
      return;
    row.session = event.session;
    row.explanation = ended.explanation;
    row.recorded_at = event.head.time;
    row.position = event.position;
    rows_.push_back(std::move(row));
  }

  std::vector<call_row> rows_;
  std::unordered_set<events::call_id> known_;
};

} // namespace

read_model model() {
  return {"language_model_calls", std::string{events::topics::events},
          []() -> std::unique_ptr<row_fold> { return std::make_unique<fold>(); }, false};
}

} // namespace sonicmatch::projections::language_model_calls
