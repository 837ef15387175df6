// What the gateway counts, and what it says of itself.

#include "actors/language_model/gateway.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

void gateway_state::count(const call_outcome& outcome, std::chrono::milliseconds latency) {
  figures_.latency_sum_ms += static_cast<std::uint64_t>(std::max<std::int64_t>(latency.count(), 0));
  if (const auto* failure = std::get_if<call_failure>(&outcome)) {
    ++figures_.calls_failed[failure->code];
    return;
  }
  const auto& replied = std::get<reply>(outcome);
  ++figures_.calls_replied;
  figures_.tokens += replied.usage;
  if (auto cost = cost_of(parts_.provider->settings().model, replied.usage))
    figures_.cost_micro_usd += cost->value;
}

/// Why the model does not answer everybody; empty when it does.
std::string gateway_state::trouble() const {
  if (!spending_is_known_)
    return "waits to hear from PostgreSQL what was spent today; until then the heuristic engine answers";
  if (figures_.budget_is_spent)
    return "the day's budget is spent; the heuristic engine answers until midnight, UTC";
  if (figures_.breaker != circuit_breaker::state::closed)
    return "calls fail; the heuristic engine answers until they succeed again";
  return {};
}

void gateway_state::report() {
  auto now = parts_.clock->now();
  figures_.in_flight = granted_.size() + under_way_.size();
  figures_.queued = queue_.size();
  figures_.cache_bytes = cache_.bytes();
  figures_.breaker = breaker_.now_at();
  figures_.spent_today_micro_usd = budget_.spent(now).value;
  figures_.budget_is_spent = budget_.is_spent(now);
  parts_.board->publish(figures_);
  auto reason = trouble();
  auto said = reason.empty() ? figures_.engine : figures_.engine + ": " + reason;
  if (said == said_of_health_)
    return;
  // Recommendations are made all the same, so the process is ready either way.
  parts_.health->report("language_model", true, said, !reason.empty());
  if (reason.empty())
    parts_.logger->info("the language model answers", {{"engine", figures_.engine}});
  else
    parts_.logger->warning("the language model does not answer",
                           {{"engine", figures_.engine}, {"reason", reason}});
  said_of_health_ = std::move(said);
}

} // namespace sonicmatch::actors::language_model
