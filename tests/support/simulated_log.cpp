#include "tests/support/simulated_log.hpp"

namespace sonicmatch::tests {

void simulated_log::create_topic(const std::string& name, std::int32_t partition_count) {
  topics_[name].resize(static_cast<std::size_t>(partition_count));
}

std::int32_t simulated_log::partition_count(const std::string& topic) const {
  return static_cast<std::int32_t>(topics_.at(topic).size());
}

simulated_log::stored_partition& simulated_log::at(const std::string& topic, partition_id partition) {
  return topics_.at(topic).at(static_cast<std::size_t>(partition.value));
}

const simulated_log::stored_partition& simulated_log::at(const std::string& topic,
                                                         partition_id partition) const {
  return topics_.at(topic).at(static_cast<std::size_t>(partition.value));
}

log_position simulated_log::append(ports::new_record record, bool tombstone) {
  auto& stored = at(record.topic, record.partition);
  auto offset = end_of(record.topic, record.partition);
  ports::log_record fresh;
  fresh.partition = record.partition;
  fresh.offset = offset;
  fresh.time = std::chrono::floor<std::chrono::milliseconds>(world_.now());
  fresh.key = std::move(record.key);
  if (!tombstone)
    fresh.value = std::move(record.value);
  fresh.headers = std::move(record.headers);
  stored.records.push_back(std::move(fresh));
  for (auto& action : std::exchange(stored.waiting, {}))
    action();
  return {record.partition, offset};
}

const std::deque<ports::log_record>& simulated_log::records(const std::string& topic,
                                                            partition_id partition) const {
  return at(topic, partition).records;
}

log_offset simulated_log::begin_of(const std::string& topic, partition_id partition) const {
  return at(topic, partition).first;
}

log_offset simulated_log::end_of(const std::string& topic, partition_id partition) const {
  const auto& stored = at(topic, partition);
  return {stored.first.value + static_cast<std::int64_t>(stored.records.size())};
}

void simulated_log::remove_before(const std::string& topic, partition_id partition, log_offset first) {
  auto& stored = at(topic, partition);
  for (; stored.first < first && !stored.records.empty(); stored.first = stored.first.next())
    stored.records.pop_front();
}

void simulated_log::on_growth(const std::string& topic, partition_id partition,
                              std::function<void()> action) {
  at(topic, partition).waiting.push_back(std::move(action));
}

} // namespace sonicmatch::tests
