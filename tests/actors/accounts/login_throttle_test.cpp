#include "actors/accounts/login_throttle.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::accounts::login_throttle;

namespace {

const std::string ann = "ann@example.com";

} // namespace

TEST_CASE("after ten wrong passwords an e-mail waits until the first is 15 minutes old", "[accounts]") {
  login_throttle throttle{{}};
  auto now = tests::sample_time();
  for (int i = 0; i < 10; ++i)
    CHECK_FALSE(throttle.begin(ann, now + i * 1min));
  CHECK(throttle.begin(ann, now + 10min) == 5min);
  CHECK(throttle.begin(ann, now + 14min + 59s + 500ms) == 1s);
  CHECK_FALSE(throttle.begin("bob@example.com", now + 10min));
  CHECK_FALSE(throttle.begin(ann, now + 15min));
  CHECK(throttle.begin(ann, now + 15min) == 1min);
}

TEST_CASE("a right password begins anew", "[accounts]") {
  login_throttle throttle{{}};
  auto now = tests::sample_time();
  for (int i = 0; i < 10; ++i)
    CHECK_FALSE(throttle.begin(ann, now));
  throttle.succeed(ann);
  CHECK_FALSE(throttle.begin(ann, now));
}

TEST_CASE("what nobody looked at does not count", "[accounts]") {
  login_throttle throttle{{}};
  auto now = tests::sample_time();
  for (int i = 0; i < 50; ++i) {
    CHECK_FALSE(throttle.begin(ann, now));
    throttle.withdraw(ann);
  }
}

TEST_CASE("the e-mail that was tried longest ago is forgotten first", "[accounts]") {
  login_throttle throttle{{1, 15min, 2}};
  auto now = tests::sample_time();
  CHECK_FALSE(throttle.begin("1", now));
  CHECK_FALSE(throttle.begin("2", now));
  CHECK(throttle.begin("1", now));
  CHECK_FALSE(throttle.begin("3", now)); // 2 is forgotten
  CHECK(throttle.begin("1", now));
  CHECK_FALSE(throttle.begin("2", now));
}
