#include "tests/support/llm_stub/connection.hpp"

#include "tests/support/llm_stub/control.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/write.hpp>

namespace sonicmatch::tests::llm_stub {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

constexpr auto outcome = asio::as_tuple(asio::deferred);

constexpr std::uint64_t body_bytes_max = 32 * 1024 * 1024;
constexpr std::uint32_t head_bytes_max = 32 * 1024;
constexpr std::size_t drips = 20;
constexpr std::string_view bearer = "Bearer ";

std::string_view plain(boost::beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

/// What came in x-api-key, or as a bearer token.
std::string_view key_of(const http::request<http::string_body>& asked) {
  if (auto key = plain(asked["x-api-key"]); !key.empty())
    return key;
  auto authorization = plain(asked[http::field::authorization]);
  return authorization.starts_with(bearer) ? authorization.substr(bearer.size()) : std::string_view{};
}

} // namespace

connection::connection(tcp_socket socket, shared_parts& shared)
  : socket_{std::move(socket)}
  , timer_{socket_.get_executor()}
  , shared_{shared} {}

task<void> connection::serve(std::shared_ptr<connection> self) {
  auto& model = self->shared_.model;
  while (co_await self->read_request()) {
    auto& asked = self->parser_->get();
    self->keeps_alive_ = asked.keep_alive();
    auto target = plain(asked.target());
    auto is_post = asked.method() == http::verb::post;
    auto is_sent = false;
    if (is_post && target == "/v1/messages")
      is_sent = co_await self->answer_model(wire_format::anthropic);
    else if (is_post && target == "/v1/chat/completions")
      is_sent = co_await self->answer_model(wire_format::openai);
    else
      is_sent = co_await self->send(control(model, plain(asked.method_string()), target, asked.body()));
    if (!is_sent || !self->keeps_alive_)
      co_return;
  }
}

task<bool> connection::read_request() {
  parser_.emplace();
  parser_->eager(true);
  parser_->body_limit(body_bytes_max);
  parser_->header_limit(head_bytes_max);
  auto told_to_go_on = false;
  if (!unparsed_.empty() && !parse({}))
    co_return false;
  while (!parser_->is_done()) {
    if (parser_->is_header_done() && !told_to_go_on
        && plain(parser_->get()[http::field::expect]) == "100-continue") {
      told_to_go_on = true;
      if (!co_await send_go_on())
        co_return false;
    }
    auto [wait_error] = co_await socket_.async_wait(tcp_socket::wait_read, outcome);
    if (wait_error)
      co_return false;
    // All connections read into the same memory, as nothing waits between a read and
    // its parsing: buffers of their own would be most of the memory of thousands.
    error_code error;
    auto count = socket_.read_some(asio::buffer(shared_.arrived), error);
    if (error == asio::error::would_block)
      continue;
    if (error || !parse({shared_.arrived.data(), count}))
      co_return false;
  }
  co_return true;
}

/// Returns false when it is no HTTP, or more than the limits.
bool connection::parse(std::string_view bytes) {
  auto is_joined = !unparsed_.empty();
  if (is_joined)
    unparsed_ += bytes;
  auto from = is_joined ? std::string_view{unparsed_} : bytes;
  while (!from.empty() && !parser_->is_done()) {
    error_code error;
    auto used = parser_->put(asio::buffer(from.data(), from.size()), error);
    from.remove_prefix(used);
    if (error == http::error::need_more)
      break;
    if (error)
      return false;
  }
  unparsed_ = std::string{from};
  return true;
}

task<bool> connection::send_go_on() {
  co_return co_await write("HTTP/1.1 100 Continue\r\n\r\n");
}

/// Returns whether the connection may be used again.
task<bool> connection::answer_model(wire_format format) {
  auto& model = shared_.model;
  auto& asked = parser_->get();
  auto due = model.accept(format, key_of(asked), std::move(asked.body()));
  parser_.reset();
  auto is_waited_for = true;
  if (due.wait > due.wait.zero())
    is_waited_for = co_await wait(due.wait);
  if (!is_waited_for) {
    model.finish(std::move(due), 0, ending::abandoned);
    co_return false;
  }
  auto how = ending::dropped;
  auto status = 0;
  if (due.call.how != fault::drop_before) {
    auto what = model.respond(due);
    status = what.status;
    how = co_await carry_out(due, what);
  }
  model.finish(std::move(due), status, how);
  co_return how == ending::answered;
}

task<ending> connection::carry_out(const plan& due, const rendered& what) {
  auto is_written = false;
  if (due.call.how == fault::drop_half) {
    is_written = co_await write(head_of(what) + what.body.substr(0, what.body.size() / 2));
    co_return is_written ? ending::dropped : ending::abandoned;
  }
  if (due.call.how == fault::drip)
    is_written = co_await send_slowly(head_of(what), what.body, due.drip);
  else
    is_written = co_await send(what);
  co_return is_written ? ending::answered : ending::abandoned;
}

task<bool> connection::send(const rendered& what) {
  co_return co_await write(head_of(what) + what.body);
}

task<bool> connection::send_slowly(std::string_view head, std::string_view body,
                                   std::chrono::nanoseconds during) {
  if (!co_await write(head))
    co_return false;
  auto piece = body.size() / drips + 1;
  for (std::size_t at = 0; at < body.size(); at += piece)
    if (!co_await wait(during / drips) || !co_await write(body.substr(at, piece)))
      co_return false;
  co_return true;
}

task<bool> connection::write(std::string_view bytes) {
  // Mostly the system takes it all at once, and nothing has to wait.
  error_code error;
  auto sent = socket_.write_some(asio::buffer(bytes.data(), bytes.size()), error);
  if (!error && sent == bytes.size())
    co_return true;
  if (error && error != asio::error::would_block)
    co_return false;
  bytes.remove_prefix(sent);
  auto [write_error, count] =
    co_await asio::async_write(socket_, asio::buffer(bytes.data(), bytes.size()), outcome);
  co_return !write_error;
}

/// Returns false at once when the client leaves, which a write would not notice.
task<bool> connection::wait(std::chrono::nanoseconds duration) {
  auto now = steady_timer::clock_type::now();
  auto until_max = steady_timer::time_point::max() - now;
  timer_.expires_at(duration < until_max ? now + duration : steady_timer::time_point::max());
  watch();
  co_await timer_.async_wait(outcome);
  is_watched_ = false;
  error_code nothing_to_cancel; // when something has arrived
  socket_.cancel(nothing_to_cancel);
  co_return !has_left_;
}

void connection::watch() {
  is_watched_ = true;
  socket_.async_wait(tcp_socket::wait_read, [self = shared_from_this()](const error_code& error) {
    if (error || !self->is_watched_ || !self->has_peer_left())
      return;
    self->has_left_ = true;
    self->timer_.cancel();
  });
}

/// A client that closes only its sending side has left too: none of ours does that.
bool connection::has_peer_left() {
  char next = 0;
  error_code error;
  socket_.receive(asio::buffer(&next, 1), tcp_socket::message_peek, error);
  return error && error != asio::error::would_block;
}

std::string connection::head_of(const rendered& what) const {
  auto reason = http::obsolete_reason(http::int_to_status(static_cast<unsigned>(what.status)));
  std::string out;
  out.reserve(what.body.size() + what.fields.size() + 192);
  out.append("HTTP/1.1 ").append(std::to_string(what.status)).append(" ");
  out.append(plain(reason)).append("\r\ncontent-type: application/json\r\n").append(what.fields);
  out.append("content-length: ").append(std::to_string(what.body.size()));
  out.append(keeps_alive_ ? "\r\n\r\n" : "\r\nconnection: close\r\n\r\n");
  return out;
}

} // namespace sonicmatch::tests::llm_stub
