#pragma once

#include <caf/all.hpp>
#include <caf/scheduler/test_coordinator.hpp>

#include <chrono>
#include <vector>

namespace sonicmatch::tests {

/// An actor system whose time and order of messages the test decides.
class actor_bench {
public:
  actor_bench()
    : system_(with_test_scheduler(config_))
    , scheduler_(dynamic_cast<caf::scheduler::test_coordinator&>(system_.scheduler())) {}

  /// Ends every actor: those that wait for the outside would keep the system alive.
  ~actor_bench() {
    for (const auto& each : spawned_)
      caf::anon_send_exit(each, caf::exit_reason::kill);
    settle();
  }

  template <class... Arguments>
  auto spawn(Arguments&&... arguments) {
    auto made = system_.spawn(std::forward<Arguments>(arguments)...);
    spawned_.push_back(caf::actor_cast<caf::strong_actor_ptr>(made));
    return made;
  }

  /// Handles all messages that are under way; timeouts stay pending.
  void settle() {
    while (scheduler_.try_run_once()) {
    }
  }

  /// Sends a message and handles all that comes of it.
  template <class Actor, class Message>
  void tell(const Actor& target, Message message) {
    caf::anon_send(target, std::move(message));
    settle();
  }

  void advance(std::chrono::milliseconds time) {
    scheduler_.advance_time(time);
    settle();
  }

private:
  static caf::actor_system_config& with_test_scheduler(caf::actor_system_config& config) {
    config.set("scheduler.policy", caf::atom("testing"));
    return config;
  }

  caf::actor_system_config config_;
  caf::actor_system system_;
  caf::scheduler::test_coordinator& scheduler_;
  std::vector<caf::strong_actor_ptr> spawned_;
};

/// Whether an actor has ended.
template <class Actor>
[[nodiscard]] bool has_ended(const Actor& target) {
  auto* pointer = dynamic_cast<caf::monitorable_actor*>(caf::actor_cast<caf::abstract_actor*>(target));
  return pointer != nullptr && pointer->getf(caf::abstract_actor::is_terminated_flag);
}

} // namespace sonicmatch::tests
