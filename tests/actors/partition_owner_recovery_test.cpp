#include "tests/actors/owner_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::parse_recovery_point;
using actors::recovery_point;
using events::log_offset;
using tests::command_record;
using tests::event_record;
using tests::owner_fixture;

namespace {

using types = std::vector<std::string>;

const auto first = tests::sample_id<events::session_id>(1);
const auto second = tests::sample_id<events::session_id>(2);

} // namespace

TEST_CASE("a session found open in the log is ended without being requested again", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100, {tests::claim_record(0), event_record(first, tests::sample_requested(), 1, 1, 0)});
  CHECK(owner.appended(1) == types{"recommendation_completed"});
  CHECK(owner.producer->calls[1].header("sequence") == "2");
  CHECK(owner.open_limit->open() == 1);
  owner.give({command_record(first, 0)});
  CHECK(owner.appended(2).empty());
  owner.deliver(1, 101);
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("a session whose request is void is requested again", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100, {tests::claim_record(0), tests::claim_record(1),
                  event_record(first, tests::sample_requested(), 1, 2, 0)});
  owner.give({command_record(first, 0)});
  CHECK(owner.appended(1) == types{"recommendation_requested"});
  owner.deliver(1, 101);
  CHECK(owner.appended(2) == types{"recommendation_completed"});
}

TEST_CASE("history after the own claim is not folded", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.deliver(0, 100);
  owner.replay({tests::claim_record(100), event_record(first, tests::sample_requested(), 1, 101, 100)});
  CHECK(owner.appended(1).empty());
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("a failed claim is followed by another, after a while", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.fail(0);
  CHECK(owner.appended() == types{"partition_claimed"});
  owner.advance(500ms);
  CHECK(owner.appended() == types{"partition_claimed", "partition_claimed"});
  CHECK(owner.producer->calls[0].record.value != owner.producer->calls[1].record.value);
  owner.own(101);
  owner.give({command_record(first, 0)});
  CHECK(owner.producer->calls[2].header("claim") == "101");
}

TEST_CASE("a failed append leads to a new claim, and what is not in the log is done again",
          "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(second, 1)});
  REQUIRE(owner.appended(1).size() == 2);
  owner.fail(1);
  owner.deliver(2, 102); // of the claim before: it counts no more
  CHECK(owner.open_limit->open() == 0);
  owner.advance(500ms);
  REQUIRE(owner.appended(3) == types{"partition_claimed"});
  // The log turns out to hold the second session's request and not the first's.
  owner.own(104, {tests::claim_record(100), event_record(second, tests::sample_requested(), 1, 102, 100)});
  auto again = owner.appended(4);
  CHECK(std::count(again.begin(), again.end(), "recommendation_requested") == 1);
  CHECK(std::count(again.begin(), again.end(), "recommendation_completed") == 1);
  for (std::size_t i = 4; i < owner.producer->calls.size(); ++i)
    CHECK(owner.producer->calls[i].header("claim") == "104");
  CHECK(owner.open_limit->open() == 2);
}

TEST_CASE("a foreign record before its own is read before anything is believed", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 102); // something stands at 101 that is not the owner's: perhaps a claim
  owner.advance(50ms);
  for (const auto& each : owner.consumer->commits)
    CHECK(each.next == log_offset{0});
  CHECK(owner.appended(2).empty());
  auto own = tests::read_back(owner.producer->calls[1].record, 102);
  REQUIRE(owner.reader->follows.back().from == log_offset{101});

  SECTION("and when it is a claim, the owner claims again") {
    owner.reader->follows.back().out.on_batch(tests::batch_of({tests::claim_record(101), own}));
    owner.bench.settle();
    owner.advance(500ms);
    CHECK(owner.appended(2) == types{"partition_claimed"});
  }
  SECTION("and when it is garbage, the owner goes on") {
    owner.reader->follows.back().out.on_batch(tests::batch_of({tests::garbage_record("x", 101), own}));
    owner.bench.settle();
    CHECK(owner.appended(2) == types{"recommendation_completed"});
    owner.advance(50ms);
    CHECK(owner.consumer->commits.back().next == log_offset{1});
  }
}

