#include "actors/ownership.hpp"
#include "events/error.hpp"
#include "tests/actors/asking_owner_fixture.hpp"
#include "tests/actors/edge_fixture.hpp"
#include "tests/actors/explaining_edge.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::may_see;
using events::errc;
using events::log_offset;
using events::stream_origin;
using tests::code_in;
using tests::edge_fixture;
using tests::tailed;
namespace ports = actors::ports;

namespace {

const auto owner = tests::sample_id<events::user_id>(0x51);
const auto stranger = tests::sample_id<events::user_id>(0x52);
const auto id = tests::sample_id<events::session_id>();
const stream_origin whole{owner, "hash"};

stream_origin origin_in(const ports::new_record& record) {
  auto decoded = record.topic == events::topics::commands
                   ? events::decode_command(record.value)->head.origin()
                   : events::decode_event(record.value)->head.origin();
  CHECK(actors::origin_of(tests::read_back(record, 0)) == decoded);
  return decoded;
}

ports::log_record completed(const stream_origin& origin, std::int64_t offset = 1) {
  return tests::with_origin(tests::event_record(id, tests::sample_completed(), 2, offset, 0), origin);
}

} // namespace

TEST_CASE("what belongs to somebody is seen by that person alone", "[actors][ownership]") {
  CHECK(may_see(std::nullopt, std::nullopt));
  CHECK(may_see(std::nullopt, owner));
  CHECK(may_see(owner, owner));
  CHECK_FALSE(may_see(owner, stranger));
  CHECK_FALSE(may_see(owner, std::nullopt));
}

TEST_CASE("an origin comes back out of a record's headers", "[actors][ownership]") {
  for (const auto& origin : {stream_origin{}, stream_origin{owner, {}}, stream_origin{{}, "h"}, whole}) {
    ports::log_record record;
    actors::write_origin(record.headers, origin);
    CHECK(actors::origin_of(record) == origin);
  }
}

// -- the edge --------------------------------------------------------------------

TEST_CASE("a command says whose session it opens", "[actors][ownership][edge]") {
  edge_fixture edge;
  edge.start();
  (void)edge.submit(true, owner);
  (void)edge.submit(true);
  CHECK(origin_in(edge.producer->calls.at(0).record) == stream_origin{owner, {}});
  CHECK(origin_in(edge.producer->calls.at(1).record) == stream_origin{});
}

TEST_CASE("an answer says whose it is, wherever it comes from", "[actors][ownership][edge]") {
  edge_fixture edge;
  edge.start();
  SECTION("from the delivery report") {
    auto got = edge.submit(false, owner);
    edge.deliver(0, 7);
    REQUIRE(got->size() == 1);
    CHECK(got->at(0)->origin.user == owner);
    CHECK(edge.cache->find(edge.session(), edge.clock->time)->origin.user == owner);
  }
  SECTION("from the tail") {
    edge.read(tailed::events, {completed(whole)});
    CHECK(edge.find(id)->at(0)->origin == whole);
  }
  SECTION("from another edge's command") {
    edge.sessions->away = true;
    edge.read(tailed::commands, {tests::with_origin(tests::command_record(id, 0), whole)});
    auto got = edge.find(id);
    edge.answer_ends(log_offset{0}, log_offset{1});
    REQUIRE(got->size() == 1);
    CHECK(got->at(0)->origin == whole);
  }
  SECTION("from the read model") {
    edge.sessions->stored[id] = {"{}", {2}, true, whole, edge.clock->time - 1h};
    auto got = edge.find(id);
    edge.answer_ends(log_offset{0}, log_offset{0});
    REQUIRE(got->size() == 1);
    CHECK(got->at(0)->origin == whole);
    CHECK(got->at(0)->created_at == edge.clock->time - 1h);
  }
}

TEST_CASE("of two commands for a session the first one says whose it is", "[actors][ownership][edge]") {
  edge_fixture edge;
  edge.start();
  edge.read(tailed::commands, {tests::with_origin(tests::command_record(id, 0), {owner, "first"}),
                               tests::with_origin(tests::command_record(id, 1), {owner, "second"})});
  CHECK(edge.cache->find_issued(id)->origin.request_hash == "first");
}

TEST_CASE("a pick is explained to the owner of its session alone", "[actors][ownership][edge]") {
  edge_fixture edge;
  edge.start();
  edge.read(tailed::events, {completed(whole)});
  for (const auto& asker : {std::optional<events::user_id>{}, std::optional{stranger}})
    CHECK(code_in(*edge.explain(id, true, "sennheiser-hd-560s", asker)) == errc::not_found);
  CHECK(edge.producer->calls.empty());

  auto got = edge.explain(id, true, "sennheiser-hd-560s", owner);
  CHECK(got->empty());
  REQUIRE(edge.producer->calls.size() == 1);
  CHECK(origin_in(edge.producer->calls[0].record) == stream_origin{owner, {}});
  // while it is being made
  CHECK(code_in(*edge.explain(id, true, "sennheiser-hd-560s", stranger)) == errc::not_found);
  edge.deliver(0, 3);
  auto command = events::decode_command(edge.producer->calls[0].record.value);
  auto explanation = *events::explanation_id::parse(command->head.subject);
  auto end = tests::sample_explanation_completed();
  end.id = explanation;
  end.degraded = false;
  edge.read(
    tailed::events,
    {tests::with_origin(tests::explanation_record(id, explanation, events::explanation::event{end}, 2, 4, 0),
                        {owner, {}})});
  REQUIRE(got->size() == 1);
  CHECK(got->at(0));
  // and once it is known
  CHECK(code_in(*edge.explain(id, true, "sennheiser-hd-560s", stranger)) == errc::not_found);
  CHECK(edge.explain(id, true, "sennheiser-hd-560s", owner)->size() == 1);
}

// -- the recommender ---------------------------------------------------------------

TEST_CASE("every event of a session has the origin of its command", "[actors][ownership][partition_owner]") {
  tests::asking_owner_fixture owns;
  owns.own_from_the_start();
  owns.give({tests::with_origin(tests::command_record(id, 0), whole)});
  owns.deliver_all();
  owns.deliver_all();
  owns.fail_call(0, errc::peer_unreachable);
  owns.deliver_all();
  REQUIRE(owns.producer->calls.size() >= 4);
  for (std::size_t n = 1; n < owns.producer->calls.size(); ++n)
    CHECK(origin_in(owns.producer->calls[n].record) == whole);
}

TEST_CASE("whoever takes a session over knows whose it is", "[actors][ownership][partition_owner]") {
  tests::owner_fixture owns;
  owns.assign();
  owns.own(100, {tests::with_origin(tests::event_record(id, tests::sample_requested(), 1, 50, 40), whole)});
  auto types = owns.appended(1);
  REQUIRE(types == std::vector<std::string>{"recommendation_completed"});
  CHECK(origin_in(owns.producer->calls[1].record) == whole);
}
