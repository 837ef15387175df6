#pragma once

#include "http/rate_limits.hpp"
#include "http/trusted_proxies.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace sonicmatch::http {

/// How the server listens, and the bounds it keeps. Each has a default that is
/// fit for production behind nginx or alone.
struct server_settings {
  std::string host = "0.0.0.0"; ///< an address, not a name
  std::uint16_t port = 8000;    ///< 0 takes a free one
  unsigned io_threads = 2;

  std::string tls_certificate_file; ///< PEM, the chain; with a key: HTTPS instead of HTTP
  std::string tls_key_file;         ///< PEM, without a passphrase

  std::size_t connections_max = 16'384;
  std::size_t connections_per_address_max = 1'024; ///< IPv6: per /64

  std::size_t head_bytes_max = 16 * 1024;  ///< request line and header fields: 431
  std::size_t fields_max = 100;            ///< header fields: 431
  std::size_t target_bytes_max = 8 * 1024; ///< 414
  std::size_t body_bytes_max = 64 * 1024;  ///< 413

  std::chrono::milliseconds handshake_deadline{10'000}; ///< of TLS
  std::chrono::milliseconds head_deadline{10'000};   ///< from a request's first byte to the end of its head
  std::chrono::milliseconds body_deadline{15'000};   ///< for the whole body
  std::chrono::milliseconds idle_deadline{75'000};   ///< between requests
  std::chrono::milliseconds write_deadline{20'000};  ///< for sending one answer
  std::chrono::milliseconds answer_deadline{75'000}; ///< for an asynchronous handler: then 503

  std::chrono::milliseconds stream_heartbeat{15'000}; ///< a stream silent for so long sends a comment
  std::size_t stream_queue_bytes_max = 256 * 1024;    ///< unsent on one stream: then it is cut off
  std::size_t stream_input_bytes_max = 4096;          ///< from the client of a stream: the same
  std::vector<ip_network> trusted_proxies{};          ///< whose X-Forwarded-For is believed
  std::vector<named_rate> rates{};                    ///< for the routes that name one of them

  std::vector<std::string> cors_origins{"http://localhost:3000"};

  bool access_log = false; ///< a debug line for each request; 5xx are logged anyway
};

} // namespace sonicmatch::http
