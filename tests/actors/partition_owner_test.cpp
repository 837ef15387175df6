#include "tests/actors/owner_fixture.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::parse_recovery_point;
using actors::recovery_point;
using events::log_offset;
using tests::command_record;
using tests::owner_fixture;

namespace {

using types = std::vector<std::string>;

const auto first = tests::sample_id<events::session_id>(1);
const auto second = tests::sample_id<events::session_id>(2);
const auto third = tests::sample_id<events::session_id>(3);

recovery_point committed_by(const owner_fixture& owner) {
  REQUIRE_FALSE(owner.consumer->commits.empty());
  return parse_recovery_point(owner.consumer->commits.back().metadata);
}

} // namespace

// -- claiming and accepting -------------------------------------------------------

TEST_CASE("an owner claims before it reads history, and accepts nothing before it owns", "[actors][owner]") {
  owner_fixture owner;
  owner.assign({{0}, log_offset{40}, R"({"events_low":90,"claim":80})"});
  CHECK(owner.consumer->steps == types{"start 0 at 40"});
  CHECK(owner.appended() == types{"partition_claimed"});
  owner.give({command_record(first, 40)});
  CHECK(owner.reader->follows.empty());
  owner.deliver(0, 100);
  REQUIRE(owner.reader->follows.size() == 1);
  CHECK(owner.reader->follows[0].topic == "sonicmatch.events");
  CHECK(owner.reader->follows[0].from == log_offset{90});
  CHECK(owner.appended() == types{"partition_claimed"});
  owner.replay({tests::claim_record(100)});
  CHECK(owner.appended(1) == types{"recommendation_requested"});
  CHECK(*owner.reader->follows[0].dropped);
}

TEST_CASE("a command becomes its events, under the claim and with ids of its own", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  auto command = command_record(first, 0);
  owner.give({command});
  REQUIRE(owner.appended(1) == types{"recommendation_requested"}); // no end before the beginning is safe
  owner.deliver(1, 101);
  REQUIRE(owner.appended(1) == types{"recommendation_requested", "recommendation_completed"});
  auto asked = events::decode_command(*command.value);
  std::set<events::record_id> ids;
  for (std::uint32_t version : {1u, 2u}) {
    const auto& call = owner.producer->calls[version];
    CHECK(call.record.key == to_string(first));
    CHECK(call.record.partition == events::partition_id{0});
    CHECK(call.header("claim") == "100");
    CHECK(call.header("sequence") == std::to_string(version));
    auto decoded = events::decode_event(call.record.value);
    REQUIRE(decoded);
    CHECK(decoded->head.claim == "100");
    CHECK(decoded->head.sequence == version);
    CHECK(decoded->head.causationid == asked->head.id);
    CHECK(decoded->head.correlationid == asked->head.correlationid);
    CHECK(decoded->head.traceparent == asked->head.traceparent);
    CHECK(decoded->head.id.value
          == events::event_id_of(events::command_id{asked->head.id.value}, call.type()).value);
    ids.insert(decoded->head.id);
  }
  CHECK(ids.size() == 2);
}

TEST_CASE("a repeated command changes nothing and is done with", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(first, 1)});
  CHECK(owner.appended(1).size() == 1);
  owner.deliver(1, 101);
  owner.deliver(2, 102);
  owner.give({command_record(first, 2)});
  CHECK(owner.appended(1).size() == 2);
  owner.advance(50ms);
  CHECK(owner.consumer->commits.back().next == log_offset{3});
}

TEST_CASE("a command that is fetched again is ignored", "[actors][owner]") {
  owner_fixture owner;
  owner.assign({{0}, log_offset{5}, ""});
  owner.own(100);
  owner.give({command_record(first, 4), command_record(second, 5), command_record(third, 5)});
  CHECK(owner.appended(1).size() == 1);
  CHECK(owner.producer->calls[1].record.key == to_string(second));
}

// -- committing -------------------------------------------------------------------

TEST_CASE("a command is committed only when its request is in the log", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(second, 1)});
  owner.advance(50ms);
  for (const auto& each : owner.consumer->commits)
    CHECK(each.next == log_offset{0});
  owner.deliver(1, 101);
  owner.advance(50ms);
  CHECK(owner.consumer->commits.back().next == log_offset{1});
  owner.deliver(2, 102);
  owner.advance(50ms);
  CHECK(owner.consumer->commits.back().next == log_offset{2});
}

