#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::tests {

/// An answer as it came off the wire.
struct raw_answer {
  int status = 0;
  std::string head; ///< status line and fields, as sent
  std::vector<std::pair<std::string, std::string>> fields;
  std::string body;

  /// The value of the first field of that name (any case), or an empty string.
  [[nodiscard]] std::string field(std::string_view name) const;
  [[nodiscard]] bool has(std::string_view name) const;
};

/// Says to a server exactly the bytes it is told to, right or wrong, and reads what
/// comes back. Blocking; every wait has a deadline, after which it has nothing.
class raw_http_client {
public:
  static constexpr std::chrono::milliseconds patience{5'000};

  /// Connects to 127.0.0.1; throws std::system_error when nobody listens.
  explicit raw_http_client(std::uint16_t port);
  ~raw_http_client();

  raw_http_client(const raw_http_client&) = delete;
  raw_http_client& operator=(const raw_http_client&) = delete;

  /// Sends all of `bytes`; false when the server has closed.
  bool send(std::string_view bytes);

  /// Says that nothing more will be sent.
  void finish_sending();

  /// Reads one whole answer: its head, then as many bytes as Content-Length says
  /// (none for HEAD). Nothing at the end of the connection or the deadline.
  [[nodiscard]] std::optional<raw_answer> read_answer(bool is_head = false);

  /// Reads up to the end of the head of an interim answer such as 100.
  [[nodiscard]] std::string read_head();

  /// Reads one chunk of a body and returns its content, which is empty for the last.
  /// Nothing when something else comes, or nothing does in time.
  [[nodiscard]] std::optional<std::string> read_chunk();

  /// Reads all that comes until the server closes.
  [[nodiscard]] std::string read_rest();

  /// Whether the server ends the connection in order (a reset, which can lose an
  /// answer on its way, is not) within the deadline, having sent
  /// nothing more.
  [[nodiscard]] bool is_closed();

  /// Whether anything can be read, or the end, within `time`.
  [[nodiscard]] bool has_news(std::chrono::milliseconds time);

private:
  [[nodiscard]] bool read_some();
  [[nodiscard]] std::optional<std::string> read_through(std::string_view end);
  [[nodiscard]] bool wait_readable(std::chrono::milliseconds time);

  int socket_ = -1;
  std::string received_;
};

/// One request on a connection of its own, which is closed afterwards.
[[nodiscard]] std::optional<raw_answer> ask(std::uint16_t port, std::string_view bytes);

} // namespace sonicmatch::tests
