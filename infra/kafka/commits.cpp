#include "infra/kafka/commits.hpp"

#include <cstring>

namespace sonicmatch::infra::kafka {

namespace {

constexpr int flush_poll_ms = 50;

/// Whether the same commit may succeed later while the member keeps its partitions.
bool passing(rd_kafka_resp_err_t code) noexcept {
  switch (code) {
  case RD_KAFKA_RESP_ERR_REBALANCE_IN_PROGRESS:
  case RD_KAFKA_RESP_ERR_ILLEGAL_GENERATION:
  case RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID:
  case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
  case RD_KAFKA_RESP_ERR_OFFSET_METADATA_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR__FATAL:
  case RD_KAFKA_RESP_ERR__DESTROY:
    return false;
  default:
    return true;
  }
}

void set_metadata(rd_kafka_topic_partition_t& entry, const std::string& metadata) {
  if (metadata.empty())
    return;
  // librdkafka frees it with the list, through its own allocator's free().
  entry.metadata = rd_kafka_mem_malloc(nullptr, metadata.size());
  std::memcpy(entry.metadata, metadata.data(), metadata.size());
  entry.metadata_size = metadata.size();
}

} // namespace

commits::commits(rd_kafka_t* client, std::string topic, std::chrono::milliseconds interval,
                 actors::ports::logger& log)
  : client_(client)
  , topic_(std::move(topic))
  , interval_(interval)
  , log_(log)
  , results_(rd_kafka_queue_new(client)) {}

void commits::note(std::int32_t partition, std::int64_t next, std::string metadata) {
  waiting_[partition] = {next, std::move(metadata)};
}

void commits::progress() {
  if (under_way_)
    take_result(0);
  if (!under_way_ && !waiting_.empty() && clock::now() >= next_send_)
    send();
}

commits::clock::time_point commits::due() const noexcept {
  return !under_way_ && waiting_.empty() ? clock::time_point::max() : next_send_;
}

void commits::flush(clock::time_point deadline) {
  while ((under_way_ || !waiting_.empty()) && clock::now() < deadline) {
    if (!under_way_)
      send();
    take_result(flush_poll_ms);
  }
}

void commits::forget() {
  waiting_.clear();
  sent_.clear(); // so that a failure does not bring them back
}

void commits::send() {
  partitions_handle offsets{rd_kafka_topic_partition_list_new(static_cast<int>(waiting_.size()))};
  for (const auto& [partition, wanted] : waiting_) {
    auto* entry = rd_kafka_topic_partition_list_add(offsets.get(), topic_.c_str(), partition);
    entry->offset = wanted.next;
    set_metadata(*entry, wanted.metadata);
  }
  next_send_ = clock::now() + interval_;
  auto code = rd_kafka_commit_queue(client_, offsets.get(), results_.get(), nullptr, nullptr);
  under_way_ = code == RD_KAFKA_RESP_ERR_NO_ERROR;
  if (under_way_)
    sent_.swap(waiting_);
  else
    log_.warning("a commit could not be sent", {{"topic", topic_}, {"error", rd_kafka_err2name(code)}});
}

void commits::take_result(int timeout_ms) {
  event_handle event{rd_kafka_queue_poll(results_.get(), timeout_ms)};
  if (!event || rd_kafka_event_type(event.get()) != RD_KAFKA_EVENT_OFFSET_COMMIT)
    return;
  under_way_ = false;
  auto code = rd_kafka_event_error(event.get());
  if (code != RD_KAFKA_RESP_ERR_NO_ERROR) {
    log_.warning("a commit failed", {{"topic", topic_}, {"error", rd_kafka_err2name(code)}});
    if (passing(code))
      waiting_.merge(sent_); // what was noted since is newer and stays
  }
  sent_.clear();
}

} // namespace sonicmatch::infra::kafka
