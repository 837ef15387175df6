// What calls brought is kept, whatever becomes of their owner: it was paid for.

#include "tests/actors/asking_owner_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
namespace ports = actors::ports;
using tests::asking_owner_fixture;
using tests::pick_of;
using tests::picks_of;
using types = std::vector<std::string>;

namespace {

const auto first = tests::sample_id<events::session_id>(1);
const auto both_picks = picks_of({pick_of("a", "0.9"), pick_of("b", "0.8")});

/// An owner before, with the claim at 10, whose call is under way.
void begin_a_call(asking_owner_fixture& before) {
  before.assign();
  before.own(10);
  before.give({tests::command_record(first, 0)});
  before.deliver(1, 11);
  before.deliver(2, 12);
}

/// What an owner before has left in the log: a request, and a call that was started
/// under the claim at 10.
std::vector<ports::log_record> a_call_begun() {
  asking_owner_fixture before;
  begin_a_call(before);
  return {tests::claim_record(10), before.written(1, 11), before.written(2, 12)};
}

/// The reply to that call, as the owner before records it.
ports::log_record its_reply(std::int64_t offset) {
  asking_owner_fixture before;
  begin_a_call(before);
  before.reply(0, both_picks);
  return before.written(3, offset);
}

/// It hands off while the call is under way.
ports::log_record its_hand_off(std::int64_t offset) {
  asking_owner_fixture before;
  begin_a_call(before);
  before.hand_off();
  return before.written(3, offset);
}

std::vector<ports::log_record> with(std::vector<ports::log_record> records, ports::log_record more) {
  records.push_back(std::move(more));
  return records;
}

} // namespace

TEST_CASE("a reply that is in the log finishes its session for free", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start(with(a_call_begun(), its_reply(13)));
  REQUIRE(owner.appended(1) == types{"recommendation_completed"});
  auto completed = owner.completed_at(1);
  CHECK(completed.engine == "anthropic/claude-opus-4-5");
  CHECK(completed.calls.attempts == 1);
  CHECK(completed.calls.cost_micro_usd == tests::message_cost_micro_usd);
  CHECK(owner.client->calls.empty());
}

TEST_CASE("a call that was lost with its process is made again, as the second", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start(a_call_begun());
  REQUIRE(owner.appended(1) == types{"language_model_call_started"});
  CHECK(owner.producer->calls[1].header("sequence") == "3");
  owner.deliver_all();
  CHECK(owner.client->calls.size() == 1);
}

TEST_CASE("a call that its owner is finishing is waited for, and its reply is taken",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start(with(a_call_begun(), its_hand_off(13)));
  owner.advance(2s);
  CHECK(owner.appended(1).empty());
  CHECK_FALSE(*owner.reader->follows.back().dropped);
  owner.reader->follows.back().out.on_batch(tests::batch_of({its_reply(101)}));
  owner.bench.settle();
  REQUIRE(owner.appended(1) == types{"recommendation_completed"});
  CHECK(*owner.reader->follows.back().dropped);
  CHECK(owner.client->calls.empty());
}

TEST_CASE("a former owner that does not finish is waited for until its call's deadline",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start(with(a_call_begun(), its_hand_off(13)));
  owner.advance(30'900ms);
  CHECK(owner.appended(1).empty());
  owner.advance(200ms);
  CHECK(owner.appended(1) == types{"language_model_call_started"});
}

TEST_CASE("a former owner's reply between the owner's own records is no reason to claim again",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start(with(a_call_begun(), its_hand_off(13)));
  owner.give({tests::command_record(tests::sample_id<events::session_id>(2), 1)});
  owner.skip_offsets(1); // the reply lands at 101
  owner.deliver_next();  // and the request behind it
  REQUIRE(owner.reader->follows.back().from == log_offset{101});
  CHECK(owner.appended(2).empty()); // nothing is believed before the gap is explained
  auto own = owner.written(1, 102);
  owner.reader->follows.back().out.on_batch(tests::batch_of({its_reply(101), own}));
  owner.bench.settle();
  auto after = owner.appended(2);
  CHECK(std::count(after.begin(), after.end(), "partition_claimed") == 0);
  CHECK(std::count(after.begin(), after.end(), "recommendation_completed") == 1);
  CHECK(std::count(after.begin(), after.end(), "language_model_call_started") == 1); // of the new session
}

TEST_CASE("somebody else's claim in a gap is a reason to claim again", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({tests::command_record(first, 0)});
  owner.skip_offsets(1);
  owner.deliver_next();
  owner.reader->follows.back().out.on_batch(
    tests::batch_of({tests::claim_record(101), owner.written(1, 102)}));
  owner.bench.settle();
  owner.advance(500ms);
  CHECK(owner.appended(2) == types{"partition_claimed"});
  CHECK(owner.client->calls.empty());
}

TEST_CASE("an owner that hands off records what its call brings, and ends then", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.hand_off();
  REQUIRE(owner.appended(3) == types{"partition_handed_off"});
  CHECK(owner.producer->calls[3].header("claim") == "100");
  owner.deliver_all();
  CHECK(owner.consumer->released());
  CHECK_FALSE(tests::has_ended(owner.under_test));
  owner.reply(0, both_picks);
  REQUIRE(owner.appended(4)
          == types{"language_model_reply_recorded"}); // and no end: that is the next owner's
  owner.skip_offsets(3);
  owner.deliver_all();
  CHECK(tests::has_ended(owner.under_test));
}

TEST_CASE("a call whose beginning is on its way at a hand-off is made all the same",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({tests::command_record(first, 0)});
  owner.deliver_next();
  owner.hand_off();
  owner.deliver_all();
  CHECK(owner.client->calls.size() == 1);
  CHECK(owner.appended(3) == types{"partition_handed_off"});
}

TEST_CASE("an owner whose partition was taken away records what its call brings, and decides nothing",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.bench.tell(owner.under_test, actors::hand_off_partition{true});
  CHECK(owner.appended(3).empty());
  CHECK_FALSE(owner.consumer->released());
  CHECK(owner.open_limit->open() == 0);
  owner.reply(0, both_picks);
  CHECK(owner.appended(3) == types{"language_model_reply_recorded"});
  owner.skip_offsets(5);
  owner.deliver_all();
  CHECK(tests::has_ended(owner.under_test));
}

TEST_CASE("an owner that is finishing a call holds no place of the open sessions", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  CHECK(owner.open_limit->open() == 1);
  owner.hand_off();
  owner.deliver_all();
  CHECK_FALSE(tests::has_ended(owner.under_test));
  CHECK(owner.open_limit->open() == 0);
}

TEST_CASE("a hand-off while claiming again names the calls that go on", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first, 0);
  owner.give({tests::command_record(tests::sample_id<events::session_id>(2), 1)});
  owner.fail(3); // it claims again
  owner.hand_off();
  REQUIRE(owner.appended(4) == types{"partition_handed_off"});
  auto handed_off = owner.event_at<events::partition::partition_handed_off, events::partition::event>(4);
  CHECK(handed_off.calls.size() == 1);
}

