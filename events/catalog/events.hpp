#pragma once

#include "events/catalog/headphone.hpp"
#include "events/catalog/snapshot.hpp"

#include <map>
#include <variant>

/// What happens to the catalog. The topic is compacted by headphone_id: its
/// newest record is the headphone's state.
namespace sonicmatch::events::catalog {

struct headphone_listed {
  catalog::headphone headphone;

  bool operator==(const headphone_listed&) const = default;

  static constexpr std::string_view record_name = "headphone_listed";
  static constexpr std::string_view type_name = "sonicmatch.headphone_listed.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("headphone", &headphone_listed::headphone));
  }
};

struct headphone_revised {
  catalog::headphone headphone;

  bool operator==(const headphone_revised&) const = default;

  static constexpr std::string_view record_name = "headphone_revised";
  static constexpr std::string_view type_name = "sonicmatch.headphone_revised.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("headphone", &headphone_revised::headphone));
  }
};

struct headphone_retired {
  std::string slug;

  bool operator==(const headphone_retired&) const = default;

  static constexpr std::string_view record_name = "headphone_retired";
  static constexpr std::string_view type_name = "sonicmatch.headphone_retired.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("slug", &headphone_retired::slug).size(1, 80));
  }
};

using event = std::variant<headphone_listed, headphone_revised, headphone_retired>;

/// The catalog as its events add up: listed headphones by id.
using state = std::map<headphone_id, headphone>;

/// Applies one event.
void evolve(state& current, event happened);

/// What turns `current` into `wanted`: listings and revisions in the order of
/// `wanted`, then, if `retire_missing`, retirements in the order of ids. What is
/// unchanged leads to nothing.
[[nodiscard]] std::vector<event> decide(const state& current, const std::vector<headphone>& wanted,
                                        bool retire_missing);

/// The headphone an event is about.
[[nodiscard]] headphone_id subject_of(const event& happened);

} // namespace sonicmatch::events::catalog
