#pragma once

#include "tests/support/llm_stub/provider.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/wait_traits.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace sonicmatch::tests::llm_stub {

using executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
using steady_timer =
  boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                    boost::asio::wait_traits<std::chrono::steady_clock>, executor>;

/// Two things that g++ 12.2 gets wrong, silently: a coroutine without a variable of its
/// own must not await in a condition (its frame is laid out wrongly, GCC bug 106188),
/// and `a && co_await b` awaits b whatever a is, except in an `if` or an initialiser.
template <class T>
using task = boost::asio::awaitable<T, executor>;

/// What the connections share. It outlives them; one thread.
struct shared_parts {
  provider model;
  /// The bytes of one read: they are used up before the next read.
  std::string arrived = std::string(128 * std::size_t{1024}, '\0');
};

/// One client's connection: requests one after the other until either side closes.
/// While an answer waits it holds no part of the request's body.
class connection : public std::enable_shared_from_this<connection> {
public:
  connection(tcp_socket socket, shared_parts& shared);

  /// Serves `self` until it is closed.
  [[nodiscard]] static task<void> serve(std::shared_ptr<connection> self);

private:
  using parser = boost::beast::http::request_parser<boost::beast::http::string_body>;

  [[nodiscard]] task<bool> read_request();
  [[nodiscard]] bool parse(std::string_view bytes);
  [[nodiscard]] task<bool> send_go_on();
  [[nodiscard]] task<bool> answer_model(wire_format format);
  [[nodiscard]] task<ending> carry_out(const plan& due, const rendered& what);
  [[nodiscard]] task<bool> send(const rendered& what);
  [[nodiscard]] task<bool> send_slowly(std::string_view head, std::string_view body,
                                       std::chrono::nanoseconds during);
  [[nodiscard]] task<bool> write(std::string_view bytes);
  [[nodiscard]] task<bool> wait(std::chrono::nanoseconds duration);
  void watch();
  [[nodiscard]] bool has_peer_left();
  [[nodiscard]] std::string head_of(const rendered& what) const;

  tcp_socket socket_;
  steady_timer timer_;
  shared_parts& shared_;
  std::optional<parser> parser_;
  std::string unparsed_; ///< the beginning of a head, or what was sent ahead
  bool keeps_alive_ = true;
  bool is_watched_ = false;
  bool has_left_ = false;
};

} // namespace sonicmatch::tests::llm_stub
