#pragma once

#include "tests/support/simulated_membership.hpp"
#include "tests/support/simulated_reader.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

namespace sonicmatch::tests {

/// Tasks for another thread. Those that come after its end are dropped.
class task_inbox {
public:
  void post(std::function<void()> task);
  /// Waits a moment for tasks and takes them; false once there will be no more.
  [[nodiscard]] bool await(std::vector<std::function<void()>>& tasks);
  void end();

private:
  std::mutex guard_; ///< of the two below
  std::vector<std::function<void()>> tasks_;
  bool ended_ = false;
  std::condition_variable changed_;
};

/// Runs a simulated world at the pace of real time in a thread of its own, so that
/// a test written for real adapters can use it. All of the world happens in that
/// thread; others hand it tasks.
class paced_world {
public:
  paced_world();
  ~paced_world();
  paced_world(const paced_world&) = delete;
  paced_world& operator=(const paced_world&) = delete;

  /// Runs the task in the world's thread, after those posted before, and waits for it.
  void perform(const std::function<void()>& task);

  /// Ends the thread; the time stands still from then on.
  void stop();

  [[nodiscard]] const std::shared_ptr<task_inbox>& inbox() const noexcept {
    return inbox_;
  }

  simulated_world world{1};

private:
  void run();

  std::shared_ptr<task_inbox> inbox_ = std::make_shared<task_inbox>();
  std::thread thread_;
};

/// The simulated log as tests/contract/log_contract.hpp wants it.
class simulated_log_fixture {
public:
  static constexpr std::size_t held_bytes_max = simulated_fetcher::held_bytes_max;

  simulated_log_fixture();
  ~simulated_log_fixture();
  simulated_log_fixture(const simulated_log_fixture&) = delete;
  simulated_log_fixture& operator=(const simulated_log_fixture&) = delete;

  ports::log_producer& producer() {
    return *producer_;
  }
  ports::log_reader& reader() {
    return *reader_;
  }
  ports::group_membership& membership() {
    return *membership_;
  }

  std::string new_topic(std::int32_t partitions);
  std::string new_group();
  void append_tombstone(const std::string& topic, std::int32_t partition, const std::string& key);
  void remove_before(const std::string& topic, std::int32_t partition, std::int64_t offset);

private:
  paced_world paced_;
  simulated_log log_{paced_.world};
  simulated_groups groups_{paced_.world, log_};
  simulated_network network_;
  std::shared_ptr<simulated_host> host_ = std::make_shared<simulated_host>();
  std::unique_ptr<ports::log_producer> producer_;
  std::unique_ptr<ports::log_reader> reader_;
  std::unique_ptr<ports::group_membership> membership_;
  int names_ = 0;
};

} // namespace sonicmatch::tests