TEST_CASE("what is committed leads back to every open session's request", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(second, 1)});
  owner.deliver(1, 101);
  owner.deliver(2, 102);
  owner.deliver(3, 103);
  owner.advance(50ms);
  CHECK(committed_by(owner) == recovery_point{{102}, log_offset{100}});
  owner.deliver(4, 104);
  owner.advance(50ms);
  CHECK(committed_by(owner) == recovery_point{{105}, log_offset{100}});
}

TEST_CASE("nothing new is not committed again", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  owner.deliver(2, 102);
  owner.advance(50ms);
  auto count = owner.consumer->commits.size();
  for (int i = 0; i < 10; ++i)
    owner.advance(50ms);
  CHECK(owner.consumer->commits.size() == count);
}

// -- poison -----------------------------------------------------------------------

TEST_CASE("a command that cannot be read goes to the dead letters, once, and the rest goes on",
          "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({tests::garbage_record("someone", 0), command_record(first, 1)});
  CHECK(owner.appended(1) == types{"dead_letter", "recommendation_requested"});
  CHECK(owner.producer->calls[1].record.value == "garbage");
  CHECK(owner.producer->calls[1].header("origin-offset") == "0");
  owner.deliver(1, 0);
  owner.deliver(2, 101);
  owner.deliver(3, 102);
  owner.advance(50ms);
  CHECK(owner.consumer->commits.back().next == log_offset{2});
  CHECK(owner.appended(4).empty());
}

TEST_CASE("a command is not committed before its dead letter is in the log", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({tests::garbage_record("someone", 0)});
  owner.advance(50ms);
  for (const auto& each : owner.consumer->commits)
    CHECK(each.next == log_offset{0});
}

TEST_CASE("later commands of a parked session park behind it", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give(
    {tests::garbage_record(to_string(first), 0), command_record(first, 1), command_record(second, 2)});
  CHECK(owner.appended(1) == types{"dead_letter", "dead_letter", "recommendation_requested"});
  CHECK(owner.producer->calls[2].header("error").find("earlier command") != std::string::npos);
}

TEST_CASE("tombstones and keys that are no session are poison", "[actors][owner]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  auto tombstone = command_record(first, 0);
  tombstone.value.reset();
  auto keyed = command_record(second, 1);
  keyed.key = "not a session";
  owner.give({tombstone, keyed});
  CHECK(owner.appended(1) == types{"dead_letter", "dead_letter"});
}

// -- bounds and deadlines -----------------------------------------------------------

TEST_CASE("beyond the bound commands wait, and come in when sessions end", "[actors][owner]") {
  owner_fixture owner{1};
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), command_record(second, 1)});
  CHECK(owner.appended(1) == types{"recommendation_requested"});
  owner.deliver(1, 101);
  CHECK(owner.appended(2) == types{"recommendation_completed"});
  owner.deliver(2, 102);
  CHECK(owner.appended(3) == types{"recommendation_requested"});
  CHECK(owner.open_limit->open() == 1);
}

TEST_CASE("without a catalog a session waits for it", "[actors][owner]") {
  owner_fixture owner{100, false};
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  CHECK(owner.appended(1) == types{"recommendation_requested"});
  owner.deliver(1, 101);
  owner.advance(50ms);
  CHECK(owner.appended(2).empty());
  owner.publish_catalog();
  owner.advance(50ms);
  CHECK(owner.appended(2) == types{"recommendation_completed"});
}

TEST_CASE("a session past its deadline fails", "[actors][owner]") {
  owner_fixture owner{100, false};
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  owner.advance(61s);
  REQUIRE(owner.appended(2) == types{"recommendation_failed"});
  auto decoded = events::decode_event(owner.producer->calls[2].record.value);
  REQUIRE(decoded);
  auto failed =
    std::get<events::session::recommendation_failed>(std::get<events::session::event>(decoded->body));
  CHECK(failed.code == "deadline_exceeded");
  owner.advance(1s);
  CHECK(owner.appended(3).empty());
}
