#pragma once

#include "events/catalog/headphone.hpp"
#include "events/session/preferences.hpp"

#include <array>
#include <cstdint>
#include <string_view>

/// What a pick must satisfy, each a predicate of its own. The engine filters by
/// them, and a language model's reply is checked with them.
namespace sonicmatch::actors::heuristic {

/// The hard constraints, in the order in which they are offered for relaxing.
enum class constraint : std::uint8_t { budget_max, budget_min, types, back, wireless, anc, microphone };
inline constexpr std::size_t constraint_count = 7;

/// Where the constraint stands in the preferences, as a relaxation names it.
[[nodiscard]] std::string_view field_of(constraint which) noexcept;

/// price_usd is at most budget_max; a price of exactly the budget is inside.
[[nodiscard]] bool within_budget_max(const events::catalog::headphone& h,
                                     const events::session::preferences& wanted) noexcept;
/// price_usd is at least budget_min: who names a lower limit is taken at their
/// word, and a cheaper headphone is outside, however good.
[[nodiscard]] bool within_budget_min(const events::catalog::headphone& h,
                                     const events::session::preferences& wanted) noexcept;
/// The form factor is one of the wanted types; no types means any.
[[nodiscard]] bool of_wanted_type(const events::catalog::headphone& h,
                                  const events::session::preferences& wanted) noexcept;
/// The back is the wanted one exactly: semi-open is neither open nor closed.
[[nodiscard]] bool has_wanted_back(const events::catalog::headphone& h,
                                   const events::session::preferences& wanted) noexcept;
/// Wireless is as wanted; `false` asks for a headphone that is sold as wired.
[[nodiscard]] bool meets_wireless(const events::catalog::headphone& h,
                                  const events::session::preferences& wanted) noexcept;
/// Noise cancelling is as wanted; `false` asks for one without.
[[nodiscard]] bool meets_anc(const events::catalog::headphone& h,
                             const events::session::preferences& wanted) noexcept;
/// A microphone is there, or not there, as wanted.
[[nodiscard]] bool meets_microphone(const events::catalog::headphone& h,
                                    const events::session::preferences& wanted) noexcept;

/// A set of constraints, one bit each, bit n for the n-th enumerator.
using constraint_set = std::uint8_t;

[[nodiscard]] constexpr constraint_set bit_of(constraint which) noexcept {
  return static_cast<constraint_set>(1U << static_cast<unsigned>(which));
}

/// Which constraints `h` breaks; 0 when it may be picked.
[[nodiscard]] constraint_set broken_by(const events::catalog::headphone& h,
                                       const events::session::preferences& wanted) noexcept;

/// Whether `h` may be picked at all.
[[nodiscard]] inline bool meets_all(const events::catalog::headphone& h,
                                    const events::session::preferences& wanted) noexcept {
  return broken_by(h, wanted) == 0;
}

} // namespace sonicmatch::actors::heuristic
