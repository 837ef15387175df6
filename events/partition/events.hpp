#pragma once

#include "events/record/declaration.hpp"

#include <string>
#include <variant>

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

/// The owner lets go in good order: nothing of it will follow but facts.
struct partition_handed_off {
  std::string owner;

  bool operator==(const partition_handed_off&) const = default;

  static constexpr std::string_view record_name = "partition_handed_off";
  static constexpr std::string_view type_name = "sonicmatch.partition_handed_off.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("owner", &partition_handed_off::owner));
  }
};

using event = std::variant<partition_claimed, partition_handed_off>;

} // namespace sonicmatch::events::partition
