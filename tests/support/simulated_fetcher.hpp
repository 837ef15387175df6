#pragma once

#include "tests/support/simulated_producer.hpp"

namespace sonicmatch::tests {

/// Gives a process records of some partitions of a topic: in batches of random
/// size, after random delays, as long as not too many of them are held. What both
/// kinds of readers have inside.
class simulated_fetcher : public std::enable_shared_from_this<simulated_fetcher> {
public:
  /// Of one partition's records, in batches that are held.
  static constexpr std::size_t held_bytes_max = 64u << 10;

  struct sink {
    std::function<void(ports::batch_ptr)> on_batch;
    std::function<void(partition_id, log_offset)> on_end; ///< may be empty
  };

  simulated_fetcher(simulated_world& world, simulated_log& log, std::shared_ptr<simulated_host> host,
                    const simulated_network& network, std::string topic, sink out);

  /// Begins with a partition, or begins with it again elsewhere.
  void start(partition_id partition, log_offset from);
  void stop(partition_id partition);

  /// Nothing is given out afterwards.
  void close();

private:
  struct source {
    log_offset next;
    std::optional<log_offset> told_end;
    bool waiting = false; ///< for the log to grow
    std::size_t held_bytes = 0;
    bool held_back = false;
  };
  class loan;

  void schedule();
  void fetch();
  void give_batch();
  void tell_ends();
  void collect(partition_id partition, source& from, std::vector<ports::log_record>& into);
  void give_back(partition_id partition, std::size_t bytes);
  [[nodiscard]] bool has_news(partition_id partition, const source& from) const;

  simulated_world& world_;
  simulated_log& log_;
  std::shared_ptr<simulated_host> host_;
  const simulated_network& network_;
  std::string topic_;
  sink out_;
  std::map<partition_id, source> sources_;
  bool scheduled_ = false;
  bool closed_ = false;
};

} // namespace sonicmatch::tests
