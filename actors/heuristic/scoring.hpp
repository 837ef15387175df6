#pragma once

#include "actors/heuristic/traits.hpp"
#include "actors/heuristic/wishes.hpp"
#include "events/session/match.hpp"

#include <chrono>

/// The six scores. Formulas and reasons: README.md; each function's comment has
/// its own.
namespace sonicmatch::actors::heuristic {

/// What the money is compared with: the budget, or, where there is none, what
/// most people spend.
struct purse {
  double budget = 0; ///< dollars, above 0
  bool stated = false;
};
[[nodiscard]] purse purse_of(const events::session::preferences& wanted);

/// sum(w_g fit_g) / sum(w_g) over the wished genres; 0.5 when there is none.
[[nodiscard]] double genre_match(const traits& t, const wishes& w) noexcept;

/// sum(w_d c_d) / sum(w_d) over the five dimensions of sound, where
/// c_d = 1 / (1 + (miss_d / s)^2), miss_d is how far the score lies outside the
/// wished stretch and s is 0.28 for what was wished and 0.4 for what was not; 0.6
/// where the measurement does not capture the sound.
[[nodiscard]] double sound_profile(const traits& t, const wishes& w) noexcept;

/// sum(w_u fit_u) / sum(w_u) over the use cases, said or assumed.
[[nodiscard]] double use_case_match(const traits& t, const wishes& w) noexcept;

/// class_fit (1 - 0.12 price / budget), where class_fit rises with the list price
/// over the budget up to 0.62: the money should buy the class it can buy, for less
/// if possible. At an equal list price a lower price never scores lower.
[[nodiscard]] double budget_match(const traits& t, const purse& p) noexcept;

/// (sum(w_q q) + requirements) / (sum(w_q) + requirements) over what use and
/// place ask for; 0.5 when nothing is asked.
[[nodiscard]] double feature_match(const traits& t, const wishes& w) noexcept;

/// 0 to 1: renown, less what age and successors take. Not shown, part of overall.
[[nodiscard]] double standing(const traits& t, std::chrono::year now) noexcept;

/// All of them, unrounded. `overall` is the weighted mean of the five and of
/// standing, where a score about which no wish was said weighs nothing.
[[nodiscard]] events::session::scores score(const traits& t, const wishes& w, const purse& p,
                                            std::chrono::year now) noexcept;

/// To four decimals, as answers show them.
[[nodiscard]] double rounded(double value) noexcept;
[[nodiscard]] events::session::scores rounded(const events::session::scores& exact) noexcept;

} // namespace sonicmatch::actors::heuristic
