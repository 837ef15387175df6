#pragma once

#include "tests/support/simulated_fetcher.hpp"
#include "tests/support/simulated_groups.hpp"

#include <set>

namespace sonicmatch::tests {

/// A process's place in a group: the client's side of the protocol.
class simulated_member : public std::enable_shared_from_this<simulated_member> {
public:
  simulated_member(simulated_world& world, simulated_log& log, simulated_group& group, std::string topic,
                   std::shared_ptr<simulated_host> host, const simulated_network& network,
                   ports::group_consumer::sink out);

  [[nodiscard]] const std::shared_ptr<simulated_host>& host() const noexcept {
    return host_;
  }
  [[nodiscard]] simulated_group& group() const noexcept {
    return group_;
  }

  // What the coordinator says.
  void take(std::vector<ports::assignment> given);
  void give_up(); ///< a rebalance has begun
  void lose();    ///< it was expelled some time ago

  // What the process says.
  void join();
  void start(partition_id partition, log_offset from);
  void commit(partition_id partition, log_offset next, std::string metadata);
  void release(partition_id partition);
  /// Leaves with the handshake, then calls `left`.
  void leave(std::function<void()> left);
  /// Leaves without it; no callback follows.
  void drop();

private:
  struct pending_commit {
    log_offset next;
    std::string metadata;
  };

  void carry_out(partition_id partition);
  void finish_revoking();
  void revoked_long_enough(std::uint64_t epoch);
  [[nodiscard]] simulated_world::duration draw_delay();

  simulated_world& world_;
  simulated_group& group_;
  std::shared_ptr<simulated_host> host_;
  const simulated_network& network_;
  std::string topic_;
  ports::group_consumer::sink out_;
  std::shared_ptr<simulated_fetcher> fetcher_;
  std::set<partition_id> owned_;
  std::set<partition_id> revoking_; ///< of those, the ones that wait for release()
  std::set<partition_id> released_; ///< of those, the ones that wait for their last commit
  std::map<partition_id, pending_commit> commits_;
  std::uint64_t epoch_ = 0; ///< counts what was assigned and given up
  bool in_group_ = false;
  bool silent_ = false;
  std::function<void()> left_;
};

/// One process's way into groups.
class simulated_membership final : public ports::group_membership {
public:
  simulated_membership(simulated_world& world, simulated_log& log, simulated_groups& groups,
                       std::shared_ptr<simulated_host> host, const simulated_network& network);

  [[nodiscard]] std::unique_ptr<ports::group_consumer>
  join(const std::string& group, const std::string& topic, ports::group_consumer::sink out) override;

  /// The same, for who drives the world from another thread and so cannot call leave().
  [[nodiscard]] std::shared_ptr<simulated_member>
  join_as_member(const std::string& group, const std::string& topic, ports::group_consumer::sink out);

private:
  simulated_world& world_;
  simulated_log& log_;
  simulated_groups& groups_;
  std::shared_ptr<simulated_host> host_;
  const simulated_network& network_;
};

} // namespace sonicmatch::tests
