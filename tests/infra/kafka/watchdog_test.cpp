#include "infra/kafka/watchdog.hpp"

#include "tests/support/catch.hpp"
#include "tests/support/log_observers.hpp"

using namespace sonicmatch::tests;
using namespace std::chrono_literals;

TEST_CASE("a watchdog that gets no sign of life acts, and one that does keeps still") {
  kept_log log;
  observed<int> hung;
  observed<int> well;
  sonicmatch::infra::kafka::watchdog silent{"silent", 50ms, log, [&] { hung.change([](int& n) { ++n; }); }};
  sonicmatch::infra::kafka::watchdog lively{"lively", 10s, log, [&] { well.change([](int& n) { ++n; }); }};
  REQUIRE(hung.await([](int n) { return n == 1; }));
  lively.pulse();
  REQUIRE(well.now() == 0);
}
