#pragma once

#include "tests/contract/group_contract.hpp"
#include "tests/contract/reading_contract.hpp"

/// What every implementation of actors/ports/log.hpp keeps, as tests. An adapter's
/// test lists them all at once:
///
///     TEST_CASE("the simulated log keeps the contract") {
///       for (auto [sentence, keep] : contract::of_the_log<simulated_log_fixture>)
///         DYNAMIC_SECTION(sentence) { simulated_log_fixture log; keep(log); }
///     }
///
/// A fixture is one log and its ports:
///
///     log_producer& producer();
///     log_reader& reader();
///     group_membership& membership();
///     std::string new_topic(std::int32_t partitions);  // empty, no other test's
///     std::string new_group();
///     void append_tombstone(topic, partition, key);    // durable when it returns
///     void remove_before(topic, partition, offset);    // as retention does
///     static constexpr std::size_t held_bytes_max;     // of one partition, in batches
namespace sonicmatch::tests::contract {

template <class Fixture>
using kept = std::pair<const char*, void (*)(Fixture&)>;

template <class Fixture>
inline const std::vector<kept<Fixture>> of_the_log{
  {"delivery says where a record is", delivery_says_where_a_record_is<Fixture>},
  {"records are read as written and in order", records_are_read_as_written_and_in_order<Fixture>},
  {"headers and odd bytes survive", headers_and_odd_bytes_survive<Fixture>},
  {"a tombstone has no value", a_tombstone_has_no_value<Fixture>},
  {"following begins in the middle", following_begins_in_the_middle<Fixture>},
  {"following from before retention begins at the earliest",
   following_from_before_retention_begins_at_the_earliest<Fixture>},
  {"the end is told each time it is reached", the_end_is_told_each_time_it_is_reached<Fixture>},
  {"a dropped subscription is silent", a_dropped_subscription_is_silent<Fixture>},
  {"a subscription may be dropped by its own callback",
   a_subscription_may_be_dropped_by_its_own_callback<Fixture>},
  {"a partition can be followed twice", a_partition_can_be_followed_twice<Fixture>},
  {"held batches stop the reading of their partition alone",
   held_batches_stop_the_reading_of_their_partition_alone<Fixture>},
  {"the end can be asked for", the_end_can_be_asked_for<Fixture>},
  {"a new member gets all partitions and nothing of them until it starts",
   a_new_member_gets_all_partitions_and_nothing_of_them_until_it_starts<Fixture>},
  {"a partition can be started again elsewhere", a_partition_can_be_started_again_elsewhere<Fixture>},
  {"a start before retention begins at the earliest",
   a_start_before_retention_begins_at_the_earliest<Fixture>},
  {"a commit and its metadata are there for the next member",
   a_commit_and_its_metadata_are_there_for_the_next_member<Fixture>},
  {"a commit is carried out while the member stays", a_commit_is_carried_out_while_the_member_stays<Fixture>},
  {"two members share the partitions", two_members_share_the_partitions<Fixture>},
  {"a partition goes to another member after its release",
   a_partition_goes_to_another_member_after_its_release<Fixture>},
  {"a member that releases nothing is waited for in vain only so long",
   a_member_that_releases_nothing_is_waited_for_in_vain_only_so_long<Fixture>},
  {"a member that just goes makes room", a_member_that_just_goes_makes_room<Fixture>},
  {"held batches stop a member and nothing is lost", held_batches_stop_a_member_and_nothing_is_lost<Fixture>},
};

} // namespace sonicmatch::tests::contract
