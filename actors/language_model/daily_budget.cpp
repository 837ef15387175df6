#include "actors/language_model/daily_budget.hpp"

#include "events/language_model/journal.hpp"

namespace sonicmatch::actors::language_model {

namespace {

/// A reservation whose outcome has not been read this long after its call's deadline
/// is that of a process that was killed.
constexpr std::chrono::seconds outcome_patience{60};

/// Repeats of an outcome stand close together in the log.
constexpr std::size_t settled_max = 20'000;

} // namespace

void daily_budget::turn_to(events::timestamp now) {
  auto day = std::chrono::floor<std::chrono::days>(now);
  if (day == day_)
    return;
  day_ = day;
  spent_ = {};
  refused_ = false;
}

void daily_budget::begin(events::micro_dollars spent, events::timestamp now) {
  turn_to(now);
  spent_.value += spent.value;
}

void daily_budget::forget_what_is_over(events::timestamp now) {
  std::erase_if(reservations_, [&](const auto& each) {
    if (each.second.until + outcome_patience > now)
      return false;
    reserved_.value -= each.second.cost_max.value;
    return true;
  });
}

bool daily_budget::try_reserve(const events::call_id& call, events::micro_dollars cost_max,
                               events::timestamp until, events::timestamp now) {
  turn_to(now);
  if (!has_limit() || reservations_.contains(call))
    return true;
  if (spent_.value + reserved_.value + cost_max.value > limit_.value)
    forget_what_is_over(now);
  if (spent_.value + reserved_.value + cost_max.value > limit_.value) {
    refused_ = true;
    return false;
  }
  reservations_.emplace(call, reservation{cost_max, until});
  reserved_.value += cost_max.value;
  refused_ = false;
  return true;
}

void daily_budget::release(const events::call_id& call) {
  auto known = reservations_.find(call);
  if (known == reservations_.end())
    return;
  reserved_.value -= known->second.cost_max.value;
  reservations_.erase(known);
}

void daily_budget::apply(const events::language_model::language_model_call_started& happened,
                         events::timestamp now) {
  turn_to(now);
  if (reservations_.contains(happened.call) || settled_.contains(happened.call)
      || happened.deadline + outcome_patience < now)
    return;
  reservations_.emplace(happened.call, reservation{{happened.reserved_micro_usd}, happened.deadline});
  reserved_.value += happened.reserved_micro_usd;
}

void daily_budget::remember_settled(const events::call_id& call) {
  settled_.insert(call);
  settled_in_order_.push_back(call);
  if (settled_in_order_.size() > settled_max) {
    settled_.erase(settled_in_order_.front());
    settled_in_order_.pop_front();
  }
}

void daily_budget::apply(const events::language_model::fact& happened, events::timestamp recorded_at,
                         events::timestamp now) {
  turn_to(now);
  const auto& call = call_of(happened);
  release(call);
  if (settled_.contains(call))
    return;
  remember_settled(call);
  if (std::chrono::floor<std::chrono::days>(recorded_at) != day_)
    return;
  if (const auto* replied = std::get_if<events::language_model::language_model_reply_recorded>(&happened))
    spent_.value += replied->cost_micro_usd.value_or(0);
  else if (const auto* failed = std::get_if<events::language_model::language_model_call_failed>(&happened))
    spent_.value += failed->cost_max_micro_usd.value_or(0);
}

events::micro_dollars daily_budget::spent(events::timestamp now) {
  turn_to(now);
  return spent_;
}

bool daily_budget::is_spent(events::timestamp now) {
  turn_to(now);
  return refused_;
}

} // namespace sonicmatch::actors::language_model
