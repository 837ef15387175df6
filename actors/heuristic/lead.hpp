#pragma once

#include "actors/heuristic/phrases.hpp"
#include "actors/heuristic/wording.hpp"

#include <string>

namespace sonicmatch::actors::heuristic {

/// The first sentence of an explanation: what the pick is for, and for the second
/// and later picks how it differs from the best one. The rank takes part in the
/// choice of pattern, so that the picks of one answer do not open alike.
[[nodiscard]] std::string lead(const occasion& about, phrase_choice& choose);

} // namespace sonicmatch::actors::heuristic