TEST_CASE("a rebuild after a failure begins where the last commit says", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  owner.deliver(2, 102);
  owner.advance(50ms);
  owner.give({command_record(second, 1)});
  owner.fail(3);
  owner.advance(500ms);
  owner.deliver(owner.producer->calls.size() - 1, 110);
  CHECK(owner.reader->follows.back().from == log_offset{103});
}

TEST_CASE("a recovery point does not pass what earlier owners may have accepted", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.deliver(0, 100);
  owner.reader->ends.at(0).answer(log_offset{2}); // two commands are there that nobody has committed
  owner.reader->ends.clear();
  owner.replay({tests::claim_record(0), event_record(first, tests::sample_requested(), 1, 1, 0),
                tests::claim_record(100)});
  owner.deliver(1, 101); // the session that was open has ended
  owner.advance(50ms);
  for (const auto& each : owner.consumer->commits)
    CHECK(parse_recovery_point(each.metadata).events_low == log_offset{0});
  owner.give({command_record(first, 0), command_record(second, 1)});
  owner.deliver(2, 102);
  owner.deliver(3, 103);
  owner.advance(50ms);
  CHECK(parse_recovery_point(owner.consumer->commits.back().metadata).events_low == log_offset{104});
}

TEST_CASE("a hand-off waits for what is under way, says so, commits, and lets go", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.hand_off();
  CHECK(owner.appended(2).empty());
  owner.deliver(1, 101);
  REQUIRE(owner.appended(2) == types{"partition_handed_off"}); // the next owner ends the session
  CHECK_FALSE(owner.consumer->released());
  owner.deliver(2, 102);
  CHECK(owner.consumer->steps == types{"start 0 at 0", "commit 1", "release 0"});
  CHECK(parse_recovery_point(owner.consumer->commits.back().metadata)
        == recovery_point{{101}, log_offset{100}});
  CHECK(tests::has_ended(owner.under_test));
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("an owner that hands off takes up nothing new", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.hand_off();
  owner.give({command_record(second, 1)});
  owner.deliver(1, 101);
  CHECK(owner.appended(2) == types{"partition_handed_off"});
}

TEST_CASE("a hand-off whose appends fail lets go without claiming again", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.hand_off();
  owner.fail(1);
  CHECK(owner.consumer->released());
  CHECK(owner.appended(2).empty());
  for (const auto& each : owner.consumer->commits)
    CHECK(each.next == log_offset{0});
  owner.advance(5s);
  CHECK(owner.appended(2).empty());
}

TEST_CASE("a partition is not let go while a claim to it is under way", "[actors][owner]") {
  // It would land after the next owner's, and void everything the next owner decides.
  owner_fixture owner;
  owner.assign();
  owner.hand_off();
  CHECK_FALSE(owner.consumer->released());
  owner.deliver(0, 100);
  CHECK(owner.consumer->steps == types{"start 0 at 0", "release 0"});
  CHECK(owner.appended() == types{"partition_claimed"});
  CHECK(owner.reader->follows.empty());
}

TEST_CASE("an owner that never owned commits nothing when it lets go", "[actors][owner]") {
  owner_fixture owner;
  owner.assign({{0}, log_offset{40}, R"({"events_low":90})"});
  owner.deliver(0, 100);
  owner.hand_off();
  CHECK(owner.consumer->steps == types{"start 0 at 40", "release 0"});
}

TEST_CASE("a hand-off amid a new claim does not forget the open sessions", "[actors][owner]") {
  owner_fixture owner{100, false}; // without a catalog sessions stay open
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  owner.advance(50ms);
  REQUIRE(parse_recovery_point(owner.consumer->commits.back().metadata).events_low == log_offset{101});
  owner.give({command_record(second, 1)});
  owner.fail(2);
  owner.hand_off();
  REQUIRE(owner.consumer->released());
  CHECK(parse_recovery_point(owner.consumer->commits.back().metadata).events_low <= log_offset{101});
}

TEST_CASE("an owner that is ended at once gives its places back", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(second, 1)});
  CHECK(owner.open_limit->open() == 2);
  caf::anon_send_exit(owner.under_test, caf::exit_reason::user_shutdown);
  owner.bench.settle();
  CHECK(owner.open_limit->open() == 0);
  CHECK_FALSE(owner.consumer->released());
}
