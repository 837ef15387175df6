#pragma once

#include "tests/support/simulated_log.hpp"

#include <set>

namespace sonicmatch::tests {

class simulated_member;
class simulated_group;

/// The times of a group, as the broker and its clients are set.
struct simulated_group_settings {
  simulated_world::duration delay_min{200};
  simulated_world::duration delay_max{20'000};
  /// After which a member that is silent is taken for dead.
  std::chrono::milliseconds session_timeout{6'000};
  /// How long an adapter waits for release().
  std::chrono::milliseconds release_timeout{3'000};
  /// A restarted process takes its old place at once, as with group.instance.id.
  bool static_members = false;
};

/// All groups, as the broker's coordinator has them; survives every process.
class simulated_groups {
public:
  simulated_groups(simulated_world& world, simulated_log& log)
    : world_(world)
    , log_(log) {}

  [[nodiscard]] simulated_group& of(const std::string& group, const std::string& topic);

  [[nodiscard]] const simulated_group* find(const std::string& group, const std::string& topic) const;

  /// The host has stopped sending heartbeats: it died or it is stalled. Those of
  /// its members that are silent still after the session timeout are expelled.
  void fall_silent(const std::shared_ptr<simulated_host>& host);

  [[nodiscard]] std::vector<std::shared_ptr<simulated_member>>
  members_of(const std::shared_ptr<simulated_host>& host) const;

  simulated_group_settings settings;

private:
  simulated_world& world_;
  simulated_log& log_;
  std::map<std::pair<std::string, std::string>, std::unique_ptr<simulated_group>> groups_;
};

/// One group over one topic: eager rebalances, range assignment, and the committed
/// offsets.
class simulated_group {
public:
  simulated_group(simulated_world& world, const simulated_group_settings& settings, std::string name,
                  std::int32_t partition_count)
    : world_(world)
    , settings_(settings)
    , name_(std::move(name))
    , partition_count_(partition_count) {}

  void join(const std::shared_ptr<simulated_member>& fresh);
  /// In good order, or because it is silent: then it is not told for a while.
  void remove(const std::shared_ptr<simulated_member>& gone);
  void expel(const std::shared_ptr<simulated_member>& gone, simulated_world::duration told_after);

  /// The member has given up what it had and waits for what comes next.
  void ready(const std::shared_ptr<simulated_member>& waiting);

  /// Refused unless the partition is the member's.
  void commit(const simulated_member& by, partition_id partition, log_offset next, std::string metadata);
  [[nodiscard]] ports::assignment committed(partition_id partition) const;

  [[nodiscard]] bool has(const std::shared_ptr<simulated_member>& one) const;
  [[nodiscard]] const std::vector<std::shared_ptr<simulated_member>>& members() const noexcept {
    return members_;
  }
  [[nodiscard]] std::chrono::milliseconds release_timeout() const noexcept {
    return settings_.release_timeout;
  }
  /// Whether an assignment of that generation still holds.
  [[nodiscard]] bool is_current(std::uint64_t generation) const noexcept {
    return !rebalancing_ && generation == generation_;
  }

private:
  bool take_old_place(const std::shared_ptr<simulated_member>& fresh);
  void rebalance();
  void prepare(const std::shared_ptr<simulated_member>& one, simulated_world::duration delay);
  void complete_when_ready();
  void give(const std::shared_ptr<simulated_member>& one, simulated_world::duration delay);
  [[nodiscard]] simulated_world::duration draw_delay();

  simulated_world& world_;
  const simulated_group_settings& settings_;
  std::string name_;
  std::int32_t partition_count_;
  std::vector<std::shared_ptr<simulated_member>> members_; ///< in order of joining
  std::set<const simulated_member*> ready_;
  std::map<partition_id, const simulated_member*> owners_;
  std::map<partition_id, ports::assignment> committed_;
  std::uint64_t generation_ = 0;
  bool rebalancing_ = false;
};

} // namespace sonicmatch::tests
