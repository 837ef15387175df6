#pragma once

#include "actors/heuristic/vocabulary.hpp"
#include "events/session/preferences.hpp"

#include <array>
#include <string>
#include <string_view>
#include <vector>

/// What a person wrote, understood: open text turned into weights over the
/// catalog's vocabulary, and what follows from it where nothing was said.
namespace sonicmatch::actors::heuristic {

enum class sound_dimension : std::uint8_t { bass, mids, treble, soundstage, detail };
inline constexpr std::size_t sound_dimension_count = 5;

/// The stretch of a sound score that is as good as it gets, and how much it matters.
struct sound_wish {
  double low = 0;    ///< below this the score is too low
  double high = 1;   ///< above this it is too high; 1: there is no too much
  double weight = 0; ///< 0 and up
  bool stated = false;
};

struct wishes {
  /// The words that were understood, for the texts. Pointers into constant tables.
  std::vector<const genre_word*> genre_words;
  std::vector<const artist_word*> artist_words;
  std::vector<std::string_view> artist_names; ///< as typed; views into the preferences
  const use_word* primary = nullptr;
  std::vector<const use_word*> secondaries;
  const place_word* place = nullptr;

  std::array<double, genre_count> genres{};       ///< weight of each genre
  double genres_sum = 0;                          ///< 0: no genre was wished for
  std::array<double, use_case_count> use_cases{}; ///< weight of each use case
  double use_cases_sum = 0;
  bool use_case_said = false;     ///< false: neither said nor implied by the place; all-round use is assumed
  quality_weights qualities{};    ///< what feature_match is made of
  double requirements_weight = 0; ///< of what was required and is met by every candidate
  std::array<sound_wish, sound_dimension_count> sound{};
  bool sound_stated = false;

  /// Sentences about what could not be used.
  std::vector<std::string> notes;
};

/// Reads the preferences. `wanted` must outlive the result.
[[nodiscard]] wishes understand(const events::session::preferences& wanted);

/// The value a person gave to one dimension of sound, if any.
[[nodiscard]] const std::optional<double>& stated_value(const events::session::sound_preferences& sound,
                                                        sound_dimension which) noexcept;

} // namespace sonicmatch::actors::heuristic
