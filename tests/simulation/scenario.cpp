#include "tests/simulation/run.hpp"

namespace sonicmatch::tests::simulation {

scenario scenario::drawn(simulated_world& world) {
  using std::chrono::milliseconds;
  auto up_to = [&world](std::uint64_t most) { return world.draw(most + 1); };
  scenario out;
  out.sessions = static_cast<int>(5 + up_to(35));
  out.processes = world.chance(0.4) ? 2 : 1;
  out.arrivals_within = milliseconds{500 + up_to(7'500)};
  if (world.chance(0.3)) // so short that some sessions will not make it
    out.settings.command_deadline = milliseconds{500 + up_to(5'000)};
  if (world.chance(0.3))
    out.settings.sync_timeout = milliseconds{200 + up_to(5'000)};
  if (world.chance(0.2))
    out.settings.open_max = 1 + up_to(7);
  out.static_members = world.chance(0.5);
  out.session_timeout = milliseconds{1'000 + up_to(6'000)};
  out.crash_at_io_point = 1 + up_to(static_cast<std::uint64_t>(60 * out.processes + 30 * out.sessions));
  out.down_for = milliseconds{1 + up_to(world.chance(0.5) ? 300 : 9'000)};
  out.stops_gracefully = world.chance(0.15);
  out.stalls = world.chance(0.25) ? 1 : 0;
  out.expulsions = world.chance(0.3) ? static_cast<int>(1 + up_to(2)) : 0;
  out.database_outages = world.chance(0.2) ? 1 : 0;
  out.garbage = world.chance(0.3) ? static_cast<int>(1 + up_to(3)) : 0;
  if (world.chance(0.25))
    out.append_failure = 0.05;
  if (world.chance(0.1))
    out.queue_full = 0.03;
  if (world.chance(0.1))
    out.question_failure = 0.2;
  if (world.chance(0.2))
    out.lost_answers = 0.1;
  out.settings.asks_model = world.chance(0.7);
  if (world.chance(0.2))
    out.settings.calls_max = 1 + up_to(4);
  if (world.chance(0.1)) // for a few calls
    out.settings.budget_per_day = {static_cast<std::int64_t>(150'000 + up_to(400'000))};
  if (world.chance(0.4)) {
    auto rate = world.chance(0.3) ? 0.3 : 0.08;
    out.model.overloaded = out.model.unreachable = rate;
    out.model.lost_reply = out.model.nonsense = out.model.refusal = out.model.too_few = out.model.outsiders =
      rate / 3;
  }
  out.model.latency_max = std::chrono::milliseconds{20 + up_to(world.chance(0.2) ? 40'000 : 3'000)};
  out.model_outages = world.chance(0.15) ? 1 : 0;
  out.keyed = world.chance(0.5) ? static_cast<int>(2 + up_to(28)) : 0;
  out.erasures = world.chance(0.5) ? static_cast<int>(1 + up_to(4)) : 0;
  return out;
}

} // namespace sonicmatch::tests::simulation
