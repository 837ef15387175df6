#pragma once

#include "events/catalog/vocabulary.hpp"

#include <array>
#include <cstdint>
#include <string_view>

/// What the words of open text mean in the catalog's closed vocabulary. Tables
/// of constants: genres.cpp, uses.cpp, places.cpp, artists.cpp.
namespace sonicmatch::actors::heuristic {

inline constexpr std::size_t genre_count = names(events::catalog::genre{}).size();
inline constexpr std::size_t use_case_count = names(events::catalog::use_case{}).size();

/// What a headphone can be good for apart from its genres; each 0 to 1 (traits.hpp).
enum class quality : std::uint8_t {
  wireless,
  wired,
  anc,
  isolation, ///< keeps the surroundings out
  quiet,     ///< keeps the music in
  openness,
  microphone,
  lightness,
  endurance, ///< battery life
  hold,      ///< stays on in motion
  portability,
  full_size,  ///< around the ear
  accuracy,   ///< measured: follows the target
  soundstage, ///< editorial
  detail,     ///< editorial
};
inline constexpr std::size_t quality_count = 15;

/// How much each quality matters, 0 and up, in the order of the enumerators.
using quality_weights = std::array<double, quality_count>;

struct quality_wish {
  quality what = quality::wireless;
  double weight = 0;
};
using quality_wishes = std::array<quality_wish, 6>;

/// A genre as people call it, in at most two of the catalog's genres.
struct genre_word {
  std::string_view word;
  std::string_view shown; ///< how a sentence names it
  events::catalog::genre first{};
  events::catalog::genre second{};
  double second_weight = 0; ///< 0: there is no second; the first weighs 1
  double bass_shift = 0;    ///< what it adds to the first genre's wish for bass, in signature units
  bool whole_only = false;
};

/// A use case as people call it, in at most two of the catalog's use cases.
struct use_word {
  std::string_view word;
  std::string_view shown; ///< after "for": "mixing", "the gym"
  events::catalog::use_case first{};
  double first_weight = 1;
  events::catalog::use_case second{};
  double second_weight = 0;
  quality_wishes also{}; ///< beyond what the use cases themselves ask for
  bool whole_only = false;
};

/// A place as people call it, and what it asks of a headphone.
struct place_word {
  std::string_view word;
  std::string_view shown; ///< after a comma: "at home", "on the commute"
  quality_wishes asks{};
  /// What somebody there does when no use case is said; weight 0: cannot be told.
  events::catalog::use_case implied{};
  double implied_weight = 0;
  bool whole_only = false;
};

/// A very well-known artist and the genre or genres the public files them under.
struct artist_word {
  std::string_view word;
  events::catalog::genre first{};
  events::catalog::genre second{};
  double second_weight = 0;
  bool whole_only = true;
};

/// The meaning of a word; nullptr when it is not known. Case, accents and
/// separators do not matter. The entry lives for ever.
[[nodiscard]] const genre_word* genre_called(std::string_view text);
[[nodiscard]] const use_word* use_called(std::string_view text);
[[nodiscard]] const place_word* place_called(std::string_view text);
/// Exact names only, with or without a leading "The".
[[nodiscard]] const artist_word* artist_called(std::string_view name);

/// What an unknown word may have been meant to be; nullptr when nothing is near.
[[nodiscard]] const genre_word* genre_near(std::string_view text);
[[nodiscard]] const use_word* use_near(std::string_view text);
[[nodiscard]] const place_word* place_near(std::string_view text);

} // namespace sonicmatch::actors::heuristic
