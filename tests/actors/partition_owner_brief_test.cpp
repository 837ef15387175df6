#include "tests/actors/asking_owner_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::parse_recovery_point;
using events::log_offset;
using tests::asking_owner_fixture;
using tests::command_record;
using tests::event_record;
using tests::owner_fixture;

namespace {

using types = std::vector<std::string>;

const auto first = tests::sample_id<events::session_id>(1);
const auto second = tests::sample_id<events::session_id>(2);

actors::ports::log_record feedback_command(std::int64_t offset, std::uint8_t n = 7) {
  auto asked = tests::sample_record_feedback();
  asked.id = tests::sample_id<events::feedback_id>(n);
  return tests::any_command_record(first, asked.id.value, events::feedback::command{asked}, offset);
}

actors::ports::log_record erase_command(const events::session_id& id, std::int64_t offset) {
  return tests::any_command_record(id, id.value, events::session::command{events::session::erase_session{}},
                                   offset);
}

actors::ports::log_record explain_command(const events::session_id& id, std::int64_t offset) {
  auto asked = tests::sample_request_explanation();
  return tests::any_command_record(id, asked.id.value, events::explanation::command{asked}, offset);
}

log_offset committed_by(const owner_fixture& owner) {
  REQUIRE_FALSE(owner.consumer->commits.empty());
  return owner.consumer->commits.back().next;
}

} // namespace

// -- feedback -----------------------------------------------------------------------

TEST_CASE("feedback becomes the one event of its stream, and is committed when that is in the log",
          "[actors][owner][feedback]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  auto command = feedback_command(0);
  owner.give({command});
  REQUIRE(owner.appended(1) == types{"feedback_recorded"});
  const auto& call = owner.producer->calls[1];
  CHECK(call.record.key == to_string(first));
  CHECK(call.header("stream") == to_string(tests::sample_id<events::feedback_id>(7)));
  CHECK(call.header("claim") == "100");
  CHECK(call.header("sequence") == "1");
  auto decoded = events::decode_event(call.record.value);
  REQUIRE(decoded);
  CHECK(std::get<events::feedback::event>(decoded->body)
        == events::feedback::event{tests::sample_feedback_recorded()});
  auto asked = events::decode_command(*command.value);
  CHECK(decoded->head.causationid == asked->head.id);
  CHECK(decoded->head.time == asked->head.time);
  owner.advance(100ms);
  for (const auto& each : owner.consumer->commits)
    CHECK(each.next == log_offset{0});
  owner.deliver(1, 101);
  owner.advance(100ms);
  CHECK(committed_by(owner) == log_offset{1});
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("feedback takes no place among the open requests", "[actors][owner][feedback]") {
  owner_fixture owner{1};
  owner.assign();
  owner.own(100);
  owner.give({command_record(second, 0), feedback_command(1), feedback_command(2, 8)});
  CHECK(owner.appended(1) == types{"recommendation_requested", "feedback_recorded", "feedback_recorded"});
}

TEST_CASE("repeated feedback is done with and changes nothing", "[actors][owner][feedback]") {
  owner_fixture owner;
  owner.assign();
  SECTION("when it comes twice") {
    owner.own(100);
    owner.give({feedback_command(0), feedback_command(1)});
    CHECK(owner.appended(1) == types{"feedback_recorded"});
  }
  SECTION("when an earlier owner recorded it") {
    owner.own(
      100, {
             tests::explanation_record(first, {tests::sample_id<events::feedback_id>(7).value},
                                       events::feedback::event{tests::sample_feedback_recorded()}, 1, 90, 80),
           });
    owner.give({feedback_command(0)});
    CHECK(owner.appended(1).empty());
  }
}

TEST_CASE("feedback whose append failed is recorded after the next claim", "[actors][owner][feedback]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({feedback_command(0)});
  owner.fail(1);
  owner.advance(1s);
  REQUIRE(owner.appended(2) == types{"partition_claimed"});
  owner.own(110);
  CHECK(owner.appended(3) == types{"feedback_recorded"});
}

// -- erasures -----------------------------------------------------------------------

TEST_CASE("a session that nobody here remembers is erased by a fact", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({erase_command(first, 0)});
  REQUIRE(owner.appended(1) == types{"session_erased"});
  const auto& call = owner.producer->calls[1];
  CHECK(call.record.key == to_string(first));
  CHECK(call.header("claim") == "100");
  CHECK(call.header("sequence").empty());
  CHECK(call.header("stream").empty());
  owner.deliver(1, 101);
  owner.advance(100ms);
  CHECK(committed_by(owner) == log_offset{1});
  owner.give({erase_command(first, 1), command_record(first, 2), explain_command(first, 3)});
  CHECK(owner.appended(2).empty()); // a repeat, and what came too late
  owner.advance(100ms);
  CHECK(committed_by(owner) == log_offset{4});
}

TEST_CASE("an open session ends by being erased, and so do its explanations", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0), explain_command(first, 1), command_record(second, 2)});
  REQUIRE(owner.appended(1)
          == types{"recommendation_requested", "explanation_requested", "recommendation_requested"});
  owner.give({erase_command(first, 3)});
  CHECK(owner.open_limit->open() == 1);
  for (std::size_t n = 1; n <= 4; ++n)
    owner.deliver(n, 100 + static_cast<std::int64_t>(n));
  CHECK(owner.appended(4) == types{"session_erased", "recommendation_completed"});
  CHECK(owner.producer->calls[5].record.key == to_string(second));
  owner.deliver(5, 105);
  owner.advance(100ms);
  CHECK(owner.open_limit->open() == 0);
  CHECK(committed_by(owner) == log_offset{4});
}

