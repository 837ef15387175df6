#pragma once

#include <caf/expected.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::actors::ports {

/// A POST to another server. The body is `opening` and then `rest`: the opening is
/// the same for many requests, so it is shared and never copied.
struct http_request {
  std::string url;
  std::vector<std::pair<std::string, std::string>> headers; ///< may hold a key: never to be logged
  std::shared_ptr<const std::string> opening;               ///< may be null
  std::string rest;
  std::chrono::milliseconds timeout{30'000}; ///< for everything, from connecting to the last byte
};

/// A whole response, as it came from a server that is not trusted.
struct http_response {
  int status = 0;                                           ///< any that HTTP has, redirects included
  std::vector<std::pair<std::string, std::string>> headers; ///< in their order, names in lower case
  std::string body;                                         ///< as it came, of a size that the adapter bounds

  /// The value of the first header of that name (in lower case), or nothing.
  [[nodiscard]] const std::string* header(std::string_view name) const noexcept {
    for (const auto& [known, value] : headers)
      if (known == name)
        return &value;
    return nullptr;
  }
};

/// Sends requests to other servers, many at once.
class http_client {
public:
  /// Called once per request, on the adapter's thread; must not block. Any status is a
  /// response. Errors: peer_unreachable (nothing of the request was sent),
  /// connection_lost (it was sent, at least in part, and no whole response came),
  /// deadline_exceeded (the timeout; it may have been sent), cancelled,
  /// response_too_large. Their text names the host and never a header or the body.
  using done = std::function<void(caf::expected<http_response>)>;

  /// Names a request under way; never used twice by one client.
  using ticket = std::uint64_t;

  virtual ~http_client() = default;

  /// Sends a POST. Never blocks; callable from any thread. `on_done` may be called
  /// before this returns.
  virtual ticket post(http_request request, done on_done) = 0;

  /// Ends a request early: its `on_done` is told `cancelled`, unless it has been
  /// called already. Never blocks; callable from any thread.
  virtual void cancel(ticket which) = 0;
};

} // namespace sonicmatch::actors::ports
