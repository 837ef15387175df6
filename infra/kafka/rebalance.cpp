#include "events/error.hpp"
#include "infra/kafka/consumer.hpp"

#include <algorithm>

/// The consumer's part in rebalances. All on its polling thread, inside librdkafka's
/// rebalance callback or its equivalent while leaving.
namespace sonicmatch::infra::kafka {

using actors::ports::assignment;
using namespace std::chrono_literals;

namespace {

/// One question for the committed offsets takes no longer.
constexpr int committed_timeout_ms = 2'000;
constexpr auto final_commit_timeout = 2s;

} // namespace

void consumer::on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions) {
  deliver(); // what was read before goes before
  if (code == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS)
    on_assigned(partitions);
  else
    on_revoked(rd_kafka_assignment_lost(client_.get()) != 0);
}

void consumer::on_assigned(const rd_kafka_topic_partition_list_t* partitions) {
  partitions_handle list{rd_kafka_topic_partition_list_copy(partitions)};
  if (!find_committed(list.get())) {
    rd_kafka_assign(client_.get(), list.get()); // lost or leaving: what follows takes them back
    rd_kafka_pause_partitions(client_.get(), list.get());
    return;
  }
  std::vector<assignment> given;
  for (auto i = 0; i < list->cnt; ++i) {
    auto& entry = list->elems[i];
    auto& one = given.emplace_back();
    one.partition = {entry.partition};
    if (entry.offset >= 0)
      one.committed = events::log_offset{entry.offset};
    if (entry.metadata)
      one.metadata.assign(static_cast<const char*>(entry.metadata), entry.metadata_size);
    // An explicit offset keeps librdkafka from asking for it again; start() decides.
    entry.offset = std::max<std::int64_t>(entry.offset, 0);
    slot_of(entry.partition) = slot{.assigned = true};
  }
  rd_kafka_assign(client_.get(), list.get());
  rd_kafka_pause_partitions(client_.get(), list.get());
  if (!given.empty() && !silent_)
    out_.on_assigned(std::move(given));
}

bool consumer::find_committed(rd_kafka_topic_partition_list_t* partitions) {
  while (partitions->cnt > 0) {
    auto code = rd_kafka_committed(client_.get(), partitions, committed_timeout_ms);
    for (auto i = 0; code == RD_KAFKA_RESP_ERR_NO_ERROR && i < partitions->cnt; ++i)
      code = partitions->elems[i].err;
    if (code == RD_KAFKA_RESP_ERR_NO_ERROR)
      return true;
    log().warning("the committed offsets are not known yet",
                  {{"topic", topic_}, {"error", rd_kafka_err2name(code)}});
    if (leaving_.stop_requested() || rd_kafka_assignment_lost(client_.get()) != 0)
      return false;
    watchdog_->pulse();
    std::unique_lock lock{guard_};
    asked_.wait_for(lock, leaving_, 100ms, [] { return false; });
  }
  return true;
}

void consumer::on_revoked(bool lost) {
  std::vector<events::partition_id> taken;
  for (std::size_t i = 0; i < slots_.size(); ++i) {
    auto& place = slots_[i];
    if (!place.assigned)
      continue;
    taken.push_back({static_cast<std::int32_t>(i)});
    place.retained = true;
  }
  if (lost)
    commits_->forget();
  if (!taken.empty() && !silent_)
    out_.on_revoked(taken, lost);
  if (!lost) {
    if (!silent_)
      await_release(clock::now() + settings_.group.release_timeout);
    perform_requests(); // commits given just before the last release
    commits_->flush(clock::now() + final_commit_timeout);
  }
  slots_.clear();
  held_back_ = 0;
  rd_kafka_assign(client_.get(), nullptr);
}

void consumer::await_release(clock::time_point deadline) {
  auto retained = [this] {
    return std::any_of(slots_.begin(), slots_.end(), [](const slot& one) { return one.retained; });
  };
  while (retained()) {
    {
      std::unique_lock lock{guard_};
      if (!asked_.wait_until(lock, deadline, [this] { return !inbox_.empty() || silent_; }) || silent_)
        break;
    }
    perform_requests();
  }
  if (retained())
    log().warning("partitions were revoked before their owner released them", {{"topic", topic_}});
}

void consumer::on_statistics(std::string_view json) {
  // While the coordinator can be reached, a rebalance is over in max.poll.interval.
  // Only the first "cgrp" object is of interest, so the text is searched, not parsed.
  auto group = json.find("\"cgrp\":");
  if (group == std::string_view::npos)
    return;
  auto text = json.substr(group);
  auto coordinator_up = text.find("\"state\": \"up\"") != std::string_view::npos
                        || text.find("\"state\":\"up\"") != std::string_view::npos;
  auto joining = text.find("\"join_state\":\"wait-") != std::string_view::npos
                 || text.find("\"join_state\": \"wait-") != std::string_view::npos;
  wedged_ = coordinator_up && joining;
}

} // namespace sonicmatch::infra::kafka
