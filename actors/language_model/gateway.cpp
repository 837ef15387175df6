#include "actors/language_model/gateway.hpp"

#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

namespace {

constexpr std::chrono::milliseconds tick_interval{1'000};
/// Those who ask at the start wait so long for the sum of what was spent before.
constexpr std::chrono::milliseconds sum_patience{3'000};

/// Whether a failure says that the model is down, and not that a request was wrong.
bool speaks_against_the_model(const call_failure& failure) {
  return failure.retriable || failure.code == "authentication" || failure.code == "permission"
         || failure.code == "billing" || failure.code == "spend_limit";
}

} // namespace

void gateway_state::begin(gateway_parts parts) {
  parts_ = std::move(parts);
  const auto& settings = parts_.settings;
  breaker_ = circuit_breaker{settings.breaker};
  budget_ = daily_budget{settings.budget_per_day};
  cache_ = answer_cache{settings.cache};
  queue_ = fair_queue<partition_id, ask_admission>{settings.queue_max};
  self_->set_down_handler([this](const caf::down_msg& down) { owner_ended(down.source); });
  figures_.engine = engine_name_of(parts_.provider->settings().model);
  figures_.budget_limit_micro_usd = settings.budget_per_day.value;
  spending_is_known_ = !budget_.has_limit();
  sum_awaited_until_ = parts_.clock->now() + sum_patience;
  if (!spending_is_known_)
    ask_for_spending();
  report();
  self_->delayed_send(self_, tick_interval, gateway_tick{});
}

// -- admission ------------------------------------------------------------------

void gateway_state::admit(const ask_admission& asked) {
  watch(asked.owner);
  if (asked.question.empty())
    return enqueue(asked);
  auto now = parts_.clock->now();
  if (auto known = cache_.find(asked.question, now)) {
    ++figures_.answers_reused;
    return answer_with(asked, std::move(known));
  }
  auto [under_way, is_new] = flights_.try_emplace(asked.question);
  if (!is_new)
    return under_way->second.others.push_back(asked);
  under_way->second.leader = asked;
  enqueue(asked);
}

void gateway_state::enqueue(const ask_admission& asked) {
  if (!queue_.push(asked.partition, asked))
    refuse(asked, "queue_full");
  serve_queue();
}

// They wait while all places are taken, and a moment for the sum of what has been spent.
void gateway_state::serve_queue() {
  auto now = parts_.clock->now();
  while (queue_.size() > 0) {
    auto is_full = granted_.size() + under_way_.size() >= parts_.settings.in_flight_max;
    auto waits_for_sum = !spending_is_known_ && now < sum_awaited_until_;
    if (waits_for_sum || (is_full && !breaker_.refuses(now)))
      break;
    auto asked = *queue_.pop();
    if (auto reason = refusal_of(asked, now); !reason.empty()) {
      refuse(asked, reason);
      continue;
    }
    granted_.insert_or_assign(asked.stream, asked);
    auto says = trying_ == asked.stream ? call_admitted::verdict::trial : call_admitted::verdict::granted;
    caf::anon_send(asked.owner, call_admitted{asked.generation, asked.stream, says, {}, nullptr});
  }
  report();
}

std::string gateway_state::refusal_of(const ask_admission& asked, events::timestamp now) {
  if (now >= asked.give_up_at)
    return "deadline_exceeded";
  if (!spending_is_known_)
    return "budget_unknown";
  if (!breaker_.admits(now))
    return "breaker_open";
  auto is_trying = breaker_.now_at() == circuit_breaker::state::half_open;
  if (!budget_.try_reserve(asked.call, asked.cost_max, asked.give_up_at, now)) {
    if (is_trying)
      breaker_.abandoned();
    return "budget_spent";
  }
  if (is_trying)
    trying_ = asked.stream;
  return {};
}

// Whoever waits for the same question is refused with it, but for a reason that is the
// asker's own: then the next one asks.
void gateway_state::refuse(const ask_admission& asked, const std::string& reason) {
  ++figures_.refused[reason];
  caf::anon_send(asked.owner, call_admitted{asked.generation, asked.stream, call_admitted::verdict::refused,
                                            reason, nullptr});
  auto asked_for_all = flights_.find(asked.question);
  if (asked_for_all == flights_.end() || asked_for_all->second.leader.stream != asked.stream)
    return;
  if (reason == "deadline_exceeded")
    return leave_flights(departure{asked});
  auto others = std::move(asked_for_all->second.others);
  flights_.erase(asked_for_all);
  for (const auto& each : others)
    refuse(each, reason);
}

void gateway_state::answer_with(const ask_admission& asked, answer_ptr answer) {
  caf::anon_send(
    asked.owner,
    call_admitted{asked.generation, asked.stream, call_admitted::verdict::answered, {}, std::move(answer)});
  report();
}

void gateway_state::settle(const settle_question& done) {
  if (done.answer)
    cache_.put(done.question, done.answer, parts_.clock->now());
  auto under_way = flights_.find(done.question);
  if (under_way == flights_.end() || under_way->second.leader.stream != done.stream)
    return report();
  auto others = std::move(under_way->second.others);
  flights_.erase(under_way);
  for (const auto& each : others) {
    if (!done.answer) {
      refuse(each, done.reason);
      continue;
    }
    ++figures_.answers_shared;
    answer_with(each, done.answer);
  }
  report();
}

// -- those who leave --------------------------------------------------------------

void gateway_state::forget(const withdraw& asked) {
  leave(departure{asked});
}

void gateway_state::owner_ended(const caf::actor_addr& owner) {
  watched_.erase(owner);
  for (const auto& [id, call] : under_way_)
    if (call.owner == owner)
      parts_.client->cancel(call.ticket);
  leave(departure{owner});
}

void gateway_state::leave(const departure& who) {
  queue_.erase_if([&](const auto& each) { return who.concerns(each); });
  std::erase_if(granted_, [&](const auto& each) {
    if (!who.concerns(each.second))
      return false;
    budget_.release(each.second.call);
    if (trying_ == each.first) {
      trying_.reset();
      breaker_.abandoned();
    }
    return true;
  });
  leave_flights(who);
  serve_queue();
}

// The next of those who wait for a question asks it when the first one goes.
void gateway_state::leave_flights(const departure& who) {
  std::vector<ask_admission> next;
  for (auto each = flights_.begin(); each != flights_.end();) {
    auto& [leader, others] = each->second;
    std::erase_if(others, [&](const auto& other) { return who.concerns(other); });
    if (!who.concerns(leader)) {
      ++each;
      continue;
    }
    if (others.empty()) {
      each = flights_.erase(each);
      continue;
    }
    leader = std::move(others.front());
    others.pop_front();
    next.push_back(leader);
    ++each;
  }
  for (const auto& each : next)
    enqueue(each);
}

void gateway_state::cancel_all() {
  for (const auto& [id, call] : under_way_)
    parts_.client->cancel(call.ticket);
}

void gateway_state::watch(const partition_owner& owner) {
  if (watched_.insert(caf::actor_cast<caf::actor_addr>(owner)).second)
    self_->monitor(owner);
}

// -- calls ----------------------------------------------------------------------

void gateway_state::make(make_call wanted) {
  auto place = granted_.find(wanted.stream);
  if (place == granted_.end() || place->second.call != wanted.call) {
    parts_.logger->error("a call of the language model was not admitted",
                         {{"stream", to_string(wanted.stream)}});
    call_failure failure; // it is made again once it has a place
    failure.retriable = true;
    failure.code = "not_admitted";
    failure.detail = "the call has no place";
    caf::anon_send(wanted.owner, call_ended{wanted.call, std::move(failure), {}, false});
    return;
  }
  granted_.erase(place);
  auto& call = under_way_[wanted.call];
  call.owner = wanted.owner;
  call.sent_at = parts_.clock->now();
  call.tries_the_model = trying_ == wanted.stream;
  if (call.tries_the_model)
    trying_.reset();
  // The transport may answer at once, and then by a message all the same.
  call.ticket = parts_.client->post(std::move(wanted.request),
                                    [me = caf::actor_cast<language_model_gateway>(self_),
                                     id = wanted.call](caf::expected<ports::http_response> response) {
                                      caf::anon_send(me, http_answered{id, std::move(response)});
                                    });
  report();
}

void gateway_state::answered(const http_answered& report_of) {
  auto known = under_way_.find(report_of.call);
  if (known == under_way_.end())
    return;
  auto call = std::move(known->second);
  under_way_.erase(known);
  auto now = parts_.clock->now();
  auto latency = std::chrono::duration_cast<std::chrono::milliseconds>(now - call.sent_at);
  auto outcome = report_of.response ? parts_.provider->read(*report_of.response, now)
                                    : call_outcome{failure_of(report_of.response.error())};
  tell_breaker(call, outcome);
  count(outcome, latency);
  auto is_down = std::holds_alternative<call_failure>(outcome) && breaker_.refuses(now);
  caf::anon_send(call.owner, call_ended{report_of.call, std::move(outcome), latency, is_down});
  serve_queue();
}

void gateway_state::tell_breaker(const call_under_way& call, const call_outcome& outcome) {
  const auto* failure = std::get_if<call_failure>(&outcome);
  if (failure == nullptr)
    breaker_.succeeded();
  else if (speaks_against_the_model(*failure))
    breaker_.failed(parts_.clock->now());
  else if (call.tries_the_model)
    breaker_.abandoned();
}

language_model_gateway::behavior_type
language_model_gateway_actor(language_model_gateway::stateful_pointer<gateway_state> self,
                             gateway_parts parts) {
  self->state.begin(std::move(parts));
  return {
    [self](const ask_admission& asked) { self->state.admit(asked); },
    [self](make_call& wanted) { self->state.make(std::move(wanted)); },
    [self](const settle_question& done) { self->state.settle(done); },
    [self](const withdraw& asked) { self->state.forget(asked); },
    [self](const cancel_calls&) { self->state.cancel_all(); },
    [self](const http_answered& report) { self->state.answered(report); },
    [self](const spending_batch& arrived) { self->state.read_spending(arrived); },
    [self](const spending_caught_up& at) { self->state.caught_up(at); },
    [self](const spending_found& report) { self->state.found_spending(report); },
    [self](const gateway_tick&) { self->state.tick(); },
  };
}

} // namespace sonicmatch::actors::language_model
