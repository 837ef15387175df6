#pragma once

#include "http/answer_mailbox.hpp"
#include "http/stream.hpp"

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

namespace sonicmatch::http {

/// What waits to be sent on one stream: the meeting place of the threads that write
/// and the connection that sends. Shared by both, so that either may go first.
///
/// Bounded in bytes. A client that lets more pile up is overrun: what waited is dropped
/// and its connection cut off, since a stream with a hole in it is worth nothing.
class stream_queue final : public open_stream, public std::enable_shared_from_this<stream_queue> {
public:
  /// What the connection is to do next.
  struct batch {
    std::vector<std::shared_ptr<const std::string>> parts;
    std::size_t bytes = 0;
    bool is_last = false; ///< the answer ends behind these
  };

  stream_queue(std::shared_ptr<answer_mailbox> mailbox, std::size_t bytes_max) noexcept
    : mailbox_{std::move(mailbox)}
    , cost_max_{bytes_max} {}

  bool write(std::shared_ptr<const std::string> bytes) override;
  void end() override;
  void on_closed(std::function<void()> closed) override;

  /// What a route is given: ends the stream when the last copy is dropped.
  [[nodiscard]] stream_sink sink();

  // The rest is for the connection, on its thread.

  /// Whom to wake when something comes; null once nobody sends any more.
  connection* waiting = nullptr;

  /// Takes whole parts off the front until there are `bytes_max`.
  [[nodiscard]] batch take(std::size_t bytes_max);

  /// Whether the client let too much pile up.
  [[nodiscard]] bool is_overrun();

  /// Says that nothing will be sent any more, and tells those who wanted to know.
  void close();

private:
  enum class condition { open, ending, overrun, closed };

  /// Has the connection look here soon; called without the lock.
  void wake_connection();

  const std::shared_ptr<answer_mailbox> mailbox_;
  const std::size_t cost_max_;
  std::mutex mutex_;
  std::vector<std::shared_ptr<const std::string>> waiting_parts_;
  std::size_t waiting_cost_ = 0; ///< bytes, those of bookkeeping included
  std::vector<std::function<void()>> closed_;
  condition condition_ = condition::open;
  bool is_waking_ = false; ///< the connection was woken and has not looked yet
};

} // namespace sonicmatch::http
