#include "tests/support/raw_http_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <strings.h>
#include <system_error>
#include <utility>

namespace sonicmatch::tests {

namespace {

raw_answer parse_head(std::string head) {
  raw_answer answer;
  auto line_end = head.find("\r\n");
  if (auto space = head.find(' '); space != std::string::npos)
    answer.status = std::atoi(head.c_str() + space);
  while (line_end + 2 < head.size()) {
    auto begin = line_end + 2;
    line_end = head.find("\r\n", begin);
    auto line = head.substr(begin, line_end - begin);
    if (auto colon = line.find(": "); colon != std::string::npos)
      answer.fields.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  answer.head = std::move(head);
  return answer;
}

} // namespace

std::string raw_answer::field(std::string_view name) const {
  for (const auto& [known, value] : fields)
    if (known.size() == name.size() && strncasecmp(known.data(), name.data(), name.size()) == 0)
      return value;
  return {};
}

bool raw_answer::has(std::string_view name) const {
  for (const auto& [known, value] : fields)
    if (known.size() == name.size() && strncasecmp(known.data(), name.data(), name.size()) == 0)
      return true;
  return false;
}

raw_http_client::raw_http_client(std::uint16_t port)
  : socket_{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)} {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (socket_ < 0 || ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    auto error = errno;
    if (socket_ >= 0)
      ::close(socket_);
    throw std::system_error{error, std::generic_category(), "cannot connect"};
  }
}

raw_http_client::~raw_http_client() {
  ::close(socket_);
}

bool raw_http_client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

void raw_http_client::finish_sending() {
  ::shutdown(socket_, SHUT_WR);
}

bool raw_http_client::wait_readable(std::chrono::milliseconds time) {
  pollfd wanted{socket_, POLLIN, 0};
  return ::poll(&wanted, 1, static_cast<int>(time.count())) > 0;
}

bool raw_http_client::has_news(std::chrono::milliseconds time) {
  return !received_.empty() || wait_readable(time);
}

bool raw_http_client::read_some() {
  std::array<char, 16 * 1024> buffer;
  if (!wait_readable(patience))
    return false;
  auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
  if (got <= 0)
    return false;
  received_.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

std::optional<std::string> raw_http_client::read_through(std::string_view end) {
  std::size_t found;
  while ((found = received_.find(end)) == std::string::npos)
    if (!read_some())
      return std::nullopt;
  auto taken = received_.substr(0, found + end.size());
  received_.erase(0, taken.size());
  return taken;
}

std::string raw_http_client::read_head() {
  return read_through("\r\n\r\n").value_or("");
}

std::optional<std::string> raw_http_client::read_chunk() {
  auto size_line = read_through("\r\n");
  if (!size_line)
    return std::nullopt;
  char* end = nullptr;
  auto size = std::strtoul(size_line->c_str(), &end, 16);
  while (received_.size() < size + 2)
    if (!read_some())
      return std::nullopt;
  auto content = received_.substr(0, size);
  bool is_framed = std::string_view{end} == "\r\n" && received_.compare(size, 2, "\r\n") == 0;
  received_.erase(0, size + 2);
  return is_framed ? std::optional{content} : std::nullopt;
}

std::string raw_http_client::read_rest() {
  while (read_some())
    ;
  return std::exchange(received_, {});
}

std::optional<raw_answer> raw_http_client::read_answer(bool is_head) {
  auto head = read_head();
  if (!head.starts_with("HTTP/1.1 "))
    return std::nullopt; // closed, or bytes left over from a body nobody announced
  auto answer = parse_head(std::move(head));
  auto length = is_head ? 0 : static_cast<std::size_t>(std::atol(answer.field("Content-Length").c_str()));
  while (received_.size() < length)
    if (!read_some())
      return std::nullopt;
  answer.body = received_.substr(0, length);
  received_.erase(0, length);
  return answer;
}

bool raw_http_client::is_closed() {
  if (!received_.empty() || !wait_readable(patience))
    return false;
  char one;
  return ::recv(socket_, &one, 1, 0) == 0;
}

std::optional<raw_answer> ask(std::uint16_t port, std::string_view bytes) {
  raw_http_client client{port};
  client.send(bytes);
  return client.read_answer();
}

} // namespace sonicmatch::tests
