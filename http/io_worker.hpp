#pragma once

#include "http/answer_mailbox.hpp"
#include "http/compression.hpp"
#include "http/edge.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>
#include <thread>
#include <unordered_set>

namespace sonicmatch::http {

class connection;

/// One I/O thread with the connections that live on it.
///
/// Deadlines are kept by one timer for all connections rather than one for each:
/// a connection notes until when it may stay as it is, and a sweep a few times a
/// second finds those that overstayed. Owned by the server; join() or the
/// destructor ends the thread.
class io_worker {
public:
  using clock = std::chrono::steady_clock;

  explicit io_worker(edge& shared);
  ~io_worker();

  io_worker(const io_worker&) = delete;
  io_worker& operator=(const io_worker&) = delete;

  /// Starts the thread.
  void start();

  /// Lets idle connections go and ends streams, now that edge::is_draining is set. Any thread.
  void drain();

  /// Cuts every connection off and ends the thread. Not from an I/O thread.
  void stop();

  [[nodiscard]] boost::asio::io_context& context() noexcept {
    return context_;
  }

  // The rest is for the connections, on this thread.

  /// The time of the last sweep: good enough for deadlines, and free.
  [[nodiscard]] clock::time_point now() const noexcept {
    return now_;
  }
  [[nodiscard]] const std::shared_ptr<answer_mailbox>& mailbox() const noexcept {
    return mailbox_;
  }
  [[nodiscard]] http::compressor& compressor() noexcept {
    return compressor_;
  }
  /// False when the worker is stopping and takes nobody in.
  [[nodiscard]] bool enter(connection& member) {
    return !is_stopping_ && connections_.insert(&member).second;
  }
  void leave(connection& member) {
    connections_.erase(&member);
  }

private:
  void schedule_sweep();
  void sweep();

  edge& shared_;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  boost::asio::steady_timer sweep_timer_;
  clock::duration sweep_interval_;
  clock::time_point now_;
  std::shared_ptr<answer_mailbox> mailbox_;
  http::compressor compressor_;
  std::unordered_set<connection*> connections_; ///< bounded by the connection limits
  bool is_stopping_ = false;
  std::thread thread_;
};

} // namespace sonicmatch::http
