#pragma once

#include "events/codec.hpp"

#include <optional>

namespace sonicmatch::events {

/// Which decisions in one partition of the events topic count.
///
/// A recommender that owned the partition may still be writing when the next one
/// has claimed it. Every decision carries the offset of its writer's claim; one
/// that is older than the newest claim before it is void, for every reader. The
/// newest claim is part of a reader's position: keep it with the offset.
class claim_fence {
public:
  explicit claim_fence(std::optional<log_offset> newest_claim = std::nullopt) noexcept
    : newest_(newest_claim) {}

  /// A partition_claimed stands at this offset.
  void claimed(log_offset at) noexcept {
    if (!newest_ || at > *newest_)
      newest_ = at;
  }

  /// Whether a decision that carries this claim is effective here. A claim newer
  /// than any seen counts as seen: retention may have removed its record.
  [[nodiscard]] bool admits(std::optional<log_offset> claim) noexcept {
    if (!claim)
      return false;
    claimed(*claim);
    return *claim == *newest_;
  }

  [[nodiscard]] std::optional<log_offset> newest() const noexcept {
    return newest_;
  }

private:
  std::optional<log_offset> newest_;
};

} // namespace sonicmatch::events
