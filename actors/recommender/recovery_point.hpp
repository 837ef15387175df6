#pragma once

#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>

namespace sonicmatch::actors {

/// What an owner commits along with its offset, so that the next owner knows
/// where in the events topic to begin: every open session, and every command at
/// or above the committed offset, has its events at or after `events_low`.
struct recovery_point {
  events::log_offset events_low;
  std::optional<events::log_offset> claim; ///< the newest claim before events_low

  bool operator==(const recovery_point&) const = default;

  static constexpr std::string_view record_name = "recovery_point";
  static constexpr auto declaration() {
    using events::record::field;
    return events::record::fields(field("events_low", &recovery_point::events_low).range(0, 9e15),
                                  field("claim", &recovery_point::claim).range(0, 9e15));
  }
};

/// Reads what was committed; text that is none (another program's, an older
/// version's) means the beginning of the log, which is always right.
[[nodiscard]] recovery_point parse_recovery_point(std::string_view metadata);

} // namespace sonicmatch::actors
