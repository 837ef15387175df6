#pragma once

#include "actors/ports/logger.hpp"
#include "infra/kafka/handles.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <string>

namespace sonicmatch::infra::kafka {

/// A member's commits on their way: the newest per partition, one request at a
/// time, not more often than an interval. A request that failed for a passing
/// reason is made again. Belongs to the member's polling thread.
class commits {
public:
  using clock = std::chrono::steady_clock;

  commits(rd_kafka_t* client, std::string topic, std::chrono::milliseconds interval,
          actors::ports::logger& log);

  /// Replaces what waits for the partition.
  void note(std::int32_t partition, std::int64_t next, std::string metadata);

  /// Sends what is due and takes in results. Never blocks.
  void progress();

  /// When progress() should be called next.
  [[nodiscard]] clock::time_point due() const noexcept;

  /// Waits until everything noted is committed, or could not be, or `deadline`.
  void flush(clock::time_point deadline);

  /// Forgets what waits, for partitions that are not this member's any more.
  void forget();

private:
  struct position {
    std::int64_t next;
    std::string metadata;
  };

  void send();
  void take_result(int timeout_ms);

  rd_kafka_t* client_;
  std::string topic_;
  std::chrono::milliseconds interval_;
  actors::ports::logger& log_;
  queue_handle results_;
  std::map<std::int32_t, position> waiting_;
  std::map<std::int32_t, position> sent_; ///< what the request under way commits
  bool under_way_ = false;
  clock::time_point next_send_{};
};

} // namespace sonicmatch::infra::kafka
