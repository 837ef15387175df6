#include "actors/recommender/recommender.hpp"

#include "events/error.hpp"

#include <map>

namespace sonicmatch::actors {

void recommender_state::begin(recommender_parts parts) {
  parts_ = std::move(parts);
  parts_.on_owned = [me = caf::actor_cast<recommender>(self_)](partition_id partition) {
    caf::anon_send(me, partition_owned{partition});
  };
  parts_.health->expect("recommender", "joining its consumer group");
  self_->set_down_handler([this](const caf::down_msg& down) {
    living_.erase(down.source);
    tell_when_idle();
  });
}

void recommender_state::joined(const group_joined& membership) {
  consumer_ = membership.consumer;
  for (auto partition : std::exchange(early_revoked_, {}))
    consumer_->release(partition);
  if (!early_.empty())
    assigned({std::exchange(early_, {})});
}

void recommender_state::assigned(const partitions_assigned& given) {
  if (!consumer_) { // the group was faster than the message that tells us of it
    early_.insert(early_.end(), given.partitions.begin(), given.partitions.end());
    return;
  }
  for (const auto& each : given.partitions) {
    // An owner still there is one whose release the group did not wait for. The new
    // claim fences its decisions off; its commits would still count.
    if (auto old = owners_.find(each.partition); old != owners_.end())
      take_from(old);
    auto owner = self_->spawn<caf::linked + caf::monitored>(partition_owner_actor, parts_, consumer_, each);
    living_.insert(caf::actor_cast<caf::actor_addr>(owner));
    owners_.emplace(each.partition, std::move(owner));
  }
  report_health();
}

void recommender_state::revoked(const partitions_revoked& taken) {
  for (auto partition : taken.partitions) {
    if (!consumer_) {
      std::erase_if(early_, [&](const auto& each) { return each.partition == partition; });
      early_revoked_.push_back(partition);
      continue;
    }
    auto owner = owners_.find(partition);
    if (owner == owners_.end()) {
      consumer_->release(partition);
      continue;
    }
    if (taken.lost) {
      take_from(owner);
      continue;
    }
    self_->send(owner->second, hand_off_partition{});
    rebuilt_.erase(partition);
    owners_.erase(owner);
  }
  report_health();
}

// It decides and commits nothing any more, and ends once its calls have ended.
void recommender_state::take_from(owners::iterator owner) {
  self_->send<caf::message_priority::high>(owner->second, hand_off_partition{true});
  rebuilt_.erase(owner->first);
  owners_.erase(owner);
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

void recommender_state::owned(const partition_owned& news) {
  if (owners_.contains(news.partition))
    rebuilt_.insert(news.partition);
  report_health();
}

void recommender_state::await(const await_owners& asked) {
  idle_ = asked.idle;
  tell_when_idle();
}

void recommender_state::tell_when_idle() {
  if (idle_ && living_.empty())
    std::exchange(idle_, nullptr)();
}

// Being given no partition is being ready too: there are more members than partitions.
void recommender_state::report_health() {
  auto ready = rebuilt_.size() == owners_.size();
  auto text =
    "owns " + std::to_string(rebuilt_.size()) + " of " + std::to_string(owners_.size()) + " partitions given";
  parts_.health->report("recommender", ready, text);
  if (ready)
    parts_.logger->info("the recommender " + text);
}

recommender::behavior_type recommender_actor(recommender::stateful_pointer<recommender_state> self,
                                             recommender_parts parts) {
  self->state.begin(std::move(parts));
  return {
    [self](const group_joined& membership) { self->state.joined(membership); },
    [self](const partitions_assigned& given) { self->state.assigned(given); },
    [self](const partitions_revoked& taken) { self->state.revoked(taken); },
    [self](const partition_owned& news) { self->state.owned(news); },
    [self](const command_batch& commands) { self->state.arrived(commands); },
    [self](const await_owners& asked) { self->state.await(asked); },
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
