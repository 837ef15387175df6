#pragma once

#include "actors/heuristic/engine.hpp"
#include "actors/heuristic/traits.hpp"

/// Which of the good ones are shown together.
namespace sonicmatch::actors::heuristic {

/// 0 (nothing in common) to 1 (two of one line): 0.35 for the same maker, 0.65
/// for the same line, or else up to 0.25 for a like sound and 0.1 for the same
/// form, back and connection.
[[nodiscard]] double likeness(const traits& one, const traits& other) noexcept;

/// Up to `count` of `ranked` (best first) by maximal marginal relevance
/// (Carbonell and Goldstein, 1998): each next pick has the most
/// overall - 0.02 (its greatest likeness to a pick already made). The first is
/// always the best one, and the picks are returned in their order in `ranked`.
[[nodiscard]] std::vector<candidate> pick(const std::vector<candidate>& ranked,
                                          const std::vector<traits>& all, std::size_t count);

} // namespace sonicmatch::actors::heuristic
