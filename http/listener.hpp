#pragma once

#include "http/connection.hpp"

#include <boost/asio/basic_socket_acceptor.hpp>

#include <atomic>
#include <memory>
#include <span>
#include <vector>

namespace sonicmatch::http {

/// Accepts connections on the first worker's thread and deals them out to all
/// workers in turn, so that each has its part of however few clients there are.
///
/// Owned by the server; the workers outlive it.
class listener {
public:
  /// `workers` must not be empty. They need not be started yet.
  listener(edge& shared, std::span<const std::unique_ptr<io_worker>> workers);

  listener(const listener&) = delete;
  listener& operator=(const listener&) = delete;

  /// Binds and listens. Error: bad_configuration, with what to change.
  [[nodiscard]] caf::error open();

  /// Begins to accept.
  void start();

  /// Closes the listening socket. Any thread.
  void stop();

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_;
  }

private:
  using acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, io_executor>;

  [[nodiscard]] io_task<void> accept_all();
  void admit(tcp_socket socket, io_worker& worker);
  void turn_away(tcp_socket socket);

  edge& shared_;
  std::span<const std::unique_ptr<io_worker>> workers_;
  acceptor acceptor_;
  std::uint16_t port_ = 0;
};

} // namespace sonicmatch::http
