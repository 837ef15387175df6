#pragma once

#include "http/connection.hpp"
#include "http/tls.hpp"

#include <boost/asio/async_result.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>

#include <utility>

/// How bytes come and go, with TLS or without it: one branch, and no coroutine, no
/// allocation more for those without.
namespace sonicmatch::http {

class tls_context {
public:
  boost::asio::ssl::context openssl{boost::asio::ssl::context::tls_server};
};

/// The TLS part of one connection, over its socket. One read and one write may be under
/// way at once. Owned by the connection, which outlives neither.
class tls_stream : public boost::asio::ssl::stream<tcp_socket&> {
public:
  tls_stream(tcp_socket& socket, tls_context& context)
    : stream{socket, context.openssl} {}
};

/// Reads what there is, through `tls` unless that is null.
template <class Token>
auto async_receive(tcp_socket& socket, tls_stream* tls, boost::asio::mutable_buffer room, Token&& token) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
    [&socket, tls](auto completed, boost::asio::mutable_buffer into) {
      if (tls != nullptr)
        tls->async_read_some(into, std::move(completed));
      else
        socket.async_read_some(into, std::move(completed));
    },
    token, room);
}

/// Writes all of `bytes`, through `tls` unless that is null.
template <class Buffers, class Token>
auto async_send(tcp_socket& socket, tls_stream* tls, const Buffers& bytes, Token&& token) {
  return boost::asio::async_initiate<Token, void(boost::system::error_code, std::size_t)>(
    [&socket, tls](auto completed, const Buffers& all) {
      if (tls != nullptr)
        boost::asio::async_write(*tls, all, std::move(completed));
      else
        boost::asio::async_write(socket, all, std::move(completed));
    },
    token, bytes);
}

} // namespace sonicmatch::http
