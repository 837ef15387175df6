#pragma once

#include "events/language_model/events.hpp"
#include "events/record/declaration.hpp"

#include <string>
#include <utility>
#include <variant>
#include <vector>

/// What happens to the ownership of a partition. These events have no session;
/// their subject is "partition/N".
namespace sonicmatch::events::partition {

/// A recommender owns the partition from here on. The event's offset is the
/// owner's fencing token: decisions that carry an older one are void after it.
struct partition_claimed {
  std::string owner;

  bool operator==(const partition_claimed&) const = default;

  static constexpr std::string_view record_name = "partition_claimed";
  static constexpr std::string_view type_name = "sonicmatch.partition_claimed.v1";
  static constexpr auto declaration() {
    return record::fields(
      record::field("owner", &partition_claimed::owner).doc("the process, for people to find it"));
  }
};

/// The owner lets go in good order: nothing of it will follow but the outcomes of the
/// calls that it is finishing.
struct partition_handed_off {
  std::string owner;
  std::vector<call_id> calls;

  bool operator==(const partition_handed_off&) const = default;

  static constexpr std::string_view record_name = "partition_handed_off";
  static constexpr std::string_view type_name = "sonicmatch.partition_handed_off.v2";
  static constexpr auto declaration() {
    return record::fields(
      record::field("owner", &partition_handed_off::owner),
      record::field("calls", &partition_handed_off::calls).doc("calls of the language model under way"));
  }
};

/// Before language models. It is written no more, and read forever.
struct partition_handed_off_v1 {
  std::string owner;

  static constexpr std::string_view record_name = "partition_handed_off_v1";
  static constexpr std::string_view type_name = "sonicmatch.partition_handed_off.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("owner", &partition_handed_off_v1::owner));
  }
};

using event = std::variant<partition_claimed, partition_handed_off>;

/// The event as it would be written today.
[[nodiscard]] inline event upcast(partition_handed_off_v1 published) {
  return partition_handed_off{std::move(published.owner), {}};
}

} // namespace sonicmatch::events::partition
