#pragma once

#include <functional>
#include <memory>
#include <string>

/// Answers that have no end yet: server-sent events.
namespace sonicmatch::http {

/// What a stream's writers point at. All functions: any thread.
class open_stream {
public:
  virtual ~open_stream() = default;

  /// Queues bytes for the client, in order. False when the client is gone, or so slow
  /// that too much is waiting for it: then the stream is closed.
  virtual bool write(std::shared_ptr<const std::string> bytes) = 0;

  /// Ends the answer properly, after what was written.
  virtual void end() = 0;

  /// Calls `closed` once the client is gone or the stream has ended, on the I/O thread;
  /// at once, on the caller's, if it has already. `closed` must not block or throw.
  virtual void on_closed(std::function<void()> closed) = 0;
};

/// One client's stream. Copies share it; writing to one that has ended does nothing.
using stream_sink = std::shared_ptr<open_stream>;

/// Called once, on the I/O thread, when the head of an answer that is a stream is on its
/// way. Must not block. Dropping the sink without end() ends the stream.
using stream_start = std::function<void(stream_sink)>;

} // namespace sonicmatch::http
