#include "tests/projections/projector_fixture.hpp"

#include "events/error.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;
using events::errc;

namespace {

constexpr events::partition_id p0{0};
constexpr events::partition_id p1{1};

struct sessions_projector : projector_fixture {
  sessions_projector() {
    log.claim(p0);
    for (std::uint8_t n = 1; n <= 40; ++n)
      log.event(p0, sample_id<events::session_id>(n), 1, sample_requested());
  }

  void begin(projections::projector_settings settings = {}) {
    spawn(projections::sessions::model(), settings);
    assign({0});
  }

  events::log_offset next() {
    return tables->checkpoints.at({"sessions", p0}).next;
  }
  int transactions() {
    return calls[store_step::after_apply];
  }
};

} // namespace

TEST_CASE_METHOD(sessions_projector, "a projector joins its group and begins where the store is") {
  tables->checkpoints[{"sessions", p1}] = {p1, {7}, events::log_offset{3}};
  spawn(projections::sessions::model());
  CHECK(group->group == "sonicmatch.projection.sessions");
  assign({0, 1});
  CHECK(group->started
        == std::vector{std::pair{p0, events::log_offset{0}}, std::pair{p1, events::log_offset{7}}});
}

TEST_CASE_METHOD(sessions_projector,
                 "one event goes at once, and the group's offset follows the transaction") {
  begin();
  auto batch = deliver(0, 2);
  run();
  CHECK(tables->sessions.size() == 1);
  CHECK(group->committed.at(p0) == events::log_offset{2});
  CHECK(batch.expired());
}

TEST_CASE_METHOD(sessions_projector, "what comes within the delay becomes one transaction") {
  begin();
  deliver(0, 2);
  run();
  for (std::size_t i = 2; i < 20; ++i) {
    deliver(i, i + 1);
    run();
  }
  CHECK(transactions() == 1);
  pass(20ms);
  CHECK(transactions() == 2);
  CHECK(next().value == 20);
}

TEST_CASE_METHOD(sessions_projector, "a full batch waits for nothing, and no batch is larger") {
  begin({.batch_records_max = 10});
  deliver(0, 2);
  run();
  auto held = deliver(2, 41);
  run();
  CHECK(transactions() == 4); // 2, then three full ones; nine are left
  CHECK_FALSE(held.expired());
  pass(20ms);
  CHECK(next().value == 41);
  CHECK(held.expired());
}

TEST_CASE_METHOD(sessions_projector, "the reader is held back while the store is away, and nothing is lost") {
  begin();
  auto away = true;
  hook = [&](store_step step) {
    return away && step == store_step::before_apply ? events::make_error(errc::store_unavailable)
                                                    : caf::error{};
  };
  auto first = deliver(0, 20);
  run();
  auto second = deliver(20, 41);
  pass(20s);
  CHECK_FALSE(first.expired());
  CHECK_FALSE(second.expired());
  CHECK(tables->sessions.empty());
  CHECK(group->committed.empty());
  CHECK(logger.lines["a projection waits"] == 1);
  // 100, 200, 400, 800, 1600 ms, then every 2 s
  CHECK(calls[store_step::before_apply] <= 16);
  CHECK(status().trouble == "store_unavailable");
  away = false;
  pass(2s);
  CHECK(next().value == 41);
  CHECK(tables->sessions.size() == 40);
  CHECK(first.expired());
  CHECK(logger.lines["a projection goes on"] == 1);
  CHECK(status().trouble.empty());
}

TEST_CASE_METHOD(sessions_projector, "checkpoints that cannot be loaded are asked for again") {
  auto failures = 3;
  hook = [&](store_step step) {
    return step == store_step::before_load && failures-- > 0 ? events::make_error(errc::store_unavailable)
                                                             : caf::error{};
  };
  begin();
  CHECK(group->started.empty());
  pass(1s);
  CHECK(group->started.size() == 1);
}

TEST_CASE_METHOD(sessions_projector, "an answer that was lost is found out by the conflict") {
  begin();
  auto lose = true;
  hook = [&](store_step step) {
    return step == store_step::after_apply && std::exchange(lose, false)
             ? events::make_error(errc::store_unavailable)
             : caf::error{};
  };
  deliver(0, 10);
  run();
  deliver(10, 41);
  pass(1s);
  CHECK(next().value == 41);
  CHECK(tables->sessions.size() == 40);
  CHECK(group->started.size() == 1); // it did not have to read again
}

TEST_CASE_METHOD(sessions_projector, "after another owner's step it goes on from there") {
  begin();
  deliver(0, 5);
  run();
  tables->checkpoints[{"sessions", p0}].next = {30};
  deliver(5, 41);
  pass(100ms);
  CHECK(next().value == 41);
  CHECK(tables->sessions.size() == 4 + 11); // 1 to 4 and, after the other's step, 30 to 40
}

TEST_CASE_METHOD(sessions_projector,
                 "when the store went back, the reading does too, and stale batches are no gap") {
  begin();
  deliver(0, 20);
  run();
  tables->sessions.clear();
  tables->checkpoints[{"sessions", p0}] = {p0, {5}, events::log_offset{0}};
  deliver(20, 25);
  pass(100ms);
  REQUIRE(group->started.size() == 2);
  CHECK(group->started.back() == std::pair{p0, events::log_offset{5}});
  deliver(25, 30); // was on its way
  pass(100ms);
  CHECK(next().value == 5);
  deliver(5, 41);
  pass(100ms);
  CHECK(next().value == 41);
  CHECK(tables->sessions.size() == 36);
}

TEST_CASE_METHOD(sessions_projector,
                 "a revoked partition is released after the write that has it, without what waits") {
  begin();
  deliver(0, 2);
  scheduler().run_once(); // collected, and sent to the writer
  deliver(2, 10);
  revoke({0});
  run();
  CHECK(group->released == std::vector{p0});
  CHECK(group->committed.at(p0) == events::log_offset{2});
  CHECK(next().value == 2);
  pass(100ms);
  CHECK(next().value == 2);
  CHECK(status().waiting == 0);
}

TEST_CASE_METHOD(sessions_projector, "a revoked partition whose write cannot be made is released at once") {
  begin();
  hook = [](store_step step) {
    return step == store_step::before_apply ? events::make_error(errc::store_unavailable) : caf::error{};
  };
  auto batch = deliver(0, 20);
  run();
  revoke({0});
  run();
  CHECK(group->released == std::vector{p0});
  pass(3s);
  CHECK(batch.expired());
}

TEST_CASE_METHOD(sessions_projector, "a partition that comes back begins where the store is") {
  begin();
  deliver(0, 10);
  run();
  revoke({0}, true);
  assign({0});
  CHECK(group->started.back() == std::pair{p0, events::log_offset{10}});
  deliver(10, 41);
  pass(100ms);
  CHECK(next().value == 41);
}

TEST_CASE_METHOD(sessions_projector, "a stopped projector leaves its group") {
  begin();
  deliver(0, 10);
  caf::anon_send(projector, projections::stop_projector{});
  run();
  CHECK(group->left);
  CHECK(next().value == 10);
}
