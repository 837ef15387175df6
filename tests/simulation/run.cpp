#include "tests/simulation/run.hpp"

#include "tests/simulation/checker.hpp"
#include "tests/support/simulated_membership.hpp"

namespace sonicmatch::tests::simulation {

namespace {

using namespace std::chrono_literals;

/// Faults end this long after the last arrival.
constexpr auto trouble_after_arrivals = 3s;
/// What every cluster must have healed in, beyond the commands' deadlines.
constexpr auto healing = 40s;

std::size_t repeats_among(const std::deque<request>& requests) {
  std::map<std::pair<std::optional<events::user_id>, std::string>, std::size_t> confirmed;
  for (const auto& each : requests)
    if (each.key && each.answer && *each.answer)
      ++confirmed[{each.user, *each.key}];
  std::size_t out = 0;
  for (const auto& [key, times] : confirmed)
    out += times - 1;
  return out;
}

/// One run: the processes, and what befalls them.
class course {
public:
  course(std::uint64_t seed, const run_options& options)
    : options_(options)
    , cluster_(seed)
    , plan_(scenario::drawn(cluster_.world)) {
    if (options.traces)
      cluster_.world.keep_trace();
    if (options.change)
      options.change(plan_);
    processes_.resize(static_cast<std::size_t>(plan_.processes));
    lives_.resize(processes_.size());
  }

  outcome complete() {
    set_the_stage();
    auto& world = cluster_.world;
    auto end_of_trouble = world.now() + plan_.arrivals_within + trouble_after_arrivals;
    world.run_until(end_of_trouble);
    heal();
    world.run_until(end_of_trouble + plan_.settings.command_deadline + healing);
    for (const auto& id : clients_.confirmed())
      for (const auto& each : processes_)
        clients_.ask_for(*each, id, true);
    world.run_until(world.now() + 5s);
    outcome out;
    out.violations = violations_of({cluster_, clients_, garbage_, troubled_});
    out.trace = world.trace_text();
    out.io_points = world.io_points();
    out.requests = clients_.requests().size();
    out.confirmed = clients_.confirmed().size();
    out.repeats = repeats_among(clients_.requests());
    for (const auto& each : clients_.feedback())
      out.feedback += each.answer && *each.answer ? 1 : 0;
    for (const auto& each : clients_.erasures())
      out.erasures += each.answer && !*each.answer ? 1 : 0;
    out.crashes = crashes_;
    return out;
  }

private:
  void set_the_stage() {
    cluster_.groups.settings.static_members = plan_.static_members;
    cluster_.groups.settings.session_timeout = plan_.session_timeout;
    cluster_.network.append_failure = plan_.append_failure;
    cluster_.network.queue_full = plan_.queue_full;
    cluster_.network.question_failure = plan_.question_failure;
    cluster_.lost_answers = plan_.lost_answers;
    cluster_.model = plan_.model;
    cluster_.list_headphones();
    for (std::size_t slot = 0; slot < processes_.size(); ++slot)
      at_some_time(slot == 0 ? 1ms : 4s, [this, slot] { start(slot); });
    for (auto i = 0; i < plan_.sessions; ++i)
      at_some_time(plan_.arrivals_within, [this] { send_request(); });
    for (auto i = 0; i < plan_.keyed; ++i)
      at_some_time(plan_.arrivals_within, [this] {
        if (auto* one = some_process())
          clients_.request_under_some_key(*one);
      });
    for (auto i = 0; i < plan_.sessions / 2; ++i)
      at_some_time(plan_.arrivals_within, [this] {
        if (auto* one = some_process())
          clients_.ask_for_some_session(*one);
      });
    for (auto i = 0; i < plan_.sessions / 4; ++i)
      at_some_time(plan_.arrivals_within + trouble_after_arrivals, [this] {
        if (auto* one = some_process())
          clients_.ask_to_explain(*one);
      });
    for (auto i = 0; i < plan_.sessions / 3; ++i)
      at_some_time(plan_.arrivals_within + trouble_after_arrivals, [this] {
        if (auto* one = some_process())
          clients_.give_feedback(*one);
      });
    for (auto i = 0; i < plan_.erasures; ++i)
      at_some_time(plan_.arrivals_within + trouble_after_arrivals, [this] {
        if (auto* one = some_process())
          clients_.erase_some_session(*one);
      });
    schedule_faults();
  }

  void schedule_faults() {
    cluster_.world.at_io_point(plan_.crash_at_io_point, [this](const simulated_host& host) { crash(host); });
    auto all = plan_.arrivals_within;
    if (plan_.stops_gracefully)
      at_some_time(all, [this] { stop_some_process(); });
    for (auto i = 0; i < plan_.stalls; ++i)
      at_some_time(all, [this] { stall_some_process(); });
    for (auto i = 0; i < plan_.expulsions; ++i)
      at_some_time(all, [this] { expel_some_member(); });
    for (auto i = 0; i < plan_.garbage; ++i)
      at_some_time(all, [this] { append_garbage(); });
    for (auto i = 0; i < plan_.model_outages; ++i)
      at_some_time(all, [this] {
        cluster_.world.trace("world", "the model goes away");
        cluster_.model.is_down = true;
        cluster_.world.after(cluster_.world.draw_delay(100ms, 20s),
                             [this] { cluster_.model.is_down = false; });
      });
    for (auto i = 0; i < plan_.database_outages; ++i)
      at_some_time(all, [this] {
        cluster_.world.trace("world", "the database goes away");
        cluster_.database_down = true;
        cluster_.world.after(cluster_.world.draw_delay(100ms, 20s),
                             [this] { cluster_.database_down = false; });
      });
  }

