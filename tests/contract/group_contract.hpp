#pragma once

#include "tests/contract/reading_contract.hpp"

/// The part of the log's contract that is about consumer groups. See log_contract.hpp.
namespace sonicmatch::tests::contract {

using committed = caf::expected<std::vector<std::optional<log_offset>>>;

template <class Fixture>
committed find_committed(Fixture& log, const std::string& group, const std::string& topic,
                         std::int32_t partitions) {
  observed<std::optional<committed>> answer;
  log.reader().find_committed(group, topic, partitions, patience, [&](committed found) {
    answer.change([&](auto& one) { one = std::move(found); });
  });
  REQUIRE(answer.await([](const auto& one) { return one.has_value(); }, 2 * patience));
  return *answer.now();
}

template <class Fixture>
void a_new_member_gets_all_partitions_and_nothing_of_them_until_it_starts(Fixture& log) {
  auto topic = log.new_topic(3);
  append_numbers(log, topic, 0, 10);
  append_numbers(log, topic, 1, 10);
  member one;
  one.join(log.membership(), log.new_group(), topic);
  REQUIRE(one.await_assigned(3));
  for (const auto& [partition, given] : one.now().assigned) {
    REQUIRE_FALSE(given.committed);
    REQUIRE(given.metadata.empty());
  }
  REQUIRE_FALSE(one.await_records(1, std::chrono::milliseconds{300}));
  one.consumer().start({1}, {4});
  REQUIRE(one.await_records(6));
  REQUIRE(numbers_of(one.now().records) == numbers(4, 10));
}

template <class Fixture>
void a_partition_can_be_started_again_elsewhere(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 10);
  member one;
  one.join(log.membership(), log.new_group(), topic);
  REQUIRE(one.await_assigned(1));
  one.consumer().start({0}, {0});
  REQUIRE(one.await_records(10));
  one.consumer().start({0}, {7});
  REQUIRE(one.await_records(13));
  auto seen = numbers_of(one.now().records);
  REQUIRE(std::vector<int>(seen.begin() + 10, seen.end()) == numbers(7, 10));
  append_numbers(log, topic, 0, 1, 10);
  REQUIRE(one.await_records(14));
}

template <class Fixture>
void a_start_before_retention_begins_at_the_earliest(Fixture& log) {
  auto topic = log.new_topic(1);
  append_numbers(log, topic, 0, 10);
  log.remove_before(topic, 0, 6);
  member one;
  one.join(log.membership(), log.new_group(), topic);
  REQUIRE(one.await_assigned(1));
  one.consumer().start({0}, {2});
  REQUIRE(one.await_records(4));
  REQUIRE(numbers_of(one.now().records) == numbers(6, 10));
}

template <class Fixture>
void a_commit_and_its_metadata_are_there_for_the_next_member(Fixture& log) {
  auto topic = log.new_topic(2);
  auto group = log.new_group();
  append_numbers(log, topic, 0, 10);
  {
    member one;
    one.join(log.membership(), group, topic);
    REQUIRE(one.await_assigned(2));
    for (auto next = 1; next <= 8; ++next)
      one.consumer().commit({0}, {next}, "low=" + std::to_string(next));
    one.leave();
    REQUIRE(one.now().assigned.empty());
  }
  auto found = find_committed(log, group, topic, 2);
  REQUIRE(found);
  REQUIRE(*found == std::vector<std::optional<log_offset>>{log_offset{8}, std::nullopt});
  member next;
  next.start_at_once();
  next.join(log.membership(), group, topic);
  REQUIRE(next.await_assigned(2));
  auto given = next.now().assigned;
  REQUIRE(given[0].committed == log_offset{8});
  REQUIRE(given[0].metadata == "low=8");
  REQUIRE_FALSE(given[1].committed);
  REQUIRE(next.await_records(2));
}

template <class Fixture>
void a_commit_is_carried_out_while_the_member_stays(Fixture& log) {
  auto topic = log.new_topic(1);
  auto group = log.new_group();
  member one;
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(1));
  one.consumer().commit({0}, {5}, "");
  auto deadline = std::chrono::steady_clock::now() + patience;
  while (find_committed(log, group, topic, 1)->front() != log_offset{5})
    REQUIRE(std::chrono::steady_clock::now() < deadline);
}

