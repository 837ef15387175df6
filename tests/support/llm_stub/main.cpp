/// A stand-in for the language model's provider. README.md tells what it does.
///
/// Usage: llm_stub [--port PORT] [--SETTING VALUE]... Listens on 127.0.0.1, prints
/// "listening on PORT", and runs until SIGTERM or SIGINT. One thread.
#include "tests/support/llm_stub/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/signal_set.hpp>

#include <sys/resource.h>

#include <charconv>
#include <chrono>
#include <csignal>
#include <iostream>

namespace {

namespace asio = boost::asio;
namespace stub = sonicmatch::tests::llm_stub;
using tcp = asio::ip::tcp;
using acceptor = asio::basic_socket_acceptor<tcp, stub::executor>;

constexpr auto outcome = asio::as_tuple(asio::deferred);
constexpr std::chrono::milliseconds accept_again_after{50};

struct arguments {
  std::uint16_t port = 0;
  stub::assignments settings;
};

/// Reads `--name value` and `--name=value`. Returns what is wrong, or an empty text.
std::string read_arguments(int count, char** words, arguments& out) {
  for (int i = 1; i < count; ++i) {
    std::string_view word = words[i];
    if (!word.starts_with("--"))
      return "usage: llm_stub [--port PORT] [--SETTING VALUE]...";
    word.remove_prefix(2);
    auto equals = word.find('=');
    if (equals == std::string_view::npos && ++i == count)
      return "--" + std::string{word} + " needs a value.";
    std::string name{word.substr(0, equals)};
    std::string value{equals == std::string_view::npos ? words[i] : word.substr(equals + 1)};
    if (name != "port") {
      out.settings.emplace_back(std::move(name), std::move(value));
      continue;
    }
    auto* end = value.data() + value.size();
    if (auto read = std::from_chars(value.data(), end, out.port); read.ec != std::errc{} || read.ptr != end)
      return "\"" + value + "\" is no port.";
  }
  return {};
}

/// Thousands of clients are thousands of open files.
void raise_open_files_max() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0)
    return;
  limit.rlim_cur = limit.rlim_max;
  if (::setrlimit(RLIMIT_NOFILE, &limit) != 0)
    std::cerr << "llm_stub: the limit of open files stays as it is\n";
}

stub::task<void> accept(acceptor& door, stub::shared_parts& shared) {
  stub::steady_timer pause{door.get_executor()};
  for (;;) {
    auto [error, socket] = co_await door.async_accept(outcome);
    if (error) {
      // Most likely no file is free: one will be.
      pause.expires_after(accept_again_after);
      co_await pause.async_wait(outcome);
      continue;
    }
    socket.set_option(tcp::no_delay{true});
    socket.non_blocking(true);
    asio::co_spawn(door.get_executor(),
                   stub::connection::serve(std::make_shared<stub::connection>(std::move(socket), shared)),
                   asio::detached);
  }
}

} // namespace

int main(int count, char** words) {
  arguments given;
  stub::settings values;
  auto wrong = read_arguments(count, words, given);
  if (wrong.empty())
    wrong = assign(values, given.settings).value_or("");
  if (!wrong.empty()) {
    std::cerr << "llm_stub: " << wrong << '\n';
    return 2;
  }
  raise_open_files_max();
  stub::shared_parts shared{.model = stub::provider{std::move(values)}};
  asio::io_context context{1};
  asio::signal_set signals{context, SIGTERM, SIGINT};
  signals.async_wait([&](const boost::system::error_code& error, int) {
    if (!error)
      context.stop();
  });
  try {
    acceptor door{context, {asio::ip::make_address("127.0.0.1"), given.port}};
    std::cout << "listening on " << door.local_endpoint().port() << std::endl;
    asio::co_spawn(context, accept(door, shared), asio::detached);
    context.run();
  } catch (const boost::system::system_error& thrown) {
    std::cerr << "llm_stub: " << thrown.what() << '\n';
    return 1;
  }
  return 0;
}
