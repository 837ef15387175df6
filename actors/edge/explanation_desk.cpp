#include "actors/edge/explanation_desk.hpp"

#include "actors/ownership.hpp"
#include "events/error.hpp"

#include <algorithm>
#include <iterator>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

bool explanation_desk::serve(const explanation_request& asked, events::timestamp give_up_at) {
  if (auto known = known_.find(asked.pick)) {
    if (!may_see(known->user, asked.asker))
      asked.answer(no_such_session());
    else
      asked.answer(std::move(*known));
    return true;
  }
  auto found = in_flight_.find(asked.pick);
  if (found == in_flight_.end())
    return false;
  auto& joined = found->second;
  if (!may_see(joined.owner, asked.asker)) {
    asked.answer(no_such_session());
    return true;
  }
  if (auto ended = std::exchange(joined.unclaimed, std::nullopt)) {
    in_flight_.erase(found);
    asked.answer(std::move(*ended));
  } else if (joined.durable && !asked.wait) {
    asked.answer(pending_explanation(asked.pick, joined.id, joined.owner, joined.created_at));
  } else {
    joined.waiters.push_back({asked.answer, asked.wait, give_up_at});
  }
  return true;
}

void explanation_desk::open(const events::explanation_id& id, const explanation_request& asked,
                            const std::optional<events::user_id>& owner, events::timestamp now,
                            events::timestamp deadline, events::timestamp give_up_at) {
  in_flight fresh{id, owner, now, deadline, false, {}, std::nullopt};
  fresh.waiters.push_back({asked.answer, asked.wait, give_up_at});
  in_flight_.insert_or_assign(asked.pick, std::move(fresh));
}

void explanation_desk::delivered(const explanation_delivered& report) {
  explained_pick pick{report.session, report.headphone};
  auto found = in_flight_.find(pick);
  if (found == in_flight_.end() || found->second.id != report.id)
    return; // it has ended already, or its deadline has passed
  auto& made = found->second;
  auto told = std::move(made.waiters);
  if (!report.where) {
    in_flight_.erase(found);
    for (const auto& each : told)
      each.answer(report.where.error());
    return;
  }
  made.durable = true;
  auto first_told = std::partition(told.begin(), told.end(), [](const auto& each) { return each.wait; });
  made.waiters.assign(told.begin(), first_told);
  auto pending = pending_explanation(pick, made.id, made.owner, made.created_at);
  std::for_each(first_told, told.end(), [&](const auto& each) { each.answer(pending); });
}

void explanation_desk::put(explanation_answer answer) {
  if (is_good(answer))
    known_.put(std::move(answer));
}

void explanation_desk::ended(const explanation_answer& answer, events::timestamp now) {
  put(answer);
  auto found = in_flight_.find(pick_of(answer));
  if (found == in_flight_.end() || found->second.id != answer.id)
    return;
  auto told = std::exchange(found->second.waiters, {});
  if (is_good(answer) || !told.empty()) {
    in_flight_.erase(found);
  } else {
    // Whoever was told to come back gets this, and not another that is begun for them.
    found->second.unclaimed = answer;
    found->second.forget_at = now + bounds_.unclaimed_max;
  }
  for (const auto& each : told)
    each.answer(answer);
}

void explanation_desk::forget(const events::session_id& session, const caf::error& reason) {
  known_.forget(session);
  std::vector<waiter> told;
  auto at = in_flight_.lower_bound({session, {}});
  while (at != in_flight_.end() && at->first.session == session) {
    std::move(at->second.waiters.begin(), at->second.waiters.end(), std::back_inserter(told));
    at = in_flight_.erase(at);
  }
  for (const auto& each : told)
    each.answer(reason);
}

void explanation_desk::expire(events::timestamp now) {
  std::vector<std::pair<answer_explanation, caf::expected<explanation_answer>>> told;
  for (auto at = in_flight_.begin(); at != in_flight_.end();) {
    auto& [pick, made] = *at;
    auto late = std::partition(made.waiters.begin(), made.waiters.end(),
                               [&](const auto& each) { return each.give_up_at > now; });
    for (auto each = late; each != made.waiters.end(); ++each)
      if (made.durable)
        told.emplace_back(std::move(each->answer),
                          pending_explanation(pick, made.id, made.owner, made.created_at));
      else
        told.emplace_back(std::move(each->answer),
                          make_error(errc::log_unavailable, "Kafka has not confirmed the command in time"));
    made.waiters.erase(late, made.waiters.end());
    at = made.waiters.empty() && made.forget_at <= now ? in_flight_.erase(at) : std::next(at);
  }
  for (auto& [answer, outcome] : told)
    answer(std::move(outcome));
}

void explanation_desk::hasten(events::timestamp latest) {
  for (auto& [pick, made] : in_flight_)
    for (auto& each : made.waiters)
      each.give_up_at = std::min(each.give_up_at, latest);
}

} // namespace sonicmatch::actors
