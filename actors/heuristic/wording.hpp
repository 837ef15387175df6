#pragma once

#include "actors/heuristic/traits.hpp"
#include "actors/heuristic/wishes.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The texts of one pick. They say only what the catalog holds and what the
/// person wrote; a null specification is not mentioned, soundstage and detail are
/// never called measured, and there is no markup.
namespace sonicmatch::actors::heuristic {

/// All that a text may speak of.
struct occasion {
  const events::session::preferences& wanted;
  const wishes& wish;
  const traits& pick;
  const events::session::scores& scores;
  std::size_t rank;             ///< from 1
  std::size_t picks;            ///< how many there are
  std::uint64_t seed;           ///< from the wishes; the same for all picks of one answer
  const traits* best = nullptr; ///< the first pick; null for itself
  std::chrono::year now;
};

/// Two to four sentences.
[[nodiscard]] std::string explanation(const occasion& about);
/// Three to five reasons for it, those that answer a wish first.
[[nodiscard]] std::vector<std::string> personalized_pros(const occasion& about);
/// One to four honest reservations, those that touch a wish first.
[[nodiscard]] std::vector<std::string> personalized_cons(const occasion& about);
/// Three to five short facts.
[[nodiscard]] std::vector<std::string> match_highlights(const occasion& about);

/// A number that is the same for the same wishes and differs for others.
[[nodiscard]] std::uint64_t seed_of(const events::session::preferences& wanted);

} // namespace sonicmatch::actors::heuristic
