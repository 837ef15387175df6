#pragma once

#include "actors/ports/log.hpp"
#include "infra/kafka/client.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

namespace sonicmatch::infra::kafka {

/// Answers where partitions end and what groups have committed, on a thread and a
/// connection of its own: 2.0.2 can only ask for ends and wait, and on a reader's
/// connection a question waits for the fetch under way.
///
/// Answers are called on the finder's thread, within the question's timeout and
/// `attempt_max`, or at once in the caller's when too many are waiting. What is
/// left when it is destroyed is answered with shutting_down. Thread-safe.
class offset_finder final : public client_observer {
public:
  using end_answer = std::function<void(caf::expected<events::log_offset>)>;
  using committed_answer = std::function<void(caf::expected<std::vector<std::optional<events::log_offset>>>)>;

  /// One question to the broker takes no longer than this, so that a question
  /// with a short timeout does not wait long behind one with a long timeout.
  static constexpr std::chrono::milliseconds attempt_max{500};

  offset_finder(const settings& values, actors::ports::logger& log);
  ~offset_finder() override;

  void find_end(const std::string& topic, std::int32_t partition, std::chrono::milliseconds timeout,
                end_answer on_found);
  void find_committed(const std::string& group, const std::string& topic, std::int32_t partition_count,
                      std::chrono::milliseconds timeout, committed_answer on_found);

private:
  using clock = std::chrono::steady_clock;

  struct end_question {
    std::string topic;
    std::int32_t partition;
    clock::time_point deadline;
    end_answer on_found;
  };
  struct committed_question {
    std::string group;
    std::string topic;
    std::int32_t partition_count;
    clock::time_point deadline;
    committed_answer on_found;
  };
  struct questions {
    std::vector<end_question> ends;
    std::vector<committed_question> committed;

    [[nodiscard]] std::size_t count() const noexcept {
      return ends.size() + committed.size();
    }
  };

  void run(const std::stop_token& stop);
  void fail(questions& those, const caf::error& error);
  caf::error open_client();
  /// Both answer what they can and give back what may be asked again.
  std::vector<end_question> ask(std::vector<end_question> those);
  std::vector<committed_question> ask(std::vector<committed_question> those);
  rd_kafka_resp_err_t ask_once(const committed_question& one,
                               std::vector<std::optional<events::log_offset>>& found);

  template <class Question>
  void enqueue(std::vector<Question> questions::*kind, Question one);

  settings settings_;
  client_handle client_; ///< opened with the first question
  std::mutex guard_;     ///< of waiting_
  std::condition_variable_any asked_;
  questions waiting_;
  std::jthread thread_;
};

} // namespace sonicmatch::infra::kafka
