#pragma once

#include "actors/ports/http_client.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>

namespace sonicmatch::infra::llm {

/// The bounds of a client, and whom it trusts.
struct curl_settings {
  /// Connections open at once, busy and idle together. Requests beyond them wait for one,
  /// each within its connect timeout. The process's limit of open files must be above it.
  std::size_t connections_max = 2'048;
  /// A response that is larger ends with response_too_large; the head is all its headers.
  std::size_t response_body_bytes_max = std::size_t{4} << 20;
  std::size_t response_head_bytes_max = std::size_t{64} << 10;
  /// From a name's look-up to the end of the TLS handshake, waiting for a free connection
  /// included; the request's own timeout, if that is less.
  std::chrono::milliseconds connect_timeout{10'000};
  /// A connection that was idle for longer is not used again. Below the time after which
  /// the usual front ends close one (60 s and more), so that a request and the close of
  /// its connection seldom cross.
  std::chrono::seconds idle_max{55};
  std::string user_agent = "sonicmatch"; ///< sent with each request
  std::string ca_file; ///< certificates of the authorities that are trusted, PEM; empty: the system's
};

/// The http_client over libcurl's multi interface: one thread for all requests, HTTP/2
/// where a server offers it over TLS, connections kept for the next request, proxies
/// from the environment (https_proxy, no_proxy, …). Certificates are verified;
/// redirects are not followed: a 3xx is a response like others.
///
/// A request is sent once. libcurl by itself repeats one whose kept connection ends
/// before a byte has come back; that is let happen only as long as the server cannot
/// have had the whole body, since a model's answer would be paid for twice. A connection
/// that the server closed while it was idle is noticed before anything is sent on it.
///
/// How many requests are under way is bounded by who sends them. A host's name is
/// resolved by a short-lived thread of libcurl's, and remembered for a minute.
///
/// Destroying it cancels every request, each of which is told, and joins the thread;
/// destroyed in a callback, that is, on the thread, it leaves it to end by itself.
/// Errors: throws std::bad_alloc or std::system_error when there is no memory or thread.
[[nodiscard]] std::shared_ptr<actors::ports::http_client> make_curl_client(curl_settings settings = {});

} // namespace sonicmatch::infra::llm
