#pragma once

#include "actors/recommender/partition_owner.hpp"

#include <set>
#include <unordered_map>
#include <unordered_set>

namespace sonicmatch::actors {

/// The process's member of the recommenders' group: spawns an owner for each
/// partition it is given and hands commands on. One per process; scheduled.
class recommender_state {
public:
  explicit recommender_state(recommender::pointer self)
    : self_(self) {}

  void begin(recommender_parts parts);
  void joined(const group_joined& membership);
  void assigned(const partitions_assigned& given);
  void revoked(const partitions_revoked& taken);
  void owned(const partition_owned& news);
  void arrived(const command_batch& commands);
  void await(const await_owners& asked);

private:
  using owners = std::unordered_map<partition_id, partition_owner>;

  void take_from(owners::iterator owner);
  void tell_when_idle();
  void report_health();

  recommender::pointer self_;
  recommender_parts parts_;
  std::shared_ptr<ports::group_consumer> consumer_;
  std::vector<ports::assignment> early_;    ///< given before `joined`
  std::vector<partition_id> early_revoked_; ///< and taken again before it
  owners owners_;
  std::set<caf::actor_addr> living_; ///< owners_, and those that have let go and not ended
  std::function<void()> idle_;
  std::unordered_set<partition_id> rebuilt_; ///< of owners_, those that really own by now
};

recommender::behavior_type recommender_actor(recommender::stateful_pointer<recommender_state> self,
                                             recommender_parts parts);

/// Callbacks that tell `member` what its group decides; for group_membership::join.
[[nodiscard]] ports::group_consumer::sink sink_of(const recommender& member,
                                                  std::shared_ptr<ports::logger> logger);

} // namespace sonicmatch::actors
