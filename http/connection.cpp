#include "http/connection.hpp"

#include "events/error.hpp"
#include "http/problem.hpp"
#include "http/tls_stream.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/deferred.hpp>

#include <exception>

namespace sonicmatch::http {

namespace asio = boost::asio;
using boost::system::error_code;
using progress = request_reader::progress;

namespace {

constexpr auto outcome = asio::as_tuple(asio::deferred);

/// How long, and for how many bytes, a client that is being sent away may go on
/// talking: closing earlier would reset the connection and lose the answer.
constexpr std::chrono::milliseconds closing_patience{2'000};
constexpr std::size_t closing_bytes_max = 256 * 1024;
constexpr std::size_t closing_buffer_bytes = 4096;

constexpr refusal slow_sender{408, "request_timeout", "The request did not arrive in time."};

constexpr std::string_view go_on = "HTTP/1.1 100 Continue\r\n\r\n";

bool has_stream(const response& answer, const request& asked) noexcept {
  return answer.stream && may_have_body(answer.status) && asked.method() != method::head;
}

} // namespace

connection::connection(tcp_socket socket, std::string client_address, client_network network, edge& shared,
                       io_worker& worker)
  : socket_{std::move(socket)}
  , client_address_{std::move(client_address)}
  , network_{network}
  , shared_{shared}
  , worker_{worker}
  , reader_{shared.settings}
  , answer_timer_{socket_.get_executor(), steady_timer::time_point::max()} {
  if (shared_.tls)
    tls_ = std::make_unique<tls_stream>(socket_, *shared_.tls);
}

connection::~connection() {
  worker_.leave(*this);
  shared_.limits.leave(network_);
}

io_task<void> connection::serve() {
  if (!worker_.enter(*this))
    co_return;
  if (tls_ && !co_await shake_hands())
    co_return;
  stream_start stream;
  do {
    auto reached = begin_request();
    while (reached == progress::need_more) {
      auto [error, count] = co_await async_receive(socket_, tls_.get(), room(), outcome);
      reached = take(error, count);
    }
    if (reached == progress::refused && why_.status == 0)
      co_return;

    auto began = io_worker::clock::now();
    request asked{reader_.data()};
    identify(shared_, *reader_.data());
    auto decided = reached == progress::refused ? decision{nullptr, refuse(asked)}
                                                : decide(shared_, *reader_.data(), asked, reader_.facts());
    keeps_alive_ = keeps_alive_ && reader_.facts().keep_alive;
    if (reached == progress::head_complete) {
      // Who asked whether to send the body is told no by the answer itself.
      if (decided.answer && !reader_.facts().expectation.empty())
        keeps_alive_ = false;
      else if ((reached = co_await read_body()) == progress::refused && why_.status == 0)
        co_return;
      else if (reached == progress::refused)
        decided = {nullptr, refuse(asked)};
    }
    route_ = decided.target;
    if (route_ != nullptr)
      decided.answer = check_body(*route_, asked, reader_.facts());
    if (!decided.answer) {
      if (const auto* immediate = std::get_if<immediate_handler>(&route_->handler))
        decided.answer = run(shared_, *immediate, asked);
      else
        decided.answer = co_await await_answer(std::get<asynchronous_handler>(route_->handler), asked);
    }

    auto& answer = *decided.answer;
    auto rest = render(answer, asked);
    if (!send_now(rest) && !co_await send_rest(rest))
      co_return;
    note(answer, asked, began);
    if (has_stream(answer, asked))
      stream = std::move(answer.stream);
  } while (keeps_alive_);
  // Behind the loop, so that a stream holds no request.
  if (stream && !co_await send_stream(std::move(stream)))
    co_return;
  co_await close_gently();
}

io_task<bool> connection::shake_hands() {
  enter(phase::shaking_hands, shared_.settings.handshake_deadline);
  auto [error] = co_await tls_->async_handshake(tls_stream::server, outcome);
  co_return !error;
}

asio::mutable_buffer connection::room() {
  auto free = reader_.room();
  return {free.data(), free.size()};
}

progress connection::begin_request() {
  reader_.begin();
  reader_.data()->client_address = client_address_;
  reader_.data()->network = network_;
  route_ = nullptr;
  why_ = {};
  keeps_alive_ = true;
  if (reader_.has_input())
    enter(phase::reading_head, shared_.settings.head_deadline);
  else
    enter(phase::idle, shared_.settings.idle_deadline);
  if (!reader_.has_input())
    return shared_.is_draining ? progress::refused : progress::need_more;
  auto reached = reader_.advance();
  why_ = reader_.why();
  return reached;
}

progress connection::take(const error_code& error, std::size_t count) {
  if (error) {
    if (is_late_ && phase_ != phase::idle)
      why_ = slow_sender;
    return progress::refused;
  }
  if (phase_ == phase::idle)
    enter(phase::reading_head, shared_.settings.head_deadline);
  reader_.received(count);
  auto reached = reader_.advance();
  why_ = reader_.why();
  return reached;
}

io_task<progress> connection::read_body() {
  enter(phase::reading_body, shared_.settings.body_deadline);
  auto reached = reader_.advance();
  why_ = reader_.why();
  if (reached == progress::need_more && !reader_.facts().expectation.empty()
      && !reader_.facts().is_http_1_0) {
    auto [error, count] = co_await async_send(socket_, tls_.get(), asio::buffer(go_on), outcome);
    if (error)
      co_return progress::refused;
  }
  while (reached == progress::need_more) {
    auto [error, count] = co_await async_receive(socket_, tls_.get(), room(), outcome);
    reached = take(error, count);
  }
  co_return reached;
}

response connection::refuse(const request& asked) {
  keeps_alive_ = false;
  return to_response({why_.status, why_.code, std::string{why_.detail}}, asked);
}

io_task<response> connection::await_answer(const asynchronous_handler& start, const request& asked) {
  auto slot = std::make_shared<answer_slot>();
  slot->waiting = this;
  enter(phase::answering, shared_.settings.answer_deadline);
  try {
    start(asked, responder{std::make_shared<awaited_answer>(slot, worker_.mailbox(), asked)});
  } catch (const std::exception& thrown) {
    // The responder went with it, which answers 500.
    worker_.mailbox()->report("a route threw", asked, thrown.what());
  }
  while (!slot->answer && !is_late_ && !is_cut_off_)
    co_await answer_timer_.async_wait(outcome);
  slot->waiting = nullptr;
  if (slot->answer)
    co_return std::move(*slot->answer);
  co_return problem_for(events::make_error(events::errc::deadline_exceeded), asked);
}

std::array<asio::const_buffer, 2> connection::render(response& answer, const request& asked) {
  if (!has_clean_headers(answer)) {
    worker_.mailbox()->report("a route made a header with a control character", asked, "answered 500");
    answer = to_response(internal_error(), asked);
  }
  // The end of a stream is the end of its connection: whatever was pipelined behind it
  // would have waited for who knows how long.
  keeps_alive_ = keeps_alive_ && !shared_.is_draining && !has_stream(answer, asked);
  const auto& facts = reader_.facts();
  encode(answer, facts.codings, asked, worker_.compressor());
  write_head(head_, answer,
             {asked.request_id(), facts.origin, facts.is_http_1_0, keeps_alive_, reader_.data()->quota},
             shared_.cors);
  auto has_body = may_have_body(answer.status) && asked.method() != method::head && !answer.stream;
  auto content = has_body ? view(answer.body) : std::string_view{};
  return {asio::buffer(head_), asio::buffer(content)};
}

bool connection::send_now(std::array<asio::const_buffer, 2>& rest) {
  if (tls_)
    return false; // a record that fits the socket in part only would be lost
  error_code error;
  auto sent = socket_.write_some(rest, error);
  for (auto& part : rest) {
    auto taken = std::min(sent, part.size());
    part += taken;
    sent -= taken;
  }
  return asio::buffer_size(rest) == 0;
}

io_task<bool> connection::send_rest(std::array<asio::const_buffer, 2> rest) {
  enter(phase::writing, shared_.settings.write_deadline);
  auto [error, count] = co_await async_send(socket_, tls_.get(), rest, outcome);
  co_return !error;
}

io_task<void> connection::close_gently() {
  enter(phase::closing, closing_patience);
  if (tls_) // until the client has said goodbye too, or something else
    co_await tls_->async_shutdown(outcome);
  error_code ignored; // the client may be gone already, which is where this leads
  socket_.shutdown(tcp_socket::shutdown_send, ignored);
  head_.resize(closing_buffer_bytes);
  for (std::size_t heard = 0; heard < closing_bytes_max && !is_late_;) {
    auto [error, count] = co_await socket_.async_read_some(asio::buffer(head_), outcome);
    if (error)
      co_return;
    heard += count;
  }
}

void connection::note(const response& answer, const request& asked, io_worker::clock::time_point began) {
  bool is_logged = shared_.settings.access_log || answer.status >= 500;
  if (!is_logged && shared_.observer == nullptr)
    return;
  exchange done;
  done.operation_id = route_ == nullptr ? std::string_view{} : route_->operation_id;
  done.method = reader_.facts().method_name;
  done.path = asked.path();
  done.request_id = asked.request_id();
  done.client_address = asked.client_address();
  done.status = answer.status;
  done.body_bytes = view(answer.body).size();
  done.duration = io_worker::clock::now() - began;
  if (shared_.observer != nullptr)
    shared_.observer->observe(done);
  if (is_logged)
    log_exchange(shared_.log, done);
}

void connection::enter(phase next, std::chrono::milliseconds patience) noexcept {
  phase_ = next;
  deadline_ = worker_.now() + patience;
  is_late_ = false;
}

void connection::check_deadline(io_worker::clock::time_point now) {
  if (now < deadline_)
    return;
  // At every sweep until the phase is over: a cancel meets nothing when bytes have
  // just arrived, and the next read would then wait without a deadline.
  is_late_ = true;
  error_code ignored; // a socket that can't be cancelled has nothing to cancel
  if (phase_ == phase::answering || phase_ == phase::streaming)
    wake();
  else
    socket_.cancel(ignored);
}

void connection::drain() {
  error_code ignored; // as above
  if (phase_ == phase::idle || phase_ == phase::shaking_hands)
    socket_.cancel(ignored);
  else if (phase_ == phase::streaming)
    wake();
}

void connection::cut_off() {
  is_cut_off_ = true;
  error_code ignored; // as above
  socket_.close(ignored);
  wake();
}

void connection::wake() {
  answer_timer_.cancel();
}

} // namespace sonicmatch::http
