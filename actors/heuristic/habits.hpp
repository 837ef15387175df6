#pragma once

#include "actors/heuristic/vocabulary.hpp"
#include "actors/heuristic/wishes.hpp"

/// What people usually want where they did not say it.
namespace sonicmatch::actors::heuristic {

/// What a use case asks of form and features, beyond being served well (traits.cpp).
[[nodiscard]] const quality_wishes& asked_by(events::catalog::use_case which) noexcept;

/// A balance, as signature scores. Mids and treble are wished on target by all.
struct habitual_sound {
  double bass;
  double soundstage; ///< at least
  double detail;     ///< at least
};

/// The mean over the use cases that were said and the genres that were named,
/// genres counting 1.2 times as much, plus what the genre words add in bass.
[[nodiscard]] habitual_sound habit_of(const wishes& understood) noexcept;

} // namespace sonicmatch::actors::heuristic
