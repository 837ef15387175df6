#include "http/connection.hpp"

#include "http/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <charconv>
#include <exception>

/// A connection while its answer is a stream. There is nothing of its own for each
/// stream but this coroutine, its queue and a read that waits for the client to go:
/// ten thousand of them are to fit into one process.
namespace sonicmatch::http {

namespace asio = boost::asio;
using boost::system::error_code;

namespace {

constexpr auto outcome = asio::as_tuple(asio::deferred);

/// About as much is written at once.
constexpr std::size_t batch_bytes = 32 * 1024;
/// A buffer beyond this is given back when it has been sent.
constexpr std::size_t kept_bytes = 512;

/// A comment to an EventSource, which drops it: it keeps proxies from giving up on the
/// connection, and tells this server of a client that went without a word.
constexpr std::string_view heartbeat = ":\n\n";

constexpr std::string_view line_end = "\r\n";
constexpr std::string_view last_chunk = "0\r\n\r\n";

/// The size line of a chunk (RFC 9112, 7.1).
void append_chunk_size(std::string& out, std::size_t size) {
  std::array<char, 16> digits;
  auto end = std::to_chars(digits.data(), digits.data() + digits.size(), size, 16).ptr;
  out.append(digits.data(), end);
  out += line_end;
}

/// Writes `taken` over `out` as it goes to the wire. Each batch is one chunk.
void frame(std::string& out, const stream_queue::batch& taken, bool is_chunked) {
  out.clear();
  out.reserve(taken.bytes + 32);
  if (is_chunked && taken.bytes > 0)
    append_chunk_size(out, taken.bytes);
  for (const auto& part : taken.parts)
    out += *part;
  if (is_chunked && taken.bytes > 0)
    out += line_end;
  if (is_chunked && taken.is_last)
    out += last_chunk;
}

} // namespace

io_task<bool> connection::send_stream(stream_start start) {
  is_chunked_ = !reader_.facts().is_http_1_0;
  reader_.retire();
  auto queue = std::make_shared<stream_queue>(worker_.mailbox(), shared_.settings.stream_queue_bytes_max);
  queue->waiting = this;
  stream_client client;
  enter(phase::streaming, shared_.settings.stream_heartbeat);
  hear(client);
  begin_stream(std::exchange(start, nullptr), *queue);
  bool is_whole = co_await send_batches(*queue, client);
  queue->close();
  client.is_ignored = true;
  while (client.is_reading) {
    error_code ignored; // closed already, and the read is about to say so
    socket_.cancel(ignored);
    co_await answer_timer_.async_wait(outcome);
  }
  co_return is_whole;
}

void connection::begin_stream(const stream_start& start, stream_queue& queue) {
  try {
    start(queue.sink());
  } catch (const std::exception& thrown) {
    // The sink went with it, which ends the stream.
    shared_.log.error(
      "a stream's beginning threw",
      {{"operation", route_->operation_id}, {"client", client_address_}, {"error", thrown.what()}});
  }
}

io_task<bool> connection::send_batches(stream_queue& queue, const stream_client& client) {
  while (!client.is_gone && !is_cut_off_) {
    bool is_draining = shared_.is_draining;
    auto taken = queue.take(batch_bytes);
    if (taken.parts.empty() && is_late_) {
      taken.parts.push_back(std::make_shared<const std::string>(heartbeat));
      taken.bytes = heartbeat.size();
    }
    taken.is_last = taken.is_last || (is_draining && taken.bytes < batch_bytes);
    if (taken.parts.empty() && !taken.is_last) {
      co_await answer_timer_.async_wait(outcome);
      continue;
    }
    frame(head_, taken, is_chunked_);
    std::array<asio::const_buffer, 2> rest{asio::buffer(head_), asio::const_buffer{}};
    if (!send_now(rest) && !co_await send_rest(rest))
      co_return false;
    if (taken.is_last)
      co_return true;
    if (head_.capacity() > kept_bytes)
      head_ = {};
    enter(phase::streaming, shared_.settings.stream_heartbeat);
  }
  co_return false;
}

void connection::hear(stream_client& client) {
  client.is_reading = true;
  socket_.async_read_some(asio::buffer(client.input),
                          [this, &client](const error_code& error, std::size_t count) {
                            client.is_reading = false;
                            client.heard_bytes += count;
                            if (error || client.heard_bytes > shared_.settings.stream_input_bytes_max) {
                              client.is_gone = true;
                              error_code ignored; // nothing is being sent, then
                              socket_.cancel(ignored);
                            } else if (!client.is_ignored) {
                              hear(client);
                            }
                            wake();
                          });
}

} // namespace sonicmatch::http
