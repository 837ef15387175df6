#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using tests::header_of;
using tests::route_fixture;

namespace {

http::response asked(http::router& routes, std::string path) {
  auto data = tests::data_of({http::method::get, std::move(path)});
  auto found = routes.find(*data);
  REQUIRE(found.target != nullptr);
  auto kept = std::make_shared<tests::kept_answer>();
  std::get<http::asynchronous_handler>(found.target->handler)(http::request{data}, http::responder{kept});
  REQUIRE(kept->answer_);
  return *kept->answer_;
}

} // namespace

TEST_CASE("a process lives whatever its parts say", "[http][health]") {
  route_fixture routes;
  routes.parts.health->report("tails", false, "away");
  auto made = routes.answer({http::method::get, "/health/live"});
  CHECK(made.status == 200);
  CHECK(http::view(made.body) == R"({"status":"alive","parts":[]})");
}

TEST_CASE("a process is ready when every part is, and says why not", "[http][health]") {
  route_fixture routes;
  routes.parts.health->report("catalog", true, "240 headphones");
  routes.parts.health->expect("tails", "waiting for Kafka");
  auto made = routes.answer({http::method::get, "/health/ready"});
  CHECK(made.status == 503);
  CHECK(header_of(made, "Retry-After"));
  CHECK(http::view(made.body).find("waiting for Kafka") != std::string_view::npos);
  routes.parts.health->report("tails", true);
  made = routes.answer({http::method::get, "/health/ready"});
  CHECK(made.status == 200);
  CHECK(http::view(made.body).starts_with(R"({"status":"ready")"));
}

TEST_CASE("health shows what was reported and what answers just now", "[http][health]") {
  route_fixture routes;
  routes.parts.health->report("catalog", true, "240 headphones");
  bool is_there = true;
  routes.parts.probe = [&](std::chrono::milliseconds, const auto& done) {
    done({{"kafka", is_there, "3 brokers", 1.5}});
  };
  auto router = http::make_router(routes.parts);
  auto made = asked(router, "/health");
  CHECK(made.status == 200);
  CHECK(http::view(made.body).find(R"("name":"kafka","status":"ready","detail":"3 brokers","latency_ms":1.5)")
        != std::string_view::npos);
  CHECK(http::view(made.body).find("240 headphones") != std::string_view::npos);
  is_there = false;
  made = asked(router, "/health");
  CHECK(made.status == 503);
  CHECK(http::view(made.body).starts_with(R"({"status":"not_ready")"));
}

TEST_CASE("a part that does less than it was meant to is degraded, and the process is ready",
          "[http][health]") {
  route_fixture routes;
  routes.parts.health->report("language_model", true, "the day's budget is spent", true);
  auto made = routes.answer({http::method::get, "/health/ready"});
  CHECK(made.status == 200);
  CHECK(http::view(made.body).find(R"("status":"degraded","detail":"the day's budget is spent")")
        != std::string_view::npos);
}
