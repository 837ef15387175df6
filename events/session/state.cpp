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

std::vector<event> decide(const state& current, complete_recommendation asked, timestamp now) {
  if (current.status != status::pending)
    return {};
  std::vector<event> out;
  out.push_back(recommendation_completed{std::move(asked.matches), std::move(asked.relaxations),
                                         std::move(asked.notes), std::move(asked.engine), asked.degraded,
                                         asked.catalog_version, current.requested_at,
                                         milliseconds_between(current.requested_at, now)});
  return out;
}

std::vector<event> decide(const state& current, fail_recommendation asked, timestamp now) {
  if (current.status != status::pending)
    return {};
  return {recommendation_failed{std::move(asked.code), std::move(asked.detail), current.requested_at,
                                milliseconds_between(current.requested_at, now)}};
}

state evolve(state current, const event& happened, stream_version version, timestamp time) {
  if (version <= current.version)
    return current;
  if (const auto* requested = std::get_if<recommendation_requested>(&happened)) {
    if (current.status != status::unknown)
      return current;
    return {status::pending,        version, requested->preferences,
            requested->max_results, time,    requested->deadline};
  }
  if (current.status != status::pending)
    return current;
  current.status =
    std::holds_alternative<recommendation_completed>(happened) ? status::complete : status::error;
  current.version = version;
  return current;
}

} // namespace sonicmatch::events::session
