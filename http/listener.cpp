#include "http/listener.hpp"

#include "events/error.hpp"
#include "http/problem.hpp"
#include "http/request_identity.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <exception>

namespace sonicmatch::http {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

/// How long accepting rests when the system has no descriptors left.
constexpr std::chrono::milliseconds exhausted_pause{100};

/// Runs a connection and owns it meanwhile.
io_task<void> run_connection(std::unique_ptr<connection> owned) {
  co_await owned->serve();
}

/// Logs what ended a coroutine that should have ended by itself.
auto log_failure(actors::ports::logger& log) {
  return [&log](const std::exception_ptr& failure) {
    if (!failure)
      return;
    try {
      std::rethrow_exception(failure);
    } catch (const std::exception& thrown) {
      log.error("a connection ended by an exception", {{"error", thrown.what()}});
    }
  };
}

} // namespace

listener::listener(edge& shared, std::span<const std::unique_ptr<io_worker>> workers)
  : shared_{shared}
  , workers_{workers}
  , acceptor_{workers.front()->context()} {}

caf::error listener::open() {
  const auto& settings = shared_.settings;
  auto where = settings.host + ':' + std::to_string(settings.port);
  auto cannot = [&](std::string_view what, const error_code& why) {
    return events::make_error(events::errc::bad_configuration,
                              "cannot " + std::string{what} + ' ' + where + ": " + why.message());
  };
  error_code error;
  auto address = asio::ip::make_address(settings.host, error);
  if (error)
    return events::make_error(events::errc::bad_configuration,
                              "the HTTP host must be an address such as 0.0.0.0, not " + settings.host);
  tcp::endpoint endpoint{address, settings.port};
  acceptor_.open(endpoint.protocol(), error);
  if (error)
    return cannot("open a socket for", error);
  acceptor_.set_option(acceptor::reuse_address{true}, error);
  if (!error)
    acceptor_.bind(endpoint, error);
  if (!error)
    acceptor_.listen(acceptor::max_listen_connections, error);
  if (error)
    return cannot("listen on", error);
  port_ = acceptor_.local_endpoint(error).port();
  return {};
}

void listener::start() {
  asio::co_spawn(workers_.front()->context(), accept_all(), log_failure(shared_.log));
}

void listener::stop() {
  asio::post(workers_.front()->context(), [this] {
    error_code ignored; // closed already
    acceptor_.close(ignored);
  });
}

io_task<void> listener::accept_all() {
  constexpr auto outcome = asio::as_tuple(asio::deferred);
  asio::steady_timer pause{workers_.front()->context()};
  bool is_exhausted = false;
  for (std::size_t turn = 0; acceptor_.is_open(); ++turn) {
    auto& worker = *workers_[turn % workers_.size()];
    auto [error, socket] = co_await acceptor_.async_accept(worker.context(), outcome);
    if (!error) {
      is_exhausted = false;
      admit(std::move(socket), worker);
    } else if (error != asio::error::operation_aborted && error != asio::error::connection_aborted) {
      if (!is_exhausted)
        shared_.log.warning("cannot accept connections for now", {{"error", error.message()}});
      is_exhausted = true;
      pause.expires_after(exhausted_pause);
      co_await pause.async_wait(outcome);
    }
  }
}

void listener::admit(tcp_socket socket, io_worker& worker) {
  error_code error;
  auto peer = socket.remote_endpoint(error).address();
  if (error)
    return; // gone before it was accepted
  socket.non_blocking(true, error);
  if (!error)
    socket.set_option(tcp::no_delay{true}, error);
  if (error)
    return;
  auto address = ip_address::parse(peer.to_string()).value_or(ip_address{});
  auto network = network_of(address);
  if (!shared_.limits.enter(network))
    return turn_away(std::move(socket));
  auto owned = std::make_unique<connection>(std::move(socket), to_string(address), network, shared_, worker);
  asio::co_spawn(worker.context(), run_connection(std::move(owned)), log_failure(shared_.log));
}

void listener::turn_away(tcp_socket socket) {
  auto data = std::make_shared<request_data>();
  make_request_id(data->request_id);
  request unknown{data};
  problem full{503, "too_many_connections", "This server has as many connections as it takes."};
  full.retry_after = std::chrono::seconds{1};
  auto answer = to_response(full, unknown);
  std::string bytes;
  write_head(bytes, answer, {unknown.request_id(), {}, false, false, {}}, shared_.cors);
  bytes += view(answer.body);
  error_code ignored; // politeness only: nobody waits for a client that is not served
  socket.write_some(asio::buffer(bytes), ignored);
  socket.shutdown(tcp_socket::shutdown_both, ignored);
}

} // namespace sonicmatch::http
