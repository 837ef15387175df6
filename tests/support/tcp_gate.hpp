#pragma once

#include <atomic>
#include <cstdint>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace sonicmatch::tests {

/// A TCP door before a server on 127.0.0.1, so that a test can take the server away
/// from one client without stopping it for the others. Owned by the test's thread.
class tcp_gate {
public:
  explicit tcp_gate(std::uint16_t server_port);
  ~tcp_gate();
  tcp_gate(const tcp_gate&) = delete;
  tcp_gate& operator=(const tcp_gate&) = delete;

  [[nodiscard]] std::uint16_t port() const noexcept {
    return port_;
  }

  /// Cuts every connection, and refuses new ones.
  void close();
  /// Accepts again, at the same port.
  void open();

private:
  void serve(int listener);
  void pump(int client);

  std::uint16_t server_port_;
  std::uint16_t port_ = 0;
  std::atomic<bool> closed_ = true;
  int listener_ = -1;
  std::thread accepting_;
  std::mutex guard_; ///< of pumps_
  std::vector<std::thread> pumps_;
};

} // namespace sonicmatch::tests
