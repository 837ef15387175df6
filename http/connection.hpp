#pragma once

#include "http/dispatch.hpp"
#include "http/io_worker.hpp"
#include "http/request_reader.hpp"
#include "http/response_head.hpp"
#include "http/stream_queue.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/basic_waitable_timer.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

namespace sonicmatch::http {

/// The socket and coroutine types name their executor, which saves an indirect
/// call in each operation.
using io_executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, io_executor>;
template <class T>
using io_task = boost::asio::awaitable<T, io_executor>;

class tls_stream;

/// One client's connection: reads requests and answers them, one after another,
/// until either side has enough.
///
/// Owned by the coroutine that runs it, on one I/O thread; everything here happens
/// on that thread.
class connection {
public:
  connection(tcp_socket socket, std::string client_address, client_network network, edge& shared,
             io_worker& worker);
  ~connection();

  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// Serves the connection to its end.
  [[nodiscard]] io_task<void> serve();

  /// Ends what has taken longer than it may. Called by the worker's sweep.
  void check_deadline(io_worker::clock::time_point now);

  /// Closes the connection if no request is under way, and ends its stream if it has
  /// one, now that edge::is_draining is set.
  void drain();

  /// Closes the connection whatever it does.
  void cut_off();

  /// Resumes the wait for an asynchronous answer, or for what a stream has to send.
  void wake();

private:
  /// What is heard of a client while its stream is sent.
  struct stream_client {
    std::array<char, 256> input{}; ///< nobody looks at it
    std::size_t heard_bytes = 0;
    bool is_reading = false; ///< a read is pending, and will touch this
    bool is_gone = false;
    bool is_ignored = false; ///< the stream is over: no further read
  };

  using steady_timer =
    boost::asio::basic_waitable_timer<std::chrono::steady_clock,
                                      boost::asio::wait_traits<std::chrono::steady_clock>, io_executor>;

  /// What the connection waits for, which decides what its deadline means.
  enum class phase : std::uint8_t {
    shaking_hands,
    idle,
    reading_head,
    reading_body,
    answering,
    streaming,
    writing,
    closing
  };

  void enter(phase next, std::chrono::milliseconds patience) noexcept;

  [[nodiscard]] io_task<bool> shake_hands();
  [[nodiscard]] boost::asio::mutable_buffer room();
  [[nodiscard]] request_reader::progress begin_request();
  [[nodiscard]] request_reader::progress take(const boost::system::error_code& error, std::size_t count);
  [[nodiscard]] io_task<request_reader::progress> read_body();
  [[nodiscard]] response refuse(const request& asked);
  [[nodiscard]] io_task<response> await_answer(const asynchronous_handler& start, const request& asked);
  [[nodiscard]] std::array<boost::asio::const_buffer, 2> render(response& answer, const request& asked);
  [[nodiscard]] bool send_now(std::array<boost::asio::const_buffer, 2>& rest);
  [[nodiscard]] io_task<bool> send_rest(std::array<boost::asio::const_buffer, 2> rest);
  /// Sends what the stream's writers have until either side ends it. False when the
  /// answer was cut short.
  [[nodiscard]] io_task<bool> send_stream(stream_start start);
  [[nodiscard]] io_task<bool> send_batches(stream_queue& queue, const stream_client& client);
  void hear(stream_client& client);
  void begin_stream(const stream_start& start, stream_queue& queue);

  [[nodiscard]] io_task<void> close_gently();
  void note(const response& answer, const request& asked, io_worker::clock::time_point began);

  tcp_socket socket_;
  std::unique_ptr<tls_stream> tls_; ///< over socket_; null: plain HTTP
  std::string client_address_;
  client_network network_;
  edge& shared_;
  io_worker& worker_;
  request_reader reader_;
  steady_timer answer_timer_; ///< never expires; cancelled when an answer is there
  std::string head_;          ///< the answer's head, rendered; reused
  io_worker::clock::time_point deadline_{};
  const route* route_ = nullptr; ///< of the request under way
  refusal why_;                  ///< after progress::refused; status 0 when the client is gone
  phase phase_ = phase::idle;
  bool is_late_ = false; ///< the deadline of this phase has passed
  bool is_cut_off_ = false;
  bool is_chunked_ = true;  ///< how the stream under way is framed
  bool keeps_alive_ = true; ///< whether another request may follow this one
};

} // namespace sonicmatch::http
