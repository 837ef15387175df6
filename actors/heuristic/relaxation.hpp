#pragma once

#include "actors/heuristic/constraints.hpp"
#include "events/catalog/headphone.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <vector>

/// What to change when nothing meets the constraints.
namespace sonicmatch::actors::heuristic {

/// The smallest changes that give matches, for preferences that nothing meets.
///
/// One change each, where one is enough: one relaxation per constraint that can
/// give matches alone, in the order of `constraint`. `suggested` is the nearest
/// value that does: budget_max the cheapest price that fits the rest, budget_min
/// the highest, types with those that have matches added, back `semi_open` for
/// `open` where that helps, and null (drop it) for the others.
///
/// Where no single change is enough: the relaxations of one smallest set of
/// constraints that must be changed together (of several such sets the one with
/// the most headphones, then the first in order); each detail names the others.
///
/// Empty only when the catalog is empty or something does meet the constraints.
[[nodiscard]] std::vector<events::session::relaxation>
relaxations_for(const std::vector<events::catalog::headphone>& all,
                const events::session::preferences& wanted);

} // namespace sonicmatch::actors::heuristic
