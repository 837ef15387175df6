#include "infra/kafka/consumer.hpp"

/// What the consumer fetches: partitions held back for want of credit, and going on.
/// All on its polling thread.
namespace sonicmatch::infra::kafka {

using namespace std::chrono_literals;

namespace {

/// How long to wait for a batch to be dropped before the partitions are paused,
/// which throws away what was fetched.
constexpr auto credit_grace = 20ms;

} // namespace

void consumer::wait_for_credit() {
  if (!credit_->exhausted())
    return;
  credit_->await_relief();
  {
    std::unique_lock lock{guard_};
    asked_.wait_for(lock, credit_grace, [this] { return !credit_->exhausted(); });
  }
  if (!credit_->exhausted())
    return;
  for (std::size_t i = 0; i < slots_.size(); ++i)
    if (slots_[i].fetching)
      hold(static_cast<std::int32_t>(i));
}

void consumer::hold(std::int32_t partition) {
  auto& place = slot_of(partition);
  if (!place.fetching)
    return;
  partitions_handle one{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(one.get(), topic_.c_str(), partition);
  rd_kafka_pause_partitions(client_.get(), one.get());
  place.fetching = false;
  ++held_back_;
  credit_->await_relief();
}

void consumer::resume_relieved() {
  if (held_back_ == 0)
    return;
  partitions_handle ready{rd_kafka_topic_partition_list_new(1)};
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto partition = static_cast<std::int32_t>(i);
    if (slots_[i].started && !slots_[i].fetching && credit_->relieved(partition))
      rd_kafka_topic_partition_list_add(ready.get(), topic_.c_str(), partition)->offset = slots_[i].next;
  }
  if (ready->cnt > 0)
    go_on(*ready);
}

// All at once: each seek waits for the fetch under way, so one after the other a
// member with many partitions would take seconds to begin.
void consumer::go_on(rd_kafka_topic_partition_list_t& ready) {
  rd_kafka_resume_partitions(client_.get(), &ready);
  // 2.0.2 takes these milliseconds for microseconds; the reply needs no broker.
  constexpr int seek_timeout = 100'000;
  error_handle error{rd_kafka_seek_partitions(client_.get(), &ready, seek_timeout)};
  for (auto i = 0; i < ready.cnt; ++i) {
    const auto& entry = ready.elems[i];
    if (error || entry.err != RD_KAFKA_RESP_ERR_NO_ERROR) {
      // The assignment is still being carried out: the next round tries again.
      partitions_handle one{rd_kafka_topic_partition_list_new(1)};
      rd_kafka_topic_partition_list_add(one.get(), topic_.c_str(), entry.partition);
      rd_kafka_pause_partitions(client_.get(), one.get());
      continue;
    }
    auto& place = slot_of(entry.partition);
    place.sought = place.next;
    place.fetching = true;
    --held_back_;
  }
}

} // namespace sonicmatch::infra::kafka