  void at_some_time(std::chrono::milliseconds within, std::function<void()> action) {
    cluster_.world.after(
      std::chrono::microseconds{cluster_.world.draw(static_cast<std::uint64_t>(within.count()) * 1'000)},
      std::move(action));
  }

  // -- processes --------------------------------------------------------------

  void start(std::size_t slot) {
    if (processes_[slot])
      return;
    auto settings = plan_.settings;
    settings.life = ++lives_[slot];
    auto name = std::string(1, static_cast<char>('a' + slot));
    cluster_.world.trace(name, "starts");
    processes_[slot] = std::make_unique<process>(cluster_, name, settings, options_.wrappers);
    if (cluster_.network.append_failure > 0 || cluster_.network.queue_full > 0)
      trouble(slot);
  }

  process* some_process() {
    std::vector<process*> alive;
    for (const auto& each : processes_)
      if (each && each->host()->alive)
        alive.push_back(each.get());
    return alive.empty() ? nullptr : alive[cluster_.world.draw(alive.size())];
  }

  void crash(const simulated_host& host) {
    if (healed_)
      return;
    for (std::size_t slot = 0; slot < processes_.size(); ++slot)
      if (processes_[slot] && processes_[slot]->host().get() == &host) {
        ++crashes_;
        trouble(slot);
        processes_[slot]->die();
        if (stopping_ != processes_[slot].get()) // else who stops it does that
          bury(slot);
      }
  }

  /// What this life has under way may be lost.
  void trouble(std::size_t slot) {
    troubled_.insert(std::string(1, static_cast<char>('a' + slot)) + "/" + std::to_string(lives_[slot]));
  }
  void trouble(const process& of) {
    for (std::size_t slot = 0; slot < processes_.size(); ++slot)
      if (processes_[slot].get() == &of)
        trouble(slot);
  }

  /// Not at once, because an actor of it may be running.
  void bury(std::size_t slot) {
    cluster_.world.after(0us, [this, slot] { processes_[slot].reset(); });
    cluster_.world.after(plan_.down_for, [this, slot] { start(slot); });
  }

  void stop_some_process() {
    auto* one = some_process();
    if (!one || one->host()->stalled || stopping_)
      return;
    auto host = one->host();
    cluster_.world.trace(host->name, "is asked to stop");
    stopping_ = one;
    one->stop();
    stopping_ = nullptr;
    for (std::size_t slot = 0; slot < processes_.size(); ++slot)
      if (processes_[slot] && processes_[slot]->host() == host)
        bury(slot);
  }

  void stall_some_process() {
    auto* one = some_process();
    if (!one || one->host()->stalled || one == stopping_)
      return;
    auto host = one->host();
    host->stalled = true;
    trouble(*one);
    cluster_.world.trace(host->name, "stalls");
    cluster_.groups.fall_silent(host);
    cluster_.world.after(cluster_.world.draw_delay(100ms, 10s), [this, host] {
      host->stalled = false;
      cluster_.world.trace(host->name, "runs again");
    });
  }

  void expel_some_member() {
    auto* one = some_process();
    if (!one)
      return;
    auto members = cluster_.groups.members_of(one->host());
    if (members.empty())
      return;
    const auto& member = members[cluster_.world.draw(members.size())];
    trouble(*one);
    member->group().expel(member, cluster_.world.draw_delay(10ms, 8s));
  }

  // -- clients and dirt -------------------------------------------------------

  void send_request() {
    if (auto* one = some_process())
      clients_.request_recommendation(*one);
  }

  void append_garbage() {
    auto& world = cluster_.world;
    constexpr std::array topics{events::topics::commands, events::topics::events, events::topics::catalog};
    ports::new_record dirt;
    dirt.topic = std::string{topics[world.draw(topics.size())]};
    dirt.key = "nobody's key";
    auto known = clients_.confirmed();
    if (!known.empty() && world.chance(0.4)) // each session is soiled once: what follows is parked with it
      if (auto key = to_string(known[world.draw(known.size())]); soiled_.insert(key).second)
        dirt.key = key;
    if (dirt.topic == events::topics::catalog)
      dirt.key = "no headphone's key";
    else
      dirt.partition = events::partition_of(dirt.key, partition_count);
    constexpr std::array values{"not even {JSON",
                                R"({"specversion":"1.0","type":"sonicmatch.unheard_of.v1"})", ""};
    dirt.value = values[world.draw(values.size())];
    auto topic = dirt.topic;
    auto where = cluster_.log.append(std::move(dirt), world.chance(0.2) && topic != events::topics::catalog);
    world.trace("world", "puts garbage at " + topic + " " + to_string(where));
    garbage_.push_back({topic, where});
  }

  void heal() {
    if (auto* one = some_process(); one && crashes_ == 0) // the point was never reached
      crash(*one->host());
    healed_ = true;
    cluster_.world.trace("world", "heals");
    cluster_.network = {};
    cluster_.model.heal();
    cluster_.lost_answers = 0;
    cluster_.database_down = false;
    cluster_.world.after(12s, [this] {
      for (std::size_t slot = 0; slot < processes_.size(); ++slot)
        start(slot);
    });
  }

  const run_options& options_;
  cluster cluster_;
  scenario plan_;
  callers clients_{cluster_};
  std::vector<int> lives_;
  std::vector<std::unique_ptr<process>> processes_;
  std::set<std::string> soiled_;
  std::vector<garbage_record> garbage_;
  std::set<std::string> troubled_; ///< "name/life"
  std::size_t crashes_ = 0;
  process* stopping_ = nullptr;
  bool healed_ = false;
};

} // namespace

outcome run(std::uint64_t seed, const run_options& options) {
  return course{seed, options}.complete();
}

} // namespace sonicmatch::tests::simulation
