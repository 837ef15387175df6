#include "tests/projections/projector_fixture.hpp"

#include "events/error.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;
using events::errc;

namespace {

constexpr events::partition_id p0{0};

struct poisoned_projector : projector_fixture {
  poisoned_projector() {
    log.claim(p0);
    log.event(p0, good, 1, sample_requested());
    log.append(p0, to_string(bad), "garbage \xff");
    log.event(p0, bad, 1, sample_requested());
    log.event(p0, good, 2, completed_with(2));
  }

  void begin(projections::projector_settings settings, projections::read_model model) {
    spawn(std::move(model), settings);
    assign({0});
  }

  events::session_id good = sample_id<events::session_id>(1);
  events::session_id bad = sample_id<events::session_id>(2);
};

std::string header_of(const actors::ports::new_record& record, std::string_view name) {
  for (const auto& [known, value] : record.headers)
    if (known == name)
      return value;
  return {};
}

} // namespace

TEST_CASE_METHOD(poisoned_projector, "the projection that reports puts poison into the dead letters, once") {
  begin({.reports_poison = true}, projections::sessions::model());
  deliver(0, 5);
  pass(100ms);
  REQUIRE(producer.records.size() == 1);
  const auto& letter = producer.records[0];
  CHECK(letter.topic == "sonicmatch.dead-letters");
  CHECK(letter.key == to_string(bad));
  CHECK(letter.value == "garbage \xff");
  CHECK(header_of(letter, "origin-topic") == "sonicmatch.events");
  CHECK(header_of(letter, "origin-offset") == "2");
  CHECK(header_of(letter, "group") == "sonicmatch.projection.sessions");
  CHECK(tables->parked.size() == 1);
  CHECK(tables->sessions.at(good).version.value == 2);
  CHECK_FALSE(tables->sessions.contains(bad));
}

TEST_CASE_METHOD(poisoned_projector, "the projection that does not report parks all the same") {
  begin({}, projections::sessions::model());
  deliver(0, 5);
  pass(100ms);
  CHECK(producer.records.empty());
  CHECK(tables->parked.size() == 1);
}

TEST_CASE_METHOD(poisoned_projector, "the checkpoint waits until poison is in the dead letters") {
  begin({.reports_poison = true}, projections::sessions::model());
  producer.failures.assign(3, events::make_error(errc::log_unavailable));
  deliver(0, 5);
  run();
  CHECK(tables->checkpoints.empty());
  pass(2s);
  CHECK(producer.records.size() == 1);
  CHECK(tables->checkpoints.at({"sessions", p0}).next.value == 5);
}

TEST_CASE_METHOD(poisoned_projector, "poison is not reported again when the store is away after it") {
  auto failures = 2;
  hook = [&](store_step step) {
    return step == store_step::before_apply && failures-- > 0 ? events::make_error(errc::store_unavailable)
                                                              : caf::error{};
  };
  begin({.reports_poison = true}, projections::sessions::model());
  deliver(0, 5);
  pass(2s);
  CHECK(producer.records.size() == 1);
  CHECK(tables->checkpoints.at({"sessions", p0}).next.value == 5);
}

TEST_CASE_METHOD(poisoned_projector, "a session parked in an earlier life stays parked") {
  tables->checkpoints[{"sessions", p0}] = {p0, {3}, events::log_offset{0}};
  tables->parked[{"sessions", {p0, {2}}}] = {{{p0, {2}}, bad, to_string(bad), "unreadable"}, 0};
  begin({}, projections::sessions::model());
  deliver(3, 5);
  pass(100ms);
  CHECK_FALSE(tables->sessions.contains(bad));
  CHECK(tables->parked.at({"sessions", {p0, {2}}}).left_out == 1);
}

TEST_CASE_METHOD(poisoned_projector,
                 "a row that the store refuses is found, and only its session is parked") {
  auto twice = completed_with(2);
  twice.matches[1].rank = 1;
  auto refused = sample_id<events::session_id>(3);
  for (std::uint8_t n = 10; n < 30; ++n)
    log.event(p0, sample_id<events::session_id>(n), 2, n == 17 ? twice : completed_with(1));
  begin({.reports_poison = true}, projections::matches::model());
  deliver(0, log.records.size());
  pass(1s);
  CHECK(tables->matches.size() == 1 + 19);
  CHECK(tables->parked.size() == 2);
  REQUIRE(producer.records.size() == 2);
  CHECK(producer.records[1].key == to_string(sample_id<events::session_id>(17)));
  CHECK(tables->checkpoints.at({"matches", p0}).next.value == 25);
  CHECK_FALSE(tables->matches.contains(refused));
}

TEST_CASE_METHOD(poisoned_projector, "under the policy to fail, the projector ends before the poison") {
  begin({.on_poison = projections::failure_policy::fail}, projections::sessions::model());
  deliver(0, 5);
  pass(100ms);
  CHECK(logger.lines["a projection has stopped"] == 1);
  CHECK(group->left);
  CHECK(tables->checkpoints.empty());
}
