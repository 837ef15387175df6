#pragma once

#include "actors/ports/logger.hpp"
#include "http/message.hpp"
#include "http/responder.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>
#include <vector>

namespace sonicmatch::http {

class connection;
class stream_queue;

/// Where one asynchronous answer arrives. Shared by the connection that waits and
/// the responders; touched on the connection's thread only.
struct answer_slot {
  connection* waiting = nullptr; ///< null once nobody waits any more
  std::optional<response> answer;
};

/// Brings answers, and the news that a stream has something to send, from any thread
/// to the I/O thread whose connections wait for them. Shared by the I/O thread, all
/// responders and all streams, which may outlive it: after close() both go nowhere.
///
/// Holds at most one answer for each asynchronous request in flight, and each stream
/// once or twice.
class answer_mailbox : public std::enable_shared_from_this<answer_mailbox> {
public:
  /// Both must live until close().
  answer_mailbox(boost::asio::io_context& context, actors::ports::logger& log) noexcept
    : context_{&context}
    , log_{&log} {}

  /// Brings `answer` to `slot`. Any thread; at once when it is the right one.
  void deliver(const std::shared_ptr<answer_slot>& slot, response answer);

  /// Has the connection of `stream` look what is to be sent. Any thread.
  void wake(std::shared_ptr<stream_queue> stream);

  /// Logs an error under a request's id, while there is a log. Any thread.
  void report(std::string_view message, const request& asked, std::string error);

  /// Forgets the I/O thread and the log.
  void close();

private:
  void empty();

  /// Has empty() run on the I/O thread if it is not to run already. With the lock.
  void call_to_empty();

  std::mutex mutex_;
  boost::asio::io_context* context_; ///< null when closed
  actors::ports::logger* log_;       ///< null when closed
  std::vector<std::pair<std::shared_ptr<answer_slot>, response>> waiting_;
  std::vector<std::shared_ptr<stream_queue>> waking_;
  bool is_called_ = false; ///< empty() is on its way
};

/// What a responder points at: answers its slot once, and with 500 if it is
/// dropped unanswered.
class awaited_answer final : public pending_answer {
public:
  awaited_answer(std::shared_ptr<answer_slot> slot, std::shared_ptr<answer_mailbox> mailbox,
                 request asked) noexcept
    : slot_{std::move(slot)}
    , mailbox_{std::move(mailbox)}
    , asked_{std::move(asked)} {}

  ~awaited_answer() override;

  awaited_answer(const awaited_answer&) = delete;
  awaited_answer& operator=(const awaited_answer&) = delete;

  void deliver(response answer) override;
  void fail(const caf::error& error) override;

private:
  std::shared_ptr<answer_slot> slot_;
  std::shared_ptr<answer_mailbox> mailbox_;
  request asked_;
  std::atomic<bool> is_answered_{false};
};

} // namespace sonicmatch::http
