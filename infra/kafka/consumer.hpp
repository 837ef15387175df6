#pragma once

#include "actors/ports/log.hpp"
#include "infra/kafka/client.hpp"
#include "infra/kafka/commits.hpp"
#include "infra/kafka/credit.hpp"
#include "infra/kafka/watchdog.hpp"

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <stop_token>
#include <thread>
#include <variant>

namespace sonicmatch::infra::kafka {

/// One member of a group, with its client and the one thread that polls, calls
/// back, commits and rebalances. The other threads' wishes go through an inbox.
///
/// Works around librdkafka 2.0.2: partitions are assigned paused, with an explicit
/// offset; whatever begins or goes on does so by resume and then seek, because a
/// resume alone neither wakes the fetcher nor is safe from rewinding; and a record
/// below the expected offset, which a rewind would give, is dropped.
class consumer final : public actors::ports::group_consumer, public client_observer {
public:
  consumer(const settings& values, std::string group, std::string topic, sink out,
           actors::ports::logger& log);
  ~consumer() override;

  void leave() override;
  void start(events::partition_id partition, events::log_offset from) override;
  void commit(events::partition_id partition, events::log_offset next, std::string metadata) override;
  void release(events::partition_id partition) override;

private:
  using clock = std::chrono::steady_clock;

  struct start_request {
    std::int32_t partition;
    std::int64_t from;
  };
  struct commit_request {
    std::int32_t partition;
    std::int64_t next;
    std::string metadata;
  };
  struct release_request {
    std::int32_t partition;
  };
  using request = std::variant<start_request, commit_request, release_request>;

  /// What is known of a partition; index is its number.
  struct slot {
    bool assigned = false;
    bool started = false;
    bool fetching = false;   ///< resumed; not so while it waits for credit or for its seek
    bool retained = false;   ///< revoked, and not released by the owner yet
    std::int64_t next = 0;   ///< the offset expected
    std::int64_t sought = 0; ///< where the last seek went: a rewind never goes below it
  };

  caf::error open(const std::string& group);
  void run(const std::stop_token& stop);
  void poll();
  void take(const rd_kafka_message_t& message);
  void deliver();
  void close();

  void ask(request wish);
  void perform_requests();
  void perform(const start_request& wish);
  void perform(commit_request& wish);
  void perform(const release_request& wish);

  void on_rebalance(rd_kafka_resp_err_t code, const rd_kafka_topic_partition_list_t* partitions);
  void on_assigned(const rd_kafka_topic_partition_list_t* partitions);
  void on_revoked(bool lost);
  [[nodiscard]] bool find_committed(rd_kafka_topic_partition_list_t* partitions);
  void await_release(clock::time_point deadline);

  void wait_for_credit();
  void go_on(rd_kafka_topic_partition_list_t& ready);
  void hold(std::int32_t partition);
  void resume_relieved();

  void complain(const caf::error& error);
  void on_client_error(rd_kafka_resp_err_t code, std::string_view reason) override;
  void on_statistics(std::string_view json) override;

  slot& slot_of(std::int32_t partition);

  settings settings_;
  std::string topic_;
  sink out_;
  client_handle client_;
  queue_handle queue_; ///< the client's own, for waking the thread
  std::optional<commits> commits_;
  std::optional<watchdog> watchdog_;
  std::shared_ptr<credit_ledger> credit_;

  std::atomic<bool> silent_{false}; ///< leaving without the handshake: no callbacks any more
  std::stop_token leaving_;         ///< set by the thread itself when it begins
  std::vector<slot> slots_;
  std::vector<actors::ports::log_record> collected_;
  std::size_t collected_bytes_ = 0;
  std::size_t held_back_ = 0; ///< partitions started and not fetching
  clock::time_point complained_{};
  bool wedged_ = false; ///< the statistics show a rebalance under way

  std::mutex guard_; ///< of inbox_
  std::condition_variable_any asked_;
  std::vector<request> inbox_;
  std::jthread thread_;
};

} // namespace sonicmatch::infra::kafka
