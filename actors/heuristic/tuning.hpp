#pragma once

#include "actors/heuristic/phrases.hpp"
#include "actors/heuristic/wishes.hpp"
#include "events/catalog/headphone.hpp"

#include <optional>
#include <string>

/// What the measurement says, in words. Bands and targets: seeds/README.md.
namespace sonicmatch::actors::heuristic {

/// "the Harman-type target", or "its in-ear target" where that was the reference.
[[nodiscard]] std::string_view target_of(const events::catalog::headphone& h) noexcept;

/// The mean deviation of a measured dimension in dB; nothing for soundstage and
/// detail, and nothing where the measurement does not capture the sound.
[[nodiscard]] std::optional<double> deviation_db(const events::catalog::headphone& h,
                                                 sound_dimension which) noexcept;

/// "bass", "mids", "treble", "soundstage", "detail".
[[nodiscard]] std::string_view shown(sound_dimension which) noexcept;

/// Where the band lies, "between 20 and 250 Hz".
[[nodiscard]] std::string_view band_of(sound_dimension which) noexcept;

/// A clause about one measured dimension: "bass sits 2.1 dB above the Harman-type
/// target between 20 and 250 Hz", "treble keeps within 1 dB of the target".
/// Empty when it is not measured. `again`: the target was named just before.
[[nodiscard]] std::string clause(const events::catalog::headphone& h, sound_dimension which,
                                 phrase_choice& choose, bool again = false);

/// A clause about the tuning as a whole, from what stands out in it.
[[nodiscard]] std::string tuning_clause(const events::catalog::headphone& h, phrase_choice& choose);

/// How a score differs from a wish: below, met, above.
enum class meeting : std::int8_t { below = -1, met = 0, above = 1 };
[[nodiscard]] meeting meets(double score, const sound_wish& wish) noexcept;

} // namespace sonicmatch::actors::heuristic
