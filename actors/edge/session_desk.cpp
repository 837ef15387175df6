#include "actors/edge/session_desk.hpp"

#include "actors/edge/session_cache.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

namespace {

bool asked_for_else(const session_waiter& who, const events::stream_origin& origin) {
  return who.request_hash && who.request_hash != origin.request_hash;
}

} // namespace

caf::error reused_key() {
  return make_error(errc::key_reused, "This Idempotency-Key was used for another request.");
}

void session_desk::add(sessions::iterator to, session_waiter waiter) {
  auto deadline = deadlines_.emplace(waiter.give_up_at, to->first);
  to->second.waiters.push_back({std::move(waiter), deadline});
}

template <class Test>
std::vector<answer_session> session_desk::take(sessions::iterator from, Test test) {
  std::vector<answer_session> out;
  auto& waiters = from->second.waiters;
  auto left = std::stable_partition(waiters.begin(), waiters.end(),
                                    [&](const waiting& each) { return !test(each.who); });
  for (auto each = left; each != waiters.end(); ++each) {
    deadlines_.erase(each->deadline);
    out.push_back(std::move(each->who.answer));
  }
  waiters.erase(left, waiters.end());
  if (waiters.empty())
    sessions_.erase(from);
  return out;
}

void session_desk::open(const events::session_id& id, const events::stream_origin& origin,
                        events::timestamp created_at, session_waiter first) {
  auto is_settled = !first.request_hash;
  auto opened = sessions_.try_emplace(id, awaited{created_at, origin, false, is_settled, {}}).first;
  add(opened, std::move(first));
}

void session_desk::join(const events::session_id& id, session_waiter waiter) {
  auto known = sessions_.find(id);
  add(known, std::move(waiter));
  if (known->second.is_settled)
    settle(known, events::stream_origin{known->second.origin});
}

void session_desk::join(const session_answer& found, session_waiter waiter) {
  auto known = sessions_.try_emplace(found.id, awaited{found.created_at, found.origin, true, true, {}}).first;
  add(known, std::move(waiter));
  settle(known, found.origin);
}

std::optional<session_desk::issued> session_desk::delivered(const command_delivered& report) {
  auto found = sessions_.find(report.id);
  if (found == sessions_.end() || found->second.is_durable)
    return std::nullopt; // nobody waits any more, or another command was there first
  if (!report.where) {
    for (const auto& answer : take(found, [](const auto&) { return true; }))
      answer(report.where.error());
    return std::nullopt;
  }
  found->second.is_durable = true;
  if (!found->second.is_settled)
    return std::nullopt;
  issued out{found->second.origin, found->second.created_at};
  answer_accepted(found);
  return out;
}

void session_desk::seen(const events::session_id& id, const events::stream_origin& origin) {
  // Once it is settled, a command that comes later in the log is one that lost.
  if (auto found = sessions_.find(id); found != sessions_.end() && !found->second.is_settled)
    settle(found, origin);
}

void session_desk::settle(sessions::iterator known, const events::stream_origin& origin) {
  auto id = known->first;
  auto& session = known->second;
  session.is_durable = session.is_settled = true;
  session.origin = origin;
  auto others = take(known, [&](const session_waiter& who) { return asked_for_else(who, origin); });
  if (auto left = sessions_.find(id); left != sessions_.end())
    answer_accepted(left);
  for (const auto& answer : others)
    answer(reused_key());
}

void session_desk::answer_accepted(sessions::iterator of) {
  const auto& waiters = of->second.waiters;
  if (std::all_of(waiters.begin(), waiters.end(), [](const waiting& each) { return each.who.wait; }))
    return;
  auto pending = pending_answer(of->first, of->second.origin, of->second.created_at);
  for (const auto& answer : take(of, [](const session_waiter& who) { return !who.wait; }))
    answer(pending);
}

bool session_desk::awaits_end_of(const events::session_id& id) const {
  auto found = sessions_.find(id);
  return found != sessions_.end()
         && std::any_of(found->second.waiters.begin(), found->second.waiters.end(),
                        [](const waiting& each) { return each.who.wait; });
}

void session_desk::ended(const session_answer& answer) {
  auto found = sessions_.find(answer.id);
  if (found == sessions_.end())
    return;
  for (const auto& each : take(found, [](const session_waiter& who) { return who.wait; }))
    each(answer);
}

void session_desk::fail(const events::session_id& id, const caf::error& reason) {
  auto found = sessions_.find(id);
  if (found == sessions_.end())
    return;
  for (const auto& answer : take(found, [](const auto&) { return true; }))
    answer(reason);
}

void session_desk::expire(events::timestamp now, const known_session& known) {
  while (!deadlines_.empty() && deadlines_.begin()->first <= now) {
    auto id = deadlines_.begin()->second;
    auto found = sessions_.find(id);
    caf::expected<session_answer> outcome =
      make_error(errc::log_unavailable, "Kafka has not confirmed the command in time");
    if (found->second.is_durable && found->second.is_settled) {
      auto newest = known(id);
      outcome =
        newest ? std::move(*newest) : pending_answer(id, found->second.origin, found->second.created_at);
    }
    for (const auto& answer : take(found, [&](const session_waiter& who) { return who.give_up_at <= now; }))
      answer(outcome);
  }
}

void session_desk::hasten(events::timestamp latest) {
  for (auto& [id, session] : sessions_)
    for (auto& each : session.waiters)
      if (each.who.give_up_at > latest) {
        deadlines_.erase(each.deadline);
        each.who.give_up_at = latest;
        each.deadline = deadlines_.emplace(latest, id);
      }
}

} // namespace sonicmatch::actors
