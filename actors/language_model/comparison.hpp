#pragma once

#include "events/explanation/comparison.hpp"
#include "events/session/match.hpp"

#include <string>
#include <vector>

namespace sonicmatch::actors::language_model {

/// How the explained pick differs from each of the others, in their order: in sound, in
/// price, in features, with the figures. What hardly differs is left out, but there is at
/// least one point for each other pick. Nothing when `explained` is not among `matches`.
/// Made of the catalog's figures as the matches carry them, never by a language model.
[[nodiscard]] std::vector<events::explanation::comparison_point>
compare(const std::vector<events::session::match>& matches, const events::headphone_id& explained);

/// The pick of that headphone; nullptr when there is none.
[[nodiscard]] const events::session::match* find_pick(const std::vector<events::session::match>& matches,
                                                      const events::headphone_id& wanted) noexcept;

/// Brand and model.
[[nodiscard]] std::string name_of(const events::catalog::headphone_view& headphone);

} // namespace sonicmatch::actors::language_model
