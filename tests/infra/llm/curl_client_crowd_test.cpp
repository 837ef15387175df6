#include "infra/llm/curl_client.hpp"
#include "tests/infra/llm/asked.hpp"
#include "tests/infra/llm/scripted_server.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

// Many requests at once, and their early ends.

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::ports::http_client;
using events::errc;
using infra::llm::make_curl_client;
using tests::asked;
using tests::reaction;
using tests::request_to;
using tests::response_of;
using tests::scripted_server;
using tests::seen_request;

namespace {

constexpr std::size_t crowd = 1'500;

reaction wait_for_answer(const seen_request&) {
  return {"", reaction::then::wait};
}

std::size_t threads_of_process() {
  auto all = std::filesystem::directory_iterator{"/proc/self/task"};
  return static_cast<std::size_t>(std::distance(begin(all), end(all)));
}

std::size_t resident_kib() {
  std::size_t pages = 0;
  std::size_t resident = 0;
  std::ifstream{"/proc/self/statm"} >> pages >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE)) / 1024;
}

/// Both ends of every connection are in this process.
void allow_open_files(std::size_t count) {
  rlimit limit{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &limit) == 0);
  limit.rlim_cur = std::max<rlim_t>(limit.rlim_cur, std::min<rlim_t>(count, limit.rlim_max));
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &limit) == 0);
  REQUIRE(limit.rlim_cur >= count);
}

std::size_t count_of(const std::vector<asked::outcome>& all, errc wanted) {
  return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](const auto& each) {
    return (each ? errc::none : events::code_of(each.error())) == wanted;
  }));
}

} // namespace

TEST_CASE("1,500 requests are under way at once on one thread", "[infra][llm]") {
  allow_open_files(2 * crowd + 100);
  scripted_server server{wait_for_answer};
  auto threads_before = threads_of_process();
  asked a;
  auto client = make_curl_client();
  auto request = request_to(server.url());
  request.opening = std::make_shared<const std::string>(20'000, 'x');
  auto resident_before = resident_kib();
  for (std::size_t round = 1; round <= 2; ++round) {
    for (std::size_t i = 0; i < crowd; ++i)
      client->post(request, a.taker());
    REQUIRE(
      server.record().await([&](const auto& is) { return is.waiting == static_cast<int>(round * crowd); }));
    CHECK(threads_of_process() == threads_before + 1);
    WARN("resident memory of both ends grew by " << (resident_kib() - resident_before) / crowd
                                                 << " KiB a request");
    server.answer_waiting(response_of(200, "{}"));
    a.await(round * crowd);
    CHECK(count_of(a.all(), errc::none) == round * crowd);
  }
  CHECK(server.record().now().connections == static_cast<int>(crowd)); // all were used again
}

TEST_CASE("a cancelled request is told so once, and its connection is closed", "[infra][llm]") {
  scripted_server server{wait_for_answer};
  asked a;
  asked other;
  auto client = make_curl_client();
  auto ticket = client->post(request_to(server.url()), a.taker());
  CHECK(client->post(request_to(server.url()), other.taker()) != ticket);
  REQUIRE(server.record().await([](const auto& is) { return is.waiting == 2; }));
  auto began = std::chrono::steady_clock::now();
  client->cancel(ticket);
  client->cancel(ticket);
  CHECK(a.await_error() == errc::cancelled);
  CHECK(std::chrono::steady_clock::now() - began < 900ms); // not at the next sleep's end
  CHECK(server.record().await([](const auto& is) { return is.closed == 1; }));

  server.answer_waiting(response_of(200, "other"));
  CHECK(other.await()->body == "other");
  CHECK(a.all().size() == 1);
}

TEST_CASE("cancelling a request that has ended, or never was, changes nothing", "[infra][llm]") {
  scripted_server server{[](const seen_request&) { return reaction{response_of(200, "{}")}; }};
  asked a;
  auto client = make_curl_client();
  auto ticket = client->post(request_to(server.url()), a.taker());
  REQUIRE(a.await(1));
  client->cancel(ticket);
  client->cancel(ticket + 1'000);
  client->post(request_to(server.url()), a.taker());
  CHECK(a.await(2));
  CHECK(a.all().size() == 2);
}

TEST_CASE("a request cancelled at once is told one thing, whichever came first", "[infra][llm]") {
  scripted_server server{[](const seen_request&) { return reaction{response_of(200, "{}")}; }};
  constexpr std::size_t count = 500;
  asked a;
  {
    auto client = make_curl_client();
    for (std::size_t i = 0; i < count; ++i)
      client->cancel(client->post(request_to(server.url()), a.taker()));
    a.await(count);
  }
  auto all = a.all();
  CHECK(all.size() == count);
  CHECK(count_of(all, errc::cancelled) + count_of(all, errc::none) == count);
}

TEST_CASE("a client that goes tells all who wait, before it is gone", "[infra][llm]") {
  scripted_server server{wait_for_answer};
  constexpr std::size_t count = 50;
  asked a;
  auto client = make_curl_client();
  for (std::size_t i = 0; i < count; ++i)
    client->post(request_to(server.url()), a.taker());
  SECTION("requests that were sent") {
    REQUIRE(server.record().await([&](const auto& is) { return is.waiting == count; }));
  }
  SECTION("requests that were just posted") {}
  client.reset();
  CHECK(a.all().size() == count);
  CHECK(count_of(a.all(), errc::cancelled) == count);
}

TEST_CASE("a callback may post and cancel", "[infra][llm]") {
  scripted_server server{
    [](const seen_request& request) { return reaction{response_of(200, request.body)}; }};
  asked a;
  auto client = make_curl_client();
  auto second = request_to(server.url());
  second.rest = "second";
  client->post(request_to(server.url()), [&, taker = a.taker()](asked::outcome first) {
    client->post(second, a.taker());
    client->cancel(client->post(second, a.taker()));
    taker(std::move(first));
  });
  a.await(3);
  CHECK(count_of(a.all(), errc::cancelled) == 1);
  CHECK(count_of(a.all(), errc::none) == 2);
}

TEST_CASE("a callback may hold the last of its client", "[infra][llm]") {
  scripted_server server{wait_for_answer};
  asked a;
  auto client = make_curl_client();
  auto& only = *client;
  only.post(request_to(server.url()), a.taker());
  only.post(request_to(server.url()),
            [held = std::move(client), taker = a.taker()](asked::outcome one) { taker(std::move(one)); });
  REQUIRE(server.record().await([](const auto& is) { return is.waiting == 2; }));
  server.answer_waiting(response_of(200, "{}"));
  a.await(2);
  CHECK(server.record().await([](const auto& is) { return is.closed == 2; }));
}

TEST_CASE("who posts from a callback of a client that goes is refused", "[infra][llm]") {
  scripted_server server{wait_for_answer};
  asked a;
  auto client = make_curl_client();
  auto& only = *client;
  only.post(request_to(server.url()),
            [&](asked::outcome) { only.post(request_to(server.url()), a.taker()); });
  REQUIRE(server.record().await([](const auto& is) { return is.waiting == 1; }));
  client.reset();
  CHECK(a.all().size() == 1);
  CHECK(a.await_error() == errc::cancelled);
}
