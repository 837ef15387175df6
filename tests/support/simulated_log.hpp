#pragma once

#include "actors/ports/log.hpp"
#include "tests/support/simulated_world.hpp"

#include <deque>
#include <map>
#include <string>
#include <vector>

namespace sonicmatch::tests {

namespace ports = actors::ports;
using events::log_offset;
using events::log_position;
using events::partition_id;

/// The records of a simulated broker: what is here survives every process.
/// Adapters over it, one set per process: simulated_producer.hpp,
/// simulated_reader.hpp, simulated_membership.hpp.
class simulated_log {
public:
  explicit simulated_log(simulated_world& world)
    : world_(world) {}

  void create_topic(const std::string& name, std::int32_t partition_count);

  [[nodiscard]] std::int32_t partition_count(const std::string& topic) const;

  /// Appends at once. Without a value it is a tombstone.
  log_position append(ports::new_record record, bool tombstone = false);

  /// In offset order, gapless.
  [[nodiscard]] const std::deque<ports::log_record>& records(const std::string& topic,
                                                             partition_id partition) const;
  [[nodiscard]] log_offset begin_of(const std::string& topic, partition_id partition) const;
  [[nodiscard]] log_offset end_of(const std::string& topic, partition_id partition) const;

  /// What retention does.
  void remove_before(const std::string& topic, partition_id partition, log_offset first);

  /// Calls `action` once, with the next append to the partition.
  void on_growth(const std::string& topic, partition_id partition, std::function<void()> action);

private:
  struct stored_partition {
    std::deque<ports::log_record> records;
    log_offset first;
    std::vector<std::function<void()>> waiting;
  };

  stored_partition& at(const std::string& topic, partition_id partition);
  [[nodiscard]] const stored_partition& at(const std::string& topic, partition_id partition) const;

  simulated_world& world_;
  std::map<std::string, std::vector<stored_partition>> topics_;
};

} // namespace sonicmatch::tests
