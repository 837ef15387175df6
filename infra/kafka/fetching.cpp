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
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto partition = static_cast<std::int32_t>(i);
    if (slots_[i].started && !slots_[i].fetching && credit_->relieved(partition))
      go_on(partition);
  }
}

void consumer::go_on(std::int32_t partition) {
  auto& place = slot_of(partition);
  partitions_handle one{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(one.get(), topic_.c_str(), partition)->offset = place.next;
  rd_kafka_resume_partitions(client_.get(), one.get());
  // 2.0.2 takes these milliseconds for microseconds; the reply needs no broker.
  constexpr int seek_timeout = 100'000;
  error_handle error{rd_kafka_seek_partitions(client_.get(), one.get(), seek_timeout)};
  if (error || one->elems[0].err != RD_KAFKA_RESP_ERR_NO_ERROR) {
    // The assignment is still being carried out: the next round tries again.
    rd_kafka_pause_partitions(client_.get(), one.get());
    return;
  }
  place.sought = place.next;
  place.fetching = true;
  --held_back_;
}

} // namespace sonicmatch::infra::kafka
