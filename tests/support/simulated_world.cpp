#include "tests/support/simulated_world.hpp"

#include <caf/actor_cast.hpp>
#include <caf/scheduled_actor.hpp>
#include <caf/send.hpp>

#include <algorithm>

namespace sonicmatch::tests {

namespace {

/// 2026-01-01T00:00:00Z, when every run begins.
constexpr events::timestamp beginning{std::chrono::seconds{1'767'225'600}};

caf::actor_clock::time_point alarm_time(events::timestamp time) {
  return caf::actor_clock::time_point{time.time_since_epoch()};
}

events::timestamp world_time(caf::actor_clock::time_point time) {
  return events::timestamp{std::chrono::ceil<std::chrono::microseconds>(time.time_since_epoch())};
}

} // namespace

simulated_world::simulated_world(std::uint64_t seed)
  : engine_(seed)
  , now_(beginning) {}

simulated_world::duration simulated_world::draw_delay(duration shortest, duration longest) {
  auto part = static_cast<double>(engine_() >> 11) * 0x1.0p-53;
  auto skewed = part * part * part * part;
  return shortest
         + duration{static_cast<duration::rep>(skewed * static_cast<double>((longest - shortest).count()))};
}

void simulated_world::after(duration delay, std::function<void()> action) {
  events_.push({now_ + std::max(delay, duration{0}), engine_(), event_count_++,
                std::make_shared<std::function<void()>>(std::move(action))});
}

void simulated_world::run_until(events::timestamp until) {
  while (step(until)) {
  }
  advance(until);
}

bool simulated_world::step(events::timestamp until) {
  return run_message() || run_event(until);
}

bool simulated_world::is_idle() const {
  return events_.empty() && std::all_of(systems_.begin(), systems_.end(), [](const auto& each) {
           return !each.scheduler->has_job() && !each.scheduler->has_pending_timeout();
         });
}

// -- actors -------------------------------------------------------------------

void simulated_world::attach(caf::actor_system& system, std::shared_ptr<const simulated_host> host) {
  auto& scheduler = dynamic_cast<caf::scheduler::test_coordinator&>(system.scheduler());
  scheduler.clock().current_time = alarm_time(now_);
  systems_.push_back({&system, &scheduler, std::move(host), {}});
}

void simulated_world::detach(caf::actor_system& system) {
  auto found =
    std::find_if(systems_.begin(), systems_.end(), [&](const auto& each) { return each.system == &system; });
  if (found == systems_.end())
    return;
  auto& scheduler = *found->scheduler;
  for (;;) {
    scheduler.clock().cancel_all();
    kill_actors(*found);
    if (!scheduler.has_job())
      break;
    while (scheduler.has_job()) {
      note_actor(*found, scheduler.jobs.front());
      scheduler.run_once();
    }
  }
  systems_.erase(found);
}

void simulated_world::note_actor(attached_system& of, caf::resumable* job) {
  if (auto* actor = dynamic_cast<caf::scheduled_actor*>(job))
    of.actors.try_emplace(actor->id(), actor->ctrl());
}

void simulated_world::kill_actors(attached_system& of) {
  for (auto* job : of.scheduler->jobs)
    note_actor(of, job);
  for (auto& [id, weak] : std::exchange(of.actors, {}))
    if (auto alive = weak.lock())
      caf::anon_send_exit(caf::actor_cast<caf::actor>(alive), caf::exit_reason::kill);
}

bool simulated_world::run_message() {
  std::size_t jobs = 0;
  for (const auto& each : systems_)
    if (!each.host->stalled)
      jobs += each.scheduler->jobs.size();
  if (jobs == 0)
    return false;
  auto chosen = jobs == 1 ? 0 : draw(jobs);
  for (auto& each : systems_) {
    if (each.host->stalled)
      continue;
    auto& queue = each.scheduler->jobs;
    if (chosen >= queue.size()) {
      chosen -= queue.size();
      continue;
    }
    std::swap(queue.front(), queue[chosen]);
    note_actor(each, queue.front());
    each.scheduler->run_once();
    return true;
  }
  return false;
}

// -- events -------------------------------------------------------------------

bool simulated_world::run_event(events::timestamp until) {
  auto earliest = events_.empty() ? events::timestamp::max() : events_.top().at;
  std::size_t alarms = 0; // attached systems whose first alarm is the earliest
  for (const auto& each : systems_) {
    const auto& schedule = each.scheduler->clock().schedule();
    if (each.host->stalled || schedule.empty())
      continue;
    auto due = std::max(world_time(schedule.begin()->first), now_);
    if (due < earliest)
      alarms = 0;
    earliest = std::min(earliest, due);
    alarms += due == earliest ? 1 : 0;
  }
  if (earliest > until || earliest == events::timestamp::max())
    return false;
  advance(std::max(earliest, now_));
  auto own = !events_.empty() && events_.top().at <= now_;
  if (own && (alarms == 0 || draw(alarms + 1) == 0)) {
    auto action = events_.top().action;
    events_.pop();
    (*action)();
    return true;
  }
  auto chosen = alarms == 1 ? 0 : draw(alarms);
  for (auto& each : systems_) {
    auto& clock = each.scheduler->clock();
    if (each.host->stalled || clock.schedule().empty() || world_time(clock.schedule().begin()->first) > now_)
      continue;
    if (chosen-- == 0)
      return clock.trigger_timeout();
  }
  return false;
}

void simulated_world::advance(events::timestamp to) {
  now_ = std::max(now_, to);
  for (auto& each : systems_)
    each.scheduler->clock().current_time = alarm_time(now_);
}

// -- input and output ---------------------------------------------------------

bool simulated_world::io_point(const simulated_host& host, std::string_view what) {
  if (!host.alive)
    return false;
  ++io_points_;
  trace(host.name, what);
  for (std::size_t i = 0; i < marks_.size(); ++i)
    if (marks_[i].first == io_points_)
      std::exchange(marks_[i].second, nullptr)(host);
  return host.alive;
}

void simulated_world::at_io_point(std::uint64_t number, std::function<void(const simulated_host&)> action) {
  marks_.emplace_back(number, std::move(action));
}

void simulated_world::trace(std::string_view who, std::string_view what) {
  if (!traces_)
    return;
  auto elapsed = std::chrono::duration_cast<std::chrono::microseconds>(now_ - beginning).count();
  auto time =
    std::to_string(elapsed / 1'000'000) + "." + std::to_string(1'000'000 + elapsed % 1'000'000).substr(1);
  trace_.append(time).append(" #").append(std::to_string(io_points_)).append(" ");
  trace_.append(who).append(": ").append(what).append("\n");
}

} // namespace sonicmatch::tests