TEST_CASE("a session whose end is on its way is erased after it", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  REQUIRE(owner.appended(2) == types{"recommendation_completed"});
  owner.give({erase_command(first, 1)});
  CHECK(owner.appended(3) == types{"session_erased"});
  owner.deliver(2, 102);
  owner.deliver(3, 103);
  owner.advance(100ms);
  CHECK(owner.open_limit->open() == 0);
  CHECK(committed_by(owner) == log_offset{2});
}

TEST_CASE("a session is erased even behind a command that cannot be read", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({tests::garbage_record(to_string(first), 0), feedback_command(1), erase_command(first, 2)});
  CHECK(owner.appended(1) == types{"dead_letter", "dead_letter", "session_erased"});
}

TEST_CASE("a session that was erased before is not taken up again", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  auto requested = event_record(first, tests::sample_requested(), 1, 85, 80);
  owner.own(100, {tests::claim_record(80), requested, tests::erasure_record(first, 90, 70)});
  CHECK(owner.appended(1).empty());
  CHECK(owner.open_limit->open() == 0);
  owner.give({command_record(first, 0)});
  CHECK(owner.appended(1).empty());
}

TEST_CASE("an erasure by the owner before, seen behind the claim, holds", "[actors][owner][erasure]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  REQUIRE(owner.appended(1) == types{"recommendation_requested", "language_model_call_started"});
  auto erased_at = owner.next_offset();
  owner.skip_offsets(1);
  owner.give({feedback_command(1)});
  owner.deliver_all();
  owner.reader->follows.back().out.on_batch(
    tests::batch_of({tests::erasure_record(first, erased_at, 90), owner.written(3, erased_at + 1)}));
  owner.bench.settle();
  CHECK(owner.open_limit->open() == 0);
  owner.reply(0, tests::picks_of({tests::pick_of("a"), tests::pick_of("b")}));
  CHECK(owner.appended(4) == types{"language_model_reply_recorded"}); // it was paid for
}

TEST_CASE("what a call for an erased session brings is recorded, and nothing more",
          "[actors][owner][erasure]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.give({erase_command(first, 1)});
  owner.deliver_all();
  CHECK(owner.appended(3) == types{"session_erased"});
  owner.reply(0, tests::picks_of({tests::pick_of("a"), tests::pick_of("b")}));
  owner.deliver_all();
  owner.advance(70s);
  CHECK(owner.appended(4) == types{"language_model_reply_recorded"});
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("a call whose beginning is on its way is not made for an erased session",
          "[actors][owner][erasure]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({command_record(first, 0)});
  owner.deliver_next();
  REQUIRE(owner.appended(2) == types{"language_model_call_started"});
  owner.give({erase_command(first, 1)});
  owner.deliver_all();
  owner.deliver_all();
  CHECK(owner.client->calls.empty());
  REQUIRE(owner.appended(3) == types{"session_erased", "language_model_call_failed"});
  auto failed =
    owner.event_at<events::language_model::language_model_call_failed, events::language_model::event>(4);
  CHECK(failed.code == "erased");
  CHECK_FALSE(failed.may_have_been_billed);
  owner.advance(100ms);
  CHECK(owner.open_limit->open() == 0);
  owner.ask(second, 2); // the place at the gateway is free again
  CHECK(owner.client->calls.size() == 1);
}

TEST_CASE("an erasure whose append failed is made after the next claim", "[actors][owner][erasure]") {
  owner_fixture owner;
  owner.assign();
  owner.own(100);
  owner.give({command_record(first, 0)});
  owner.deliver(1, 101);
  owner.give({erase_command(first, 1)});
  owner.fail(2);
  owner.advance(1s);
  REQUIRE(owner.appended(4) == types{"partition_claimed"});
  owner.own(110, {event_record(first, tests::sample_requested(), 1, 101, 100)});
  auto appended = owner.appended(5);
  REQUIRE_FALSE(appended.empty());
  CHECK(appended.back() == "session_erased");
  for (auto n = owner.producer->calls.size() - appended.size(); n < owner.producer->calls.size(); ++n)
    owner.deliver(n, 111 + static_cast<std::int64_t>(n) - 5);
  owner.advance(100ms);
  CHECK(owner.open_limit->open() == 0);
}
