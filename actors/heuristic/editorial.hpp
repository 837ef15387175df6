#pragma once

#include "events/catalog/headphone.hpp"

#include <cstdint>
#include <string_view>

/// What the catalog's own pros and cons say beyond its fields. They are short
/// editorial phrases in a small vocabulary, so a few words are enough.
namespace sonicmatch::actors::heuristic {

/// What a phrase is about: one bit each.
using topics = std::uint16_t;
namespace topic {
inline constexpr topics bass = 1U << 0U;
inline constexpr topics treble = 1U << 1U;
inline constexpr topics mids = 1U << 2U;
inline constexpr topics stage = 1U << 3U;
inline constexpr topics detail = 1U << 4U;
inline constexpr topics anc = 1U << 5U;
inline constexpr topics isolation = 1U << 6U;
inline constexpr topics microphone = 1U << 7U;
inline constexpr topics battery = 1U << 8U;
inline constexpr topics weight = 1U << 9U;
inline constexpr topics price = 1U << 10U;
inline constexpr topics cable = 1U << 11U;
inline constexpr topics age = 1U << 12U;
inline constexpr topics fit = 1U << 13U;
inline constexpr topics tuning = 1U << 14U;
inline constexpr topics power = 1U << 15U;
} // namespace topic

/// The topics of a phrase; 0 when it has none of these.
[[nodiscard]] topics topics_of(std::string_view phrase);

/// How good the noise cancelling is, 0 to 1: 0 without, 0.75 when nothing is said,
/// up to 1 for praise without reservation, down to 0.55 for a reservation.
[[nodiscard]] double anc_grade(const events::catalog::headphone& h);

/// The same for the microphone.
[[nodiscard]] double microphone_grade(const events::catalog::headphone& h);

/// The same for how well it keeps the surroundings out without electronics.
[[nodiscard]] double isolation_grade(const events::catalog::headphone& h);

/// Whether it is called a reference, a staple or the best of something.
[[nodiscard]] bool acclaimed(const events::catalog::headphone& h);

/// Whether it is said to be discontinued, superseded or hard to find.
[[nodiscard]] bool past_its_time(const events::catalog::headphone& h);

} // namespace sonicmatch::actors::heuristic
