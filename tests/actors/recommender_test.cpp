#include "actors/recommender/recommender.hpp"
#include "tests/actors/owner_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using events::log_offset;
using tests::command_record;

namespace {

using steps = std::vector<std::string>;

struct recommender_fixture : tests::owner_fixture {
  recommender_fixture() {
    member = bench.spawn(actors::recommender_actor, parts);
    bench.settle();
  }

  void join() {
    bench.tell(member, actors::group_joined{consumer});
  }
  void give_partitions(std::vector<std::int32_t> numbers) {
    actors::partitions_assigned given;
    for (auto each : numbers)
      given.partitions.push_back({{each}, std::nullopt, ""});
    bench.tell(member, given);
  }
  void revoke(std::int32_t partition, bool lost = false) {
    bench.tell(member, actors::partitions_revoked{{{partition}}, lost});
  }

  actors::recommender member;
};

} // namespace

TEST_CASE("each partition that is given gets an owner", "[actors][recommender]") {
  recommender_fixture group;
  CHECK_FALSE(group.health->ready());
  group.join();
  group.give_partitions({0, 3});
  CHECK(group.consumer->steps == steps{"start 0 at 0", "start 3 at 0"});
  REQUIRE(group.producer->calls.size() == 2);
  CHECK(group.producer->calls[1].record.partition == events::partition_id{3});
}

TEST_CASE("a recommender is ready when it owns all that it was given", "[actors][recommender]") {
  recommender_fixture group;
  group.join();
  CHECK_FALSE(group.health->ready());
  group.give_partitions({});
  CHECK(group.health->ready()); // there may be more members than partitions
  group.give_partitions({0, 1});
  CHECK_FALSE(group.health->ready());
  group.deliver(0, 100);
  group.replay({tests::claim_record(100)});
  CHECK_FALSE(group.health->ready());
  group.deliver(1, 200);
  auto claim = tests::claim_record(200);
  claim.partition = {1};
  group.replay({claim});
  CHECK(group.health->ready());
  group.revoke(0);
  group.revoke(1, true);
  CHECK(group.health->ready());
  group.give_partitions({0});
  CHECK_FALSE(group.health->ready());
}

TEST_CASE("partitions that are given before the group is known wait for it", "[actors][recommender]") {
  recommender_fixture group;
  group.give_partitions({0});
  CHECK(group.consumer->steps.empty());
  group.join();
  CHECK(group.consumer->steps == steps{"start 0 at 0"});
}

TEST_CASE("partitions that are taken before the group is known are let go", "[actors][recommender]") {
  recommender_fixture group;
  group.give_partitions({0, 1});
  group.revoke(0);
  group.join();
  CHECK(std::count(group.consumer->steps.begin(), group.consumer->steps.end(), "release 0") == 1);
  CHECK(std::count(group.consumer->steps.begin(), group.consumer->steps.end(), "start 0 at 0") == 0);
  CHECK(std::count(group.consumer->steps.begin(), group.consumer->steps.end(), "start 1 at 0") == 1);
}

TEST_CASE("commands reach the owners of their partitions", "[actors][recommender]") {
  recommender_fixture group;
  group.join();
  group.give_partitions({0, 1});
  group.deliver(0, 100);
  group.replay({tests::claim_record(100)});
  group.deliver(1, 200);
  auto claim = tests::claim_record(200);
  claim.partition = {1};
  group.replay({claim});
  auto first = tests::sample_id<events::session_id>(1);
  auto second = tests::sample_id<events::session_id>(2);
  group.bench.tell(group.member, actors::command_batch{tests::batch_of(
                                   {command_record(first, 0, {1}), command_record(second, 0, {0}),
                                    command_record(tests::sample_id<events::session_id>(3), 0, {9})})});
  REQUIRE(group.producer->calls.size() == 4);
  for (std::size_t i = 2; i < 4; ++i) {
    const auto& record = group.producer->calls[i].record;
    CHECK(record.key == to_string(record.partition.value == 1 ? first : second));
  }
}

TEST_CASE("a revoked partition is handed off, and one without owner let go at once",
          "[actors][recommender]") {
  recommender_fixture group;
  group.join();
  group.give_partitions({0});
  group.deliver(0, 100);
  group.revoke(0);
  CHECK(group.consumer->steps == steps{"start 0 at 0", "release 0"});
  group.revoke(7);
  CHECK(group.consumer->steps.back() == "release 7");
}

TEST_CASE("losing a partition ends its owner and nothing else", "[actors][recommender]") {
  recommender_fixture group;
  group.join();
  group.give_partitions({0, 1});
  group.revoke(0, true);
  CHECK_FALSE(tests::has_ended(group.member));
  CHECK(group.consumer->steps == steps{"start 0 at 0", "start 1 at 0"});
  group.give_partitions({0});
  CHECK(group.consumer->steps.back() == "start 0 at 0");
  CHECK(group.producer->calls.size() == 3);
}

TEST_CASE("a partition that is given twice has one owner", "[actors][recommender]") {
  recommender_fixture group;
  group.join();
  group.give_partitions({0});
  group.deliver(0, 100);
  group.replay({tests::claim_record(100)});
  group.give_partitions({0});
  group.deliver(1, 110);
  group.replay({tests::claim_record(110)});
  group.bench.tell(group.member, actors::command_batch{tests::batch_of(
                                   {command_record(tests::sample_id<events::session_id>(1), 0)})});
  REQUIRE(group.producer->calls.size() == 3);
  group.deliver(2, 111);
  group.deliver(3, 112);
  group.advance(std::chrono::milliseconds{200});
  for (const auto& each : group.consumer->commits) {
    CAPTURE(each.metadata);
    CHECK(actors::parse_recovery_point(each.metadata).claim == log_offset{110});
  }
}
