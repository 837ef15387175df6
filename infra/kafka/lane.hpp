#pragma once

#include "actors/ports/log.hpp"
#include "infra/kafka/client.hpp"
#include "infra/kafka/credit.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <set>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace sonicmatch::infra::kafka {

/// One partition that somebody follows. Shared by its subscription and its lane;
/// all but `closed` belongs to the lane's thread.
struct following {
  std::string topic;
  std::int32_t partition = 0;
  std::int64_t next = 0; ///< the offset to begin at, then the one expected
  actors::ports::log_reader::sink out;

  std::shared_ptr<credit_ledger> credit;
  std::vector<actors::ports::log_record> collected;
  std::size_t collected_bytes = 0;
  rd_kafka_topic_t* source = nullptr; ///< set once it was started
  bool suspended = false;             ///< stopped for want of credit
  std::chrono::steady_clock::time_point complained{};

  /// Held around every callback, so that closing waits for the one under way;
  /// recursive, for a callback may drop its own subscription.
  std::recursive_mutex calling;
  bool closed = false;

  void close() {
    std::lock_guard lock{calling};
    closed = true;
  }

  template <class Function, class... Args>
  void call(const Function& callback, Args&&... args) {
    std::lock_guard lock{calling};
    if (!closed && callback)
      callback(std::forward<Args>(args)...);
  }
};

/// A client of librdkafka that reads partitions by assignment, each at most once,
/// with one thread that polls and calls back.
///
/// Built on librdkafka's simple consumer with one queue for all partitions: it
/// starts and stops partitions one by one, and a stop makes it drop what it had
/// fetched (by version, in the queue), so suspending is stopping and going on is
/// starting at the next offset. That avoids pause and resume altogether, which in
/// 2.0.2 may rewind.
class lane final : public client_observer {
public:
  /// Opens it, or bad_configuration. Does not wait for a broker.
  [[nodiscard]] static caf::expected<std::shared_ptr<lane>>
  open(const settings& values, actors::ports::logger& log, std::string name);
  lane(const settings& values, actors::ports::logger& log, std::string name);
  ~lane() override;

  /// Takes one more, unless its partition is being followed here already.
  [[nodiscard]] bool accept(const std::shared_ptr<following>& one);

  /// Lets one go, which has been closed.
  void dismiss(const std::shared_ptr<following>& one);

  /// Ends the thread. No callback afterwards.
  void shut_down();

private:
  struct topic_entry {
    std::string name;
    topic_handle handle;
    std::vector<std::shared_ptr<following>> partitions; ///< by number; null when not followed
  };

  struct request {
    std::shared_ptr<following> whom;
    bool begin;
  };

  caf::error start();
  void run(const std::stop_token& stop);
  void perform_requests();
  void begin(const std::shared_ptr<following>& whom);
  void end(following& whom);
  topic_entry& entry_of(const std::string& topic);
  void poll();
  void take(const rd_kafka_message_t& message);
  void deliver(following& whom);
  void deliver_collected();
  void complain(following& whom, rd_kafka_resp_err_t code);
  void resume_relieved();
  void wake();

  settings settings_;
  client_handle client_;
  queue_handle queue_;
  std::vector<std::unique_ptr<topic_entry>> topics_;

  std::vector<following*> touched_; ///< those with something collected
  std::size_t suspended_ = 0;

  std::mutex guard_; ///< of the two below
  std::vector<request> inbox_;
  std::set<std::pair<std::string, std::int32_t>> taken_;
  std::jthread thread_;
};

} // namespace sonicmatch::infra::kafka
