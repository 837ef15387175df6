#include "events/explanation/state.hpp"

#include <algorithm>
#include <chrono>

namespace sonicmatch::events::explanation {

namespace {

std::int64_t milliseconds_between(timestamp from, timestamp to) {
  auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(to - from).count();
  return elapsed > 0 ? elapsed : 0;
}

/// The explained pick; the command's check makes sure that there is one.
const session::match* find_pick(const std::vector<session::match>& matches, const headphone_id& wanted) {
  auto found = std::find_if(matches.begin(), matches.end(),
                            [&](const auto& each) { return each.headphone.id == wanted; });
  return found == matches.end() ? nullptr : &*found;
}

} // namespace

void request_explanation::check(const request_explanation& value, const std::string& at,
                                record::violations& wrong) {
  if (find_pick(value.matches, value.headphone) == nullptr)
    wrong.push_back({at + "/headphone_id", "not_a_match", "must be one of the session's matches"});
}

std::vector<event> decide(const state& current, const request_explanation& asked) {
  if (current.status != status::unknown)
    return {};
  return {explanation_requested{asked.id, asked.headphone, asked.preferences, asked.matches, asked.deadline}};
}

std::optional<language_model::language_model_call_started>
decide(const state& current, language_model::start_call asked, const command_id& opened_by) {
  if (current.status != status::open)
    return std::nullopt;
  return current.calls.next(opened_by, std::move(asked), current.requested_at);
}

std::vector<event> decide(const state& current, complete_explanation asked, timestamp now) {
  const auto* pick = find_pick(current.matches, current.headphone);
  if (current.status != status::open || pick == nullptr)
    return {};
  explanation_completed out;
  out.id = current.id;
  out.headphone = pick->headphone;
  out.detailed_explanation = std::move(asked.detailed_explanation);
  out.comparison_points = std::move(asked.comparison_points);
  out.engine = std::move(asked.engine);
  out.degraded = asked.degraded;
  out.degraded_reason = std::move(asked.degraded_reason);
  out.prompt_version = asked.prompt_version;
  out.calls = current.calls.summary();
  out.requested_at = current.requested_at;
  out.processing_time_ms = milliseconds_between(current.requested_at, now);
  std::vector<event> happened;
  happened.emplace_back(std::move(out));
  return happened;
}

std::vector<event> decide(const state& current, fail_explanation asked, timestamp now) {
  if (current.status != status::open)
    return {};
  return {explanation_failed{current.id, current.headphone, std::move(asked.code), std::move(asked.detail),
                             current.calls.prompt_version(), current.calls.summary(), current.requested_at,
                             milliseconds_between(current.requested_at, now)}};
}

state evolve(state current, const event& happened, stream_version version, timestamp time) {
  if (version <= current.version)
    return current;
  if (const auto* requested = std::get_if<explanation_requested>(&happened)) {
    if (current.status != status::unknown)
      return current;
    return {status::open,       version, requested->id,       requested->headphone, requested->preferences,
            requested->matches, time,    requested->deadline, current.calls};
  }
  if (current.status != status::open)
    return current;
  current.status = std::holds_alternative<explanation_completed>(happened) ? status::complete : status::error;
  current.version = version;
  return current;
}

state evolve(state current, const language_model::language_model_call_started& happened,
             stream_version version) {
  if (version <= current.version || current.status != status::open)
    return current;
  current.version = version;
  current.calls.apply(happened);
  return current;
}

state evolve(state current, const language_model::fact& happened) {
  current.calls.apply(happened);
  return current;
}

} // namespace sonicmatch::events::explanation