template <class Fixture>
void two_members_share_the_partitions(Fixture& log) {
  auto topic = log.new_topic(4);
  auto group = log.new_group();
  member one;
  one.start_at_once();
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(4));
  member two;
  two.start_at_once();
  two.join(log.membership(), group, topic);
  REQUIRE(two.await_assigned(2));
  REQUIRE(one.await_assigned(2));
  auto first = one.now().assigned;
  for (const auto& [partition, given] : two.now().assigned)
    REQUIRE_FALSE(first.contains(partition));
  for (auto partition = 0; partition < 4; ++partition)
    append_numbers(log, topic, partition, 10);
  REQUIRE(one.await_records(20));
  REQUIRE(two.await_records(20));

  two.leave();
  REQUIRE(one.await_assigned(4));
}

template <class Fixture>
void a_partition_goes_to_another_member_after_its_release(Fixture& log) {
  auto topic = log.new_topic(2);
  auto group = log.new_group();
  append_numbers(log, topic, 0, 10);
  append_numbers(log, topic, 1, 10);
  member one;
  one.keep_revoked();
  one.start_at_once();
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(2));
  REQUIRE(one.await_records(20));
  member two;
  two.join(log.membership(), group, topic);
  REQUIRE(one.await([](const auto& s) { return s.revoked.size() == 2; }));
  append_numbers(log, topic, 0, 5, 10);
  REQUIRE_FALSE(two.await([](const auto& s) { return !s.assigned.empty(); }, std::chrono::milliseconds{500}));
  one.consumer().commit({1}, {9}, "handed over");
  one.consumer().release({0});
  one.consumer().release({1});
  REQUIRE(two.await_assigned(1));
  REQUIRE(one.await_assigned(1));
  auto given =
    two.now().assigned.begin()->second.partition == partition_id{1} ? two.now().assigned : one.now().assigned;
  REQUIRE(given.at(1).committed == log_offset{9});
  REQUIRE(given.at(1).metadata == "handed over");
  one.consumer().release({0});
  one.consumer().release({1});
}

template <class Fixture>
void a_member_that_releases_nothing_is_waited_for_in_vain_only_so_long(Fixture& log) {
  auto topic = log.new_topic(1);
  auto group = log.new_group();
  member one;
  one.keep_revoked();
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(1));
  one.leave();
  member two;
  two.join(log.membership(), group, topic);
  REQUIRE(two.await_assigned(1));
}

template <class Fixture>
void a_member_that_just_goes_makes_room(Fixture& log) {
  auto topic = log.new_topic(2);
  auto group = log.new_group();
  member one;
  one.join(log.membership(), group, topic);
  REQUIRE(one.await_assigned(2));
  one.end();
  REQUIRE(one.now().assigned.size() == 2); // it was not told
  member two;
  two.join(log.membership(), group, topic);
  REQUIRE(two.await_assigned(2));
}

template <class Fixture>
void held_batches_stop_a_member_and_nothing_is_lost(Fixture& log) {
  auto topic = log.new_topic(2);
  constexpr std::size_t size = 1'000;
  constexpr auto count = 3 * Fixture::held_bytes_max / size;
  append_numbers(log, topic, 0, count, 0, size);
  member one;
  one.hold();
  one.start_at_once();
  one.join(log.membership(), log.new_group(), topic);
  REQUIRE(one.await_records(1));
  REQUIRE_FALSE(one.await_records(count, std::chrono::milliseconds{500}));
  append_numbers(log, topic, 1, 1); // the other partition goes on
  REQUIRE(one.await([](const auto& s) {
    return std::any_of(s.records.begin(), s.records.end(),
                       [](const auto& record) { return record.partition == partition_id{1}; });
  }));
  one.let_go();
  REQUIRE(one.await_records(count + 1));
  auto records = one.now().records;
  std::erase_if(records, [](const auto& record) { return record.partition == partition_id{1}; });
  REQUIRE(numbers_of(records) == numbers(0, static_cast<int>(count)));
}

} // namespace sonicmatch::tests::contract
