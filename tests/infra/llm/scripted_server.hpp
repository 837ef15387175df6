#pragma once

#include "tests/support/observed.hpp"

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace sonicmatch::tests {

/// What a server has seen of a request when it is asked what to do.
struct seen_request {
  std::string head; ///< the request line and the headers
  std::string body;
  int on_connection = 1; ///< which of its connection's
};

/// What a server does with a request: it says some bytes, and then goes on, falls
/// silent until somebody answers for it, or closes.
struct reaction {
  enum class then : std::uint8_t { go_on, wait, close };

  std::string bytes;
  then next = then::go_on;
};

/// A whole response of that status with a JSON body.
[[nodiscard]] std::string response_of(int status, std::string_view body, std::string_view headers = {});

/// What a server has done so far.
struct server_record {
  int connections = 0; ///< accepted
  int requests = 0;    ///< whole ones, of which the script was asked
  int waiting = 0;     ///< requests that were made to wait
  int cut_off = 0;     ///< requests of which the body was not read
  int closed = 0;      ///< connections that ended, by whichever side
};

struct scripted_server_settings {
  /// Whether to close when it has read such a head, without reading the body.
  std::function<bool(const std::string& head)> cuts_off{};
  std::string key_and_certificate{}; ///< PEM: TLS is spoken; empty: it is not
};

/// An HTTP/1.1 server on a free port of 127.0.0.1, with one thread of its own, which
/// asks `script` what to do with each request. The script is called on that thread.
class scripted_server {
public:
  using script = std::function<reaction(const seen_request&)>;

  explicit scripted_server(script what, scripted_server_settings settings = {});
  ~scripted_server();
  scripted_server(const scripted_server&) = delete;
  scripted_server& operator=(const scripted_server&) = delete;

  /// Of a path on it.
  [[nodiscard]] std::string url() const;

  /// Says this on every connection that waits, and goes on with it.
  void answer_waiting(std::string bytes);

  observed<server_record>& record() noexcept;

private:
  class world;
  std::unique_ptr<world> world_;
};

} // namespace sonicmatch::tests