TEST_CASE("a repair that was lost with its owner is asked for with what was wrong, and falls back on the "
          "reply before",
          "[actors][owner][facts]") {
  asking_owner_fixture before;
  begin_a_call(before);
  before.reply(0, picks_of({pick_of("b"), pick_of("no-such-thing")}));
  std::vector<ports::log_record> history{tests::claim_record(10), before.written(1, 11),
                                         before.written(2, 12), before.written(3, 13), before.written(4, 14)};
  asking_owner_fixture owner;
  owner.parts.model->policy.retries_max = 0;
  owner.own_from_the_start(history);
  owner.deliver_all();
  REQUIRE(owner.client->calls.size() == 1);
  CHECK(owner.client->calls[0].request.rest.find("Of the matches 1 can be used") != std::string::npos);
  owner.fail_call(0, errc::connection_lost);
  auto ends = owner.appended(1);
  REQUIRE(ends.back() == "recommendation_completed");
  auto completed = owner.completed_at(owner.producer->calls.size() - 1);
  CHECK(completed.engine == "anthropic/claude-opus-4-5"); // what was accepted of the paid reply is there
  CHECK(completed.degraded);
}

TEST_CASE("what waits for a place at a hand-off is left to the next owner", "[actors][owner][facts]") {
  actors::language_model::gateway_settings settings;
  settings.in_flight_max = 0;
  asking_owner_fixture owner{settings};
  owner.own_from_the_start();
  owner.ask(first);
  CHECK(owner.board->figures().queued == 1);
  owner.hand_off();
  owner.deliver_all();
  CHECK(tests::has_ended(owner.under_test));
  CHECK(owner.board->figures().queued == 0);
}

TEST_CASE("a reply that comes while the owner claims again is recorded when it owns",
          "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first, 0);
  auto requested = owner.written(1, 101);
  auto started = owner.written(2, 102);
  owner.give({tests::command_record(tests::sample_id<events::session_id>(2), 1)});
  owner.fail(3);
  owner.reply(0, both_picks);
  CHECK(owner.appended(4).empty());
  owner.advance(500ms);
  REQUIRE(owner.appended(4) == types{"partition_claimed"});
  owner.own(110, {tests::claim_record(100), requested, started});
  auto after = owner.appended(5);
  REQUIRE(after.size() >= 2);
  CHECK(after[0] == "language_model_reply_recorded");
  CHECK(std::count(after.begin(), after.end(), "recommendation_completed") == 1);
  CHECK(std::count(after.begin(), after.end(), "language_model_call_started") == 0);
}

TEST_CASE("a call under way goes on while the owner claims again", "[actors][owner][facts]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first, 0);
  auto requested = owner.written(1, 101);
  auto started = owner.written(2, 102);
  owner.give({tests::command_record(tests::sample_id<events::session_id>(2), 1)});
  owner.fail(3);
  owner.advance(500ms);
  owner.own(110, {tests::claim_record(100), requested, started});
  auto after = owner.appended(5);
  CHECK(std::count(after.begin(), after.end(), "language_model_call_started") == 0); // it is being made
  owner.reply(0, both_picks);
  after = owner.appended(5);
  CHECK(std::count(after.begin(), after.end(), "language_model_reply_recorded") == 1);
  CHECK(std::count(after.begin(), after.end(), "recommendation_completed") == 1);
}
