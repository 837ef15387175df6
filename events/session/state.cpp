#include "events/session/state.hpp"

#include <chrono>

namespace sonicmatch::events::session {

namespace {

std::int64_t milliseconds_between(timestamp from, timestamp to) {
  auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
  return elapsed > 0 ? elapsed : 0;
}

} // namespace

std::vector<event> decide(const state& current, const request_recommendation& asked, timestamp) {
  if (current.status != status::unknown)
    return {};
  return {recommendation_requested{asked.preferences, asked.max_results, asked.deadline}};
}

std::optional<language_model::language_model_call_started>
decide(const state& current, language_model::start_call asked, const command_id& opened_by) {
  if (!is_open(current.status))
    return std::nullopt;
  return current.calls.next(opened_by, std::move(asked), current.requested_at);
}

std::vector<event> decide(const state& current, complete_recommendation asked, timestamp now) {
  if (!is_open(current.status))
    return {};
  recommendation_completed out;
  out.matches = std::move(asked.matches);
  out.relaxations = std::move(asked.relaxations);
  out.notes = std::move(asked.notes);
  out.engine = std::move(asked.engine);
  out.degraded = asked.degraded;
  out.degraded_reason = std::move(asked.degraded_reason);
  out.catalog_version = asked.catalog_version;
  out.prompt_version = asked.prompt_version;
  out.reused_call = asked.reused_call;
  out.calls = current.calls.summary();
  out.preferences = current.preferences;
  out.requested_at = current.requested_at;
  out.processing_time_ms = milliseconds_between(current.requested_at, now);
  std::vector<event> happened;
  happened.emplace_back(std::move(out));
  return happened;
}

std::vector<event> decide(const state& current, fail_recommendation asked, timestamp now) {
  if (!is_open(current.status))
    return {};
  return {recommendation_failed{std::move(asked.code), std::move(asked.detail),
                                current.calls.prompt_version(), current.calls.summary(), current.requested_at,
                                milliseconds_between(current.requested_at, now)}};
}

std::vector<fact> decide(const state& current, const erase_session& asked) {
  if (current.status == status::erased)
    return {};
  return {session_erased{asked.reason}};
}

state evolve(state current, const event& happened, stream_version version, timestamp time) {
  if (version <= current.version)
    return current;
  if (const auto* requested = std::get_if<recommendation_requested>(&happened)) {
    if (current.status != status::unknown)
      return current;
    return {status::pending,     version,      requested->preferences, requested->max_results, time,
            requested->deadline, current.calls};
  }
  if (!is_open(current.status))
    return current;
  current.status =
    std::holds_alternative<recommendation_completed>(happened) ? status::complete : status::error;
  current.version = version;
  return current;
}

state evolve(state current, const language_model::language_model_call_started& happened,
             stream_version version) {
  if (version <= current.version || !is_open(current.status))
    return current;
  current.status = status::processing;
  current.version = version;
  current.calls.apply(happened);
  return current;
}

state evolve(const state& current, const session_erased&) {
  state out;
  out.status = status::erased;
  out.version = current.version;
  return out;
}

state evolve(state current, const language_model::fact& happened) {
  current.calls.apply(happened);
  return current;
}

} // namespace sonicmatch::events::session
