#pragma once

#include "actors/interfaces.hpp"
#include "events/fence.hpp"

#include <memory>
#include <vector>

namespace sonicmatch::actors {

/// Where an edge stands in each partition of the events and the commands topic:
/// its subscriptions, the fences, and how far it has read. Owned and used by the
/// edge actor.
class log_tails {
public:
  using subscription = std::unique_ptr<ports::log_reader::subscription>;

  /// Takes over a partition from `next` on. `claim` is the newest one before it,
  /// for the events topic.
  void start(tailed topic, partition_id partition, log_offset next, std::optional<log_offset> claim,
             subscription reading);

  /// Advances over a record and says whether it is news of a session: a decision
  /// under the newest claim, that it is erased, or any command.
  [[nodiscard]] bool admit(tailed topic, const ports::log_record& record);

  /// Notes that everything before `next` has been read.
  void reached(tailed topic, partition_id partition, log_offset next);

  /// Whether everything before `end` has been read.
  [[nodiscard]] bool has_reached(tailed topic, partition_id partition, log_offset end) const;

  /// Whether each tail, `partition_count` of either topic, has been at its end once.
  [[nodiscard]] bool caught_up(std::int32_t partition_count) const noexcept {
    return at_end_once_ >= 2 * static_cast<std::size_t>(partition_count);
  }

private:
  struct partition_tail {
    log_offset next;
    events::claim_fence fence;
    bool at_end_once = false;
    subscription reading;
  };

  partition_tail& at(tailed topic, partition_id partition);

  std::vector<partition_tail> events_;
  std::vector<partition_tail> commands_;
  std::size_t at_end_once_ = 0;
};

} // namespace sonicmatch::actors
