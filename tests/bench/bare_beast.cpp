/// The limit the edge is measured against: Boost.Beast alone, as its examples and
/// manual teach it. One coroutine a connection, Beast's parser and serializer, a
/// body from memory, no routing, no checks, no deadlines, five header fields.
///
/// Usage: bare_beast PORT BODY_BYTES [THREADS]. Prints "listening" and runs until
/// it is killed.
#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using tcp = asio::ip::tcp;
using executor = asio::io_context::executor_type;
using tcp_socket = asio::basic_stream_socket<tcp, executor>;
template <class T>
using task = asio::awaitable<T, executor>;

constexpr auto outcome = asio::as_tuple(asio::deferred);

task<void> serve(tcp_socket socket, const std::string& content) {
  boost::beast::flat_buffer buffer;
  for (;;) {
    http::request<http::empty_body> request;
    auto [read_error, read] = co_await http::async_read(socket, buffer, request, outcome);
    if (read_error)
      co_return;
    // The body is a view of memory that outlives the response: no copy.
    http::response<http::span_body<const char>> response{http::status::ok, request.version()};
    response.set(http::field::server, "bare");
    response.set(http::field::content_type, "application/json");
    response.body() = {content.data(), content.size()};
    response.keep_alive(request.keep_alive());
    response.prepare_payload();
    auto [write_error, written] = co_await http::async_write(socket, response, outcome);
    if (write_error || !response.keep_alive())
      co_return;
  }
}

/// Deals connections out to one context for each thread: measured faster than one
/// context shared by the threads.
task<void> accept(asio::basic_socket_acceptor<tcp, executor>& acceptor,
                  std::vector<std::unique_ptr<asio::io_context>>& contexts, const std::string& content) {
  for (std::size_t turn = 0;; ++turn) {
    auto& context = *contexts[turn % contexts.size()];
    auto [error, socket] = co_await acceptor.async_accept(context, outcome);
    if (error)
      continue;
    socket.set_option(tcp::no_delay{true});
    asio::co_spawn(context, serve(std::move(socket), content), asio::detached);
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::cerr << "usage: bare_beast PORT BODY_BYTES [THREADS]\n";
    return 2;
  }
  auto port = static_cast<unsigned short>(std::atoi(argv[1]));
  const std::string content(static_cast<std::size_t>(std::atol(argv[2])), 'x');
  auto thread_count = argc > 3 ? std::atoi(argv[3]) : 2;

  std::vector<std::unique_ptr<asio::io_context>> contexts;
  for (int i = 0; i < thread_count; ++i)
    contexts.push_back(std::make_unique<asio::io_context>(1));
  asio::basic_socket_acceptor<tcp, executor> acceptor{*contexts.front(),
                                                      {asio::ip::make_address("127.0.0.1"), port}};
  asio::co_spawn(*contexts.front(), accept(acceptor, contexts, content), asio::detached);

  std::vector<std::jthread> threads;
  for (auto& context : contexts)
    threads.emplace_back([&context] {
      auto work = asio::make_work_guard(*context);
      context->run();
    });
  std::cout << "listening" << std::endl;
}
