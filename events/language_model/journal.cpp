#include "events/language_model/journal.hpp"

#include <algorithm>

namespace sonicmatch::events {

call_id call_id_of(const command_id& command, unsigned n) {
  return {uuid_v5(command.value, "language_model_call/" + std::to_string(n))};
}

} // namespace sonicmatch::events

namespace sonicmatch::events::language_model {

const call_id& call_of(const fact& happened) noexcept {
  return std::visit([](const auto& each) -> const call_id& { return each.call; }, happened);
}

language_model_call_started call_journal::next(const command_id& command, start_call asked,
                                               timestamp requested_at) const {
  auto n = static_cast<unsigned>(calls_.size());
  return {call_id_of(command, n),
          static_cast<int>(n) + 1,
          asked.purpose,
          std::move(asked.provider),
          std::move(asked.model),
          asked.prompt_version,
          std::move(asked.request_hash),
          asked.deadline,
          asked.reserved.value,
          requested_at};
}

void call_journal::apply(const language_model_call_started& happened) {
  if (find(happened.call) == nullptr)
    calls_.push_back({happened.call, happened.attempt, happened.purpose, happened.provider, happened.model,
                      happened.prompt_version, happened.deadline, std::nullopt});
}

bool call_journal::apply(const fact& happened) {
  auto known = std::find_if(calls_.begin(), calls_.end(),
                            [&](const call& each) { return each.id == call_of(happened); });
  if (known == calls_.end() || known->outcome)
    return false;
  known->outcome = happened;
  return true;
}

const call* call_journal::find(const call_id& id) const noexcept {
  auto known = std::find_if(calls_.begin(), calls_.end(), [&](const call& each) { return each.id == id; });
  return known == calls_.end() ? nullptr : &*known;
}

std::optional<int> call_journal::prompt_version() const {
  return calls_.empty() ? std::nullopt : std::optional{calls_.back().prompt_version};
}

calls_summary call_journal::summary() const {
  calls_summary out;
  out.attempts = static_cast<int>(calls_.size());
  for (const auto& each : calls_) {
    const auto* replied = each.outcome ? std::get_if<language_model_reply_recorded>(&*each.outcome) : nullptr;
    const auto* failed = each.outcome ? std::get_if<language_model_call_failed>(&*each.outcome) : nullptr;
    if (replied != nullptr) {
      out.usage += replied->usage;
      out.cost_micro_usd += replied->cost_micro_usd.value_or(0);
    }
    if (!each.outcome || (replied != nullptr && !replied->cost_micro_usd)
        || (failed != nullptr && failed->may_have_been_billed))
      out.cost_is_known = false;
  }
  return out;
}

} // namespace sonicmatch::events::language_model
