#pragma once

#include "events/ids.hpp"

#include <caf/actor_system.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <random>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::tests {

/// A process as its adapters know it: they do nothing for a dead one. One per
/// life; a restart is another host of the same name.
struct simulated_host {
  std::string name;
  bool alive = true;
  /// Stopped in the middle, as by SIGSTOP: its actors do not run, its timers do not fire.
  bool stalled = false;
  /// Tells this life from the others of its name: "name/1".
  std::string life{};
};

/// Time, chance and what is to come: a run is a function of the seed alone.
///
/// One thread. Actor systems on CAF's test scheduler are attached; step() runs one
/// of their messages, or, when there is none, moves the time on to the next event:
/// one of after(), or an actor's own alarm. Where several could be next, the seed
/// decides.
class simulated_world {
public:
  using duration = std::chrono::microseconds;

  explicit simulated_world(std::uint64_t seed);
  simulated_world(const simulated_world&) = delete;
  simulated_world& operator=(const simulated_world&) = delete;

  // -- time -------------------------------------------------------------------

  [[nodiscard]] events::timestamp now() const noexcept {
    return now_;
  }

  /// Calls `action` when that much time has passed.
  void after(duration delay, std::function<void()> action);

  /// Runs one message or one event that is due by `until`; false when there is none.
  bool step(events::timestamp until);

  /// Steps until nothing is left to do by `until`; the time is `until` then.
  void run_until(events::timestamp until);

  /// Whether nothing will ever happen again by itself.
  [[nodiscard]] bool is_idle() const;

  // -- chance -----------------------------------------------------------------

  /// A number below `bound`, which is at least 1.
  [[nodiscard]] std::uint64_t draw(std::uint64_t bound) {
    return engine_() % bound;
  }
  [[nodiscard]] bool chance(double probability) {
    return static_cast<double>(engine_() >> 11) * 0x1.0p-53 < probability;
  }
  /// Mostly near `shortest`, now and then up to `longest`.
  [[nodiscard]] duration draw_delay(duration shortest, duration longest);

  // -- actors -----------------------------------------------------------------

  /// Runs the system's actors from now on, as long as its host is not stalled.
  void attach(caf::actor_system& system, std::shared_ptr<const simulated_host> host);

  /// Kills each of the system's actors and runs it until nothing of it is left, so
  /// that it can be destroyed.
  void detach(caf::actor_system& system);

  // -- input and output -------------------------------------------------------

  /// Every adapter passes here before and after each thing it does for a process.
  /// False when the host is dead, of which the adapter then does no more for it;
  /// the moment may be the one at which it dies.
  [[nodiscard]] bool io_point(const simulated_host& host, std::string_view what);

  /// How many there have been.
  [[nodiscard]] std::uint64_t io_points() const noexcept {
    return io_points_;
  }
  /// Calls `action` at that point, with the host whose point it is.
  void at_io_point(std::uint64_t number, std::function<void(const simulated_host&)> action);

  // -- the trace --------------------------------------------------------------

  /// Keeps the lines of the trace, which is otherwise not made.
  void keep_trace() {
    traces_ = true;
  }
  [[nodiscard]] bool traces() const noexcept {
    return traces_;
  }
  void trace(std::string_view who, std::string_view what);
  [[nodiscard]] const std::string& trace_text() const noexcept {
    return trace_;
  }

private:
  struct event {
    events::timestamp at;
    std::uint64_t tie;
    std::uint64_t number;
    std::shared_ptr<std::function<void()>> action;

    bool operator<(const event& other) const noexcept {
      return std::tie(other.at, other.tie, other.number) < std::tie(at, tie, number);
    }
  };
  struct attached_system {
    caf::actor_system* system;
    caf::scheduler::test_coordinator* scheduler;
    std::shared_ptr<const simulated_host> host;
    std::map<caf::actor_id, caf::weak_actor_ptr> actors; ///< every one that has ever run
  };

  bool run_message();
  bool run_event(events::timestamp until);
  static void note_actor(attached_system& of, caf::resumable* job);
  static void kill_actors(attached_system& of);
  void advance(events::timestamp to);

  std::mt19937_64 engine_;
  events::timestamp now_;
  std::priority_queue<event> events_;
  std::uint64_t event_count_ = 0;
  std::vector<attached_system> systems_;
  std::uint64_t io_points_ = 0;
  std::vector<std::pair<std::uint64_t, std::function<void(const simulated_host&)>>> marks_;
  bool traces_ = false;
  std::string trace_;
};

} // namespace sonicmatch::tests
