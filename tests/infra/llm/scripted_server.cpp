#include "tests/infra/llm/scripted_server.hpp"

#include <boost/asio.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ssl.hpp>

#include <thread>

namespace sonicmatch::tests {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view length_field = "Content-Length: ";

std::size_t body_size(std::string_view head) {
  auto at = head.find(length_field);
  return at == std::string_view::npos ? 0 : std::stoul(std::string{head.substr(at + length_field.size())});
}

} // namespace

std::string response_of(int status, std::string_view body, std::string_view headers) {
  return "HTTP/1.1 " + std::to_string(status) + " Said\r\nContent-Type: application/json\r\n"
         + std::string{headers} + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n"
         + std::string{body};
}

class scripted_server::world {
public:
  world(script what, scripted_server_settings settings)
    : script_(std::move(what))
    , settings_(std::move(settings))
    , acceptor_(io_, tcp::endpoint{asio::ip::address_v4::loopback(), 0})
    , answers_(io_) {
    acceptor_.listen(4'096);
    answers_.expires_at(asio::steady_timer::time_point::max());
    if (!settings_.key_and_certificate.empty()) {
      auto pem = asio::buffer(settings_.key_and_certificate);
      tls_.use_certificate_chain(pem);
      tls_.use_private_key(pem, asio::ssl::context::pem);
    }
    asio::co_spawn(io_, accept(), asio::detached);
    thread_ = std::thread{[this] { io_.run(); }};
  }

  ~world() {
    io_.stop();
    thread_.join();
  }

  [[nodiscard]] std::string url() const {
    return (settings_.key_and_certificate.empty() ? "http" : "https") + std::string{"://127.0.0.1:"}
           + std::to_string(acceptor_.local_endpoint().port()) + "/v1/messages";
  }

  void answer_waiting(std::string bytes) {
    asio::post(io_, [this, said = std::move(bytes)]() mutable {
      answer_ = std::move(said);
      answers_.cancel();
    });
  }

  observed<server_record> record;

private:
  asio::awaitable<void> accept() {
    for (;;) {
      auto socket = co_await acceptor_.async_accept(asio::use_awaitable);
      record.change([](auto& is) { return ++is.connections; });
      asio::co_spawn(io_, serve(std::move(socket)), asio::detached);
    }
  }

  asio::awaitable<void> serve(tcp::socket socket) {
    try {
      if (settings_.key_and_certificate.empty()) {
        co_await converse(socket);
      } else {
        asio::ssl::stream<tcp::socket&> secured{socket, tls_};
        co_await secured.async_handshake(asio::ssl::stream_base::server, asio::use_awaitable);
        co_await converse(secured);
      }
    } catch (const boost::system::system_error&) {
      // The other side has left, as some tests make it do.
    }
    boost::system::error_code ignored;
    socket.close(ignored);
    record.change([](auto& is) { return ++is.closed; });
  }

  template <class Stream>
  asio::awaitable<void> converse(Stream& stream) {
    std::string received;
    for (seen_request seen;; ++seen.on_connection) {
      auto end = co_await asio::async_read_until(stream, asio::dynamic_buffer(received), head_end,
                                                 asio::use_awaitable);
      seen.head = received.substr(0, end);
      received.erase(0, end);
      if (settings_.cuts_off && settings_.cuts_off(seen.head)) {
        record.change([](auto& is) { return ++is.cut_off; });
        co_return;
      }
      auto size = body_size(seen.head);
      if (received.size() < size)
        co_await asio::async_read(stream, asio::dynamic_buffer(received),
                                  asio::transfer_exactly(size - received.size()), asio::use_awaitable);
      seen.body = received.substr(0, size);
      received.erase(0, size);
      auto doing = script_(seen);
      record.change([](auto& is) { return ++is.requests; });
      co_await asio::async_write(stream, asio::buffer(doing.bytes), asio::use_awaitable);
      if (doing.next == reaction::then::close)
        co_return;
      if (doing.next == reaction::then::wait) {
        using namespace asio::experimental::awaitable_operators;
        record.change([](auto& is) { return ++is.waiting; });
        char unexpected = 0;
        auto first = co_await (
          answers_.async_wait(asio::as_tuple(asio::use_awaitable))
          || stream.async_read_some(asio::buffer(&unexpected, 1), asio::as_tuple(asio::use_awaitable)));
        if (first.index() == 1)
          co_return; // the client has left
        co_await asio::async_write(stream, asio::buffer(answer_), asio::use_awaitable);
      }
    }
  }

  script script_;
  scripted_server_settings settings_;
  asio::io_context io_{1};
  asio::ssl::context tls_{asio::ssl::context::tls_server};
  tcp::acceptor acceptor_;
  asio::steady_timer answers_; ///< never expires: its end wakes those who wait
  std::string answer_;
  std::thread thread_;
};

scripted_server::scripted_server(script what, scripted_server_settings settings)
  : world_(std::make_unique<world>(std::move(what), std::move(settings))) {}

scripted_server::~scripted_server() = default;

std::string scripted_server::url() const {
  return world_->url();
}

void scripted_server::answer_waiting(std::string bytes) {
  world_->answer_waiting(std::move(bytes));
}

observed<server_record>& scripted_server::record() noexcept {
  return world_->record;
}

} // namespace sonicmatch::tests
