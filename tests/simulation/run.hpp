#pragma once

#include "tests/simulation/callers.hpp"

#include <set>
#include <string>

namespace sonicmatch::tests::simulation {

/// What happens to a cluster in one run. Drawn by the seed; a test may change it.
struct scenario {
  int sessions = 20;
  int keyed = 0; ///< requests with an Idempotency-Key, beside the sessions
  int processes = 1;
  std::chrono::milliseconds arrivals_within{5'000};
  process_settings settings;
  bool static_members = false;
  std::chrono::milliseconds session_timeout{6'000};

  std::uint64_t crash_at_io_point = 100;
  std::chrono::milliseconds down_for{500};
  /// Somebody else is stopped in good order instead, at some moment.
  bool stops_gracefully = false;

  int stalls = 0;     ///< of a process: nothing of it runs for up to ten seconds
  int expulsions = 0; ///< of a member that hears of it only later
  int database_outages = 0;
  int erasures = 0; ///< of sessions that were confirmed
  int garbage = 0;  ///< records that cannot be read, on any topic
  double append_failure = 0;
  double queue_full = 0;
  double question_failure = 0;
  double lost_answers = 0;
  simulated_model model; ///< how it behaves until all heals
  int model_outages = 0;

  [[nodiscard]] static scenario drawn(simulated_world& world);
};

/// A record that cannot be read, as it was put into the log.
struct garbage_record {
  std::string topic;
  log_position position;
};

/// Everything that a run leaves behind, for the checker.
struct aftermath {
  const cluster& where;
  const callers& clients;
  const std::vector<garbage_record>& garbage;
  /// Of the lives of processes, those that were killed, stalled or expelled, or whose
  /// appends failed: what they had under way may be lost.
  const std::set<std::string>& troubled;
};

struct outcome {
  std::vector<std::string> violations; ///< empty: the run was right
  std::string trace;                   ///< when asked for
  std::uint64_t io_points = 0;
  std::size_t requests = 0;
  std::size_t confirmed = 0;
  std::size_t repeats = 0;  ///< that got the session of the first under their key
  std::size_t feedback = 0; ///< that was accepted
  std::size_t erasures = 0; ///< likewise
  std::size_t crashes = 0;
};

struct run_options {
  std::function<void(scenario&)> change;
  port_wrappers wrappers;
  bool traces = false;
};

/// Runs the cluster through the seed's scenario, lets it heal, and checks what is left.
[[nodiscard]] outcome run(std::uint64_t seed, const run_options& options = {});

} // namespace sonicmatch::tests::simulation
