#include "actors/recommender/deliberation.hpp"

#include "actors/language_model/retry.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

using namespace events::language_model;
using kind = next_step::kind;

template <class Outcome>
const Outcome* outcome_of(const call& which) {
  return which.outcome ? std::get_if<Outcome>(&*which.outcome) : nullptr;
}

int count_failed(const call_journal& calls) {
  return static_cast<int>(std::count_if(calls.calls().begin(), calls.calls().end(), [](const call& each) {
    return outcome_of<language_model_call_failed>(each) != nullptr;
  }));
}

int count_lost(const call_journal& calls) {
  return static_cast<int>(std::count_if(calls.calls().begin(), calls.calls().end(),
                                        [](const call& each) { return !each.outcome; }));
}

/// Only one round of repair: a model that does not understand twice will not.
bool was_repaired(const call_journal& calls) {
  return std::any_of(calls.calls().begin(), calls.calls().end(), [](const call& each) {
    return each.purpose == purpose::repair && outcome_of<language_model_reply_recorded>(each) != nullptr;
  });
}

} // namespace

events::timestamp give_up_time(events::timestamp deadline, const call_policy& policy) noexcept {
  return deadline - policy.margin;
}

next_step deliberate(const call_journal& calls, const call_situation& known, const call_policy& policy,
                     events::timestamp deadline, events::timestamp now) {
  auto give_up_at = give_up_time(deadline, policy);
  auto call_or = [&](purpose why, std::string reason) {
    return now + policy.call_time_min > give_up_at ? next_step{kind::conclude, why, std::move(reason)}
                                                   : next_step{kind::call, why, {}};
  };
  const auto* newest = calls.newest();
  if (newest == nullptr)
    return call_or(purpose::answer, "deadline_exceeded");
  if (!newest->outcome) {
    if (known.is_under_way)
      return {};
    auto may_still_come = known.is_awaited && now < newest->deadline + policy.former_owner_patience;
    if (may_still_come && now < give_up_at)
      return {};
    if (count_lost(calls) >= policy.lost_max)
      return {kind::conclude, newest->purpose, "calls_lost"};
    return call_or(newest->purpose, "calls_lost");
  }
  if (outcome_of<language_model_reply_recorded>(*newest) != nullptr) {
    if (known.is_clean)
      return {kind::conclude, newest->purpose, {}};
    if (known.may_repair && !was_repaired(calls))
      return call_or(purpose::repair, known.fault);
    return {kind::conclude, newest->purpose, known.fault};
  }
  const auto& failed = *outcome_of<language_model_call_failed>(*newest);
  if (!known.retry_at || *known.retry_at + policy.call_time_min > give_up_at)
    return {kind::conclude, newest->purpose, failed.code};
  if (now < *known.retry_at)
    return {};
  return call_or(newest->purpose, failed.code);
}

std::optional<events::timestamp> retry_time(const call_journal& calls, const call_policy& policy,
                                            double chance, events::timestamp now) {
  const auto* failed =
    calls.newest() == nullptr ? nullptr : outcome_of<language_model_call_failed>(*calls.newest());
  if (failed == nullptr || !failed->retriable)
    return std::nullopt;
  auto retries_left = policy.retries_max - (count_failed(calls) - 1);
  if (retries_left <= 0)
    return std::nullopt;
  std::optional<std::chrono::milliseconds> asked;
  if (failed->retry_after_ms)
    asked = std::chrono::milliseconds{*failed->retry_after_ms};
  if (asked && *asked > language_model::retry_after_max)
    return std::nullopt;
  return now + language_model::retry_wait(retries_left, policy.retries_max, asked, chance);
}

} // namespace sonicmatch::actors
