#include "actors/edge/tails.hpp"
#include "tests/actors/session_records.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;

namespace {

const auto id = tests::sample_id<events::session_id>();

ports::log_record requested_at(std::int64_t offset, std::int64_t claim) {
  return tests::event_record(id, tests::sample_requested(), 1, offset, claim);
}

log_tails started(std::int64_t next = 0, std::optional<log_offset> claim = std::nullopt) {
  log_tails out;
  out.start(tailed::events, {0}, {next}, claim, nullptr);
  out.start(tailed::commands, {0}, {next}, std::nullopt, nullptr);
  return out;
}

} // namespace

TEST_CASE("a tail admits decisions under the newest claim only", "[actors][tails]") {
  auto tails = started();
  CHECK_FALSE(tails.admit(tailed::events, tests::claim_record(0)));
  CHECK(tails.admit(tailed::events, requested_at(1, 0)));
  CHECK_FALSE(tails.admit(tailed::events, tests::claim_record(2)));
  CHECK_FALSE(tails.admit(tailed::events, requested_at(3, 0)));
  CHECK(tails.admit(tailed::events, requested_at(4, 2)));
}

TEST_CASE("a tail that begins in the middle goes by the claim it is given", "[actors][tails]") {
  auto tails = started(10, log_offset{7});
  CHECK_FALSE(tails.admit(tailed::events, requested_at(10, 6)));
  CHECK(tails.admit(tailed::events, requested_at(11, 7)));
}

TEST_CASE("a record that was read before is no news", "[actors][tails]") {
  auto tails = started();
  CHECK(tails.admit(tailed::events, requested_at(5, 1)));
  CHECK_FALSE(tails.admit(tailed::events, requested_at(5, 1)));
  CHECK_FALSE(tails.admit(tailed::events, requested_at(4, 1)));
  CHECK(tails.admit(tailed::commands, tests::command_record(id, 3)));
  CHECK_FALSE(tails.admit(tailed::commands, tests::command_record(id, 3)));
}

TEST_CASE("what is no decision of a session is no news", "[actors][tails]") {
  auto tails = started();
  auto handed_off = requested_at(1, 0);
  handed_off.headers[0].second = events::partition::partition_handed_off::type_name;
  CHECK_FALSE(tails.admit(tailed::events, handed_off));
  auto unclaimed = requested_at(2, 0);
  unclaimed.headers.clear();
  CHECK_FALSE(tails.admit(tailed::events, unclaimed));
  auto odd = requested_at(3, 0);
  odd.headers[1].second = "x";
  CHECK_FALSE(tails.admit(tailed::events, odd));
}

TEST_CASE("a tail has reached what it has read, void or not", "[actors][tails]") {
  auto tails = started();
  CHECK(tails.has_reached(tailed::events, {0}, {0}));
  CHECK_FALSE(tails.has_reached(tailed::events, {0}, {1}));
  CHECK_FALSE(tails.admit(tailed::events, tests::claim_record(4)));
  CHECK(tails.has_reached(tailed::events, {0}, {5}));
  CHECK_FALSE(tails.has_reached(tailed::events, {0}, {6}));
  CHECK_FALSE(tails.has_reached(tailed::commands, {0}, {5}));
  tails.reached(tailed::events, {0}, {9});
  CHECK(tails.has_reached(tailed::events, {0}, {9}));
  tails.reached(tailed::events, {0}, {2});
  CHECK(tails.has_reached(tailed::events, {0}, {9}));
}

TEST_CASE("a partition nobody tails has reached nothing", "[actors][tails]") {
  log_tails tails;
  CHECK_FALSE(tails.has_reached(tailed::events, {0}, {0}));
  CHECK_FALSE(started().has_reached(tailed::events, {7}, {0}));
}

TEST_CASE("the tails have caught up when each of both topics has been at its end", "[actors][tails]") {
  log_tails tails;
  for (partition_id p; p.value < 2; p = p.next())
    for (auto topic : {tailed::events, tailed::commands})
      tails.start(topic, p, {}, std::nullopt, nullptr);
  tails.reached(tailed::events, {0}, {0});
  tails.reached(tailed::events, {0}, {5});
  tails.reached(tailed::events, {1}, {0});
  tails.reached(tailed::commands, {0}, {0});
  CHECK_FALSE(tails.caught_up(2));
  tails.reached(tailed::commands, {1}, {0});
  CHECK(tails.caught_up(2));
}
