#include "http/request_metrics.hpp"
#include "tests/support/catch.hpp"

#include <thread>

using namespace sonicmatch;
using namespace std::chrono_literals;

namespace {

http::router two_routes() {
  http::router routes;
  auto nothing = [](const http::request&) { return http::response{}; };
  routes.get("/a", "find_a", nothing);
  routes.post("/a", "add_a", nothing);
  return routes;
}

http::exchange exchange_of(std::string_view operation, int status, std::chrono::nanoseconds took) {
  http::exchange out;
  out.operation_id = operation;
  out.status = status;
  out.duration = took;
  return out;
}

} // namespace

TEST_CASE("requests are counted by operation, kind of status and duration", "[http][metrics]") {
  http::request_metrics counted;
  counted.begin(two_routes());
  counted.observe(exchange_of("find_a", 200, 500us));
  counted.observe(exchange_of("find_a", 304, 3ms));
  counted.observe(exchange_of("find_a", 429, 100s));
  counted.observe(exchange_of("", 404, 1ms));
  auto all = counted.read();
  REQUIRE(all.size() == 3);
  CHECK(all[0].operation_id == "find_a");
  CHECK(all[0].by_status == std::array<std::uint64_t, 5>{0, 1, 1, 1, 0});
  CHECK(all[0].by_duration.front() == 1); // up to 1 ms
  CHECK(all[0].by_duration[2] == 1);      // up to 5 ms
  CHECK(all[0].by_duration.back() == 1);  // beyond every bound
  CHECK(all[0].seconds == Approx(100.0035));
  CHECK(all[1].by_status == std::array<std::uint64_t, 5>{});
  CHECK(all[2].operation_id.empty());
  CHECK(all[2].by_status[3] == 1);
}

TEST_CASE("requests counted by many threads are all there", "[http][metrics]") {
  http::request_metrics counted;
  counted.begin(two_routes());
  std::vector<std::thread> threads;
  for (int i = 0; i < 6; ++i)
    threads.emplace_back([&] {
      for (int n = 0; n < 10'000; ++n)
        counted.observe(exchange_of("add_a", 202, 1us));
    });
  for (auto& each : threads)
    each.join();
  CHECK(counted.read()[1].by_status[1] == 60'000);
}
