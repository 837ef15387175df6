#pragma once

#include "actors/ports/logger.hpp"
#include "http/server.hpp"

#include <condition_variable>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::tests {

/// Keeps what was logged. Thread-safe.
class remembered_log final : public actors::ports::logger {
public:
  void write(actors::ports::severity level, std::string_view message,
             std::initializer_list<actors::ports::log_field> fields) override;

  /// Waits until a line holds `text`; false after a few seconds.
  [[nodiscard]] bool comes(std::string_view text);

  /// How many lines there are.
  [[nodiscard]] std::size_t size();

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::string> lines_; ///< message and fields, "message name=value"
};

/// Holds the responders of requests to /later until the test answers them.
class held_responders {
public:
  void hold(http::request asked, http::responder answer);

  /// Waits for the next one; nothing after a few seconds.
  [[nodiscard]] std::optional<std::pair<http::request, http::responder>> next();

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<http::request, http::responder>> held_;
};

/// Keeps the sinks of the streams begun, until the test takes them.
class held_streams {
public:
  void hold(http::stream_sink sink);

  /// Waits for the next one; null after a few seconds.
  [[nodiscard]] http::stream_sink next();

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<http::stream_sink> held_;
};

/// A server with routes that show what a handler was given, on a free port.
///
/// GET /hello, GET /limited (counts under the rate "limited"), GET /shared (a shared body), GET /large (4
/// MB), GET /items/{id}, GET /items/first, POST /echo (anything), POST /json (only JSON), GET /query, GET
/// /identity, GET /throws, GET /injects, GET /later and POST /later (asynchronous), GET /drops, GET /page
/// (another CSP and cache policy), GET /stream (an answer that is one), GET /stream-throws, GET /document
/// (shared JSON of 20 KB with an ETag), GET /packed (gzipped beforehand), GET /encoded (in a coding of its
/// own).
class running_edge {
public:
  /// Settings that let a test fail in seconds: free port, one address, one thread.
  [[nodiscard]] static http::server_settings quick_settings();

  explicit running_edge(http::server_settings settings = quick_settings());

  [[nodiscard]] std::uint16_t port() const {
    return server_->port();
  }
  [[nodiscard]] http::server& server() {
    return *server_;
  }
  [[nodiscard]] remembered_log& log() {
    return log_;
  }
  [[nodiscard]] held_responders& later() {
    return later_;
  }
  [[nodiscard]] held_streams& streams() {
    return streams_;
  }

  /// Destroys the server, as the end of the process would.
  void end() {
    server_.reset();
  }

private:
  [[nodiscard]] http::router routes();

  remembered_log log_;
  held_responders later_;
  held_streams streams_;
  std::unique_ptr<http::server> server_;
};

/// The memory that this process has in use.
[[nodiscard]] std::size_t resident_bytes();

} // namespace sonicmatch::tests
