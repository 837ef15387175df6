#pragma once

#include "actors/ports/log.hpp"

#include <string_view>

namespace sonicmatch::actors {

/// How many partitions sonicmatch.dead-letters has.
inline constexpr std::int32_t dead_letter_partition_count = 1;

/// The dead letter of a record that cannot be read: its bytes and key as they
/// are, and in headers where it came from (origin-topic, origin-partition,
/// origin-offset), who gave up on it (group), why (error), how often it was tried
/// (attempts), and an id made from its place, by which a repeat is known. The
/// origin's own headers follow, prefixed with "origin-header-".
[[nodiscard]] ports::new_record dead_letter_of(const ports::log_record& poison, std::string_view topic,
                                               const caf::error& reason, std::string_view group,
                                               unsigned attempts = 1);

} // namespace sonicmatch::actors
