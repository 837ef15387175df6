#include "actors/recommender/recommender.hpp"

#include "events/error.hpp"

#include <map>

namespace sonicmatch::actors {

void recommender_state::begin(recommender_parts parts) {
  parts_ = std::move(parts);
  parts_.health->expect("recommender", "joining its consumer group");
}

void recommender_state::joined(const group_joined& membership) {
  consumer_ = membership.consumer;
  assigned({std::exchange(early_, {})});
}

void recommender_state::assigned(const partitions_assigned& given) {
  if (!consumer_) { // the group was faster than the message that tells us of it
    early_.insert(early_.end(), given.partitions.begin(), given.partitions.end());
    return;
  }
  for (const auto& each : given.partitions) {
    // An owner still there is one whose release the group did not wait for; the
    // new claim fences it off.
    owners_.erase(each.partition);
    owners_.emplace(each.partition,
                    self_->spawn<caf::linked>(partition_owner_actor, parts_, consumer_, each));
  }
  report_health();
}

void recommender_state::revoked(const partitions_revoked& taken) {
  for (auto partition : taken.partitions) {
    auto owner = owners_.find(partition);
    if (owner == owners_.end()) {
      consumer_->release(partition);
      continue;
    }
    if (taken.lost)
      caf::anon_send_exit(owner->second, caf::exit_reason::user_shutdown);
    else
      self_->send(owner->second, hand_off_partition{});
    owners_.erase(owner);
  }
  report_health();
}

void recommender_state::arrived(const command_batch& commands) {
  std::map<partition_id, std::vector<std::uint32_t>> indexes;
  const auto& records = commands.batch->records;
  for (std::uint32_t i = 0; i < records.size(); ++i)
    indexes[records[i].partition].push_back(i);
  for (auto& [partition, each] : indexes)
    if (auto owner = owners_.find(partition); owner != owners_.end())
      self_->send(owner->second, owned_commands{commands.batch, std::move(each)});
}

void recommender_state::report_health() {
  auto text = "owns " + std::to_string(owners_.size()) + " partitions";
  parts_.health->report("recommender", true, text);
  parts_.logger->info("the recommender " + text);
}

recommender::behavior_type recommender_actor(recommender::stateful_pointer<recommender_state> self,
                                             recommender_parts parts) {
  self->state.begin(std::move(parts));
  return {
    [self](const group_joined& membership) { self->state.joined(membership); },
    [self](const partitions_assigned& given) { self->state.assigned(given); },
    [self](const partitions_revoked& taken) { self->state.revoked(taken); },
    [self](const command_batch& commands) { self->state.arrived(commands); },
  };
}

ports::group_consumer::sink sink_of(const recommender& member, std::shared_ptr<ports::logger> logger) {
  return {[member](std::vector<ports::assignment> given) {
            caf::anon_send(member, partitions_assigned{std::move(given)});
          },
          [member](std::vector<partition_id> taken, bool lost) {
            caf::anon_send(member, partitions_revoked{std::move(taken), lost});
          },
          [member](ports::batch_ptr batch) { caf::anon_send(member, command_batch{std::move(batch)}); },
          [logger](const caf::error& reason) {
            logger->warning("the recommenders' group has trouble", {{"error", events::describe(reason)}});
          }};
}

} // namespace sonicmatch::actors
