#include "tests/support/tcp_gate.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <stdexcept>

namespace sonicmatch::tests {

namespace {

constexpr int poll_ms = 10;

sockaddr_in loopback(std::uint16_t port) {
  sockaddr_in out{};
  out.sin_family = AF_INET;
  out.sin_port = htons(port);
  out.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  return out;
}

bool readable(int socket) {
  pollfd one{socket, POLLIN, 0};
  return ::poll(&one, 1, poll_ms) > 0;
}

/// Moves what there is; false when the side has ended.
bool move(int from, int to) {
  std::array<char, 65'536> bytes;
  auto count = ::recv(from, bytes.data(), bytes.size(), 0);
  for (ssize_t sent = 0; sent < count;) {
    auto more = ::send(to, bytes.data() + sent, static_cast<std::size_t>(count - sent), MSG_NOSIGNAL);
    if (more <= 0)
      return false;
    sent += more;
  }
  return count > 0;
}

} // namespace

tcp_gate::tcp_gate(std::uint16_t server_port)
  : server_port_(server_port) {
  open();
}

tcp_gate::~tcp_gate() {
  close();
}

void tcp_gate::open() {
  auto address = loopback(port_);
  socklen_t size = sizeof address;
  auto yes = 1;
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(listener_, 16) != 0)
    throw std::runtime_error{"the gate cannot listen"};
  ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
  port_ = ntohs(address.sin_port);
  closed_ = false;
  accepting_ = std::thread{[this, listener = listener_] { serve(listener); }};
}

void tcp_gate::close() {
  if (closed_.exchange(true))
    return;
  accepting_.join();
  ::close(listener_);
  std::lock_guard lock{guard_};
  for (auto& each : pumps_)
    each.join();
  pumps_.clear();
}

void tcp_gate::serve(int listener) {
  while (!closed_) {
    if (!readable(listener))
      continue;
    auto client = ::accept4(listener, nullptr, nullptr, SOCK_CLOEXEC);
    if (client < 0)
      continue;
    std::lock_guard lock{guard_};
    pumps_.emplace_back([this, client] { pump(client); });
  }
}

void tcp_gate::pump(int client) {
  auto address = loopback(server_port_);
  auto server = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  auto going = ::connect(server, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0;
  while (going && !closed_) {
    std::array<pollfd, 2> sides{pollfd{client, POLLIN, 0}, pollfd{server, POLLIN, 0}};
    if (::poll(sides.data(), sides.size(), poll_ms) <= 0)
      continue;
    going =
      (sides[0].revents == 0 || move(client, server)) && (sides[1].revents == 0 || move(server, client));
  }
  ::close(server);
  ::close(client);
}

} // namespace sonicmatch::tests
