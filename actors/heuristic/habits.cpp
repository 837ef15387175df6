#include "actors/heuristic/habits.hpp"

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::use_case;
using q = quality;

/// What each use case asks beyond serving it well (traits.cpp), in the order of
/// the use cases.
constexpr std::array<quality_wishes, use_case_count> asked_by_use_case{{
  {{{q::wired, 0.8}, {q::openness, 0.4}, {q::full_size, 0.6}}},
  {{{q::full_size, 1.0}, {q::microphone, 0.4}, {q::openness, 0.2}}},
  {{{q::anc, 0.9}, {q::wireless, 1.0}, {q::isolation, 0.6}, {q::quiet, 0.3}, {q::endurance, 0.2}}},
  {{{q::wired, 1.2}, {q::full_size, 0.8}}},
  {{{q::lightness, 0.2}, {q::full_size, 0.2}}},
  {{{q::hold, 1.2}, {q::wireless, 1.0}, {q::lightness, 0.3}, {q::portability, 0.3}}},
  {{{q::wireless, 0.7}, {q::anc, 0.6}, {q::microphone, 0.5}, {q::quiet, 0.5}, {q::endurance, 0.2}}},
  {{{q::anc, 1.2}, {q::wireless, 0.9}, {q::endurance, 0.5}, {q::isolation, 0.4}, {q::full_size, 0.4}}},
}};

/// The sound that suits each use case, in their order.
constexpr std::array<habitual_sound, use_case_count> sound_of_use_case{{
  {0.47, 0.65, 0.80},
  {0.52, 0.70, 0.60},
  {0.65, 0.45, 0.60},
  {0.50, 0.45, 0.75},
  {0.57, 0.50, 0.60},
  {0.66, 0.35, 0.45},
  {0.57, 0.45, 0.58},
  {0.64, 0.48, 0.62},
}};
/// The sound that suits each genre, in their order.
constexpr std::array<habitual_sound, genre_count> sound_of_genre{{
  {0.45, 0.75, 0.80},
  {0.48, 0.62, 0.75},
  {0.46, 0.55, 0.74},
  {0.47, 0.50, 0.72},
  {0.55, 0.52, 0.66},
  {0.56, 0.52, 0.70},
  {0.60, 0.46, 0.62},
  {0.74, 0.44, 0.60},
  {0.68, 0.45, 0.62},
  {0.70, 0.52, 0.66},
  {0.54, 0.52, 0.66},
  {0.56, 0.74, 0.70},
}};
constexpr habitual_sound nobodys_sound{0.55, 0.45, 0.60};

} // namespace

const quality_wishes& asked_by(use_case which) noexcept {
  return asked_by_use_case[static_cast<std::size_t>(which)];
}

habitual_sound habit_of(const wishes& out) noexcept {
  constexpr double genre_share = 1.2;
  habitual_sound sum{0, 0, 0};
  double weights = 0;
  auto blend = [&](const habitual_sound& one, double weight) {
    sum.bass += weight * one.bass;
    sum.soundstage += weight * one.soundstage;
    sum.detail += weight * one.detail;
    weights += weight;
  };
  if (out.use_case_said)
    for (std::size_t i = 0; i < use_case_count; ++i)
      blend(sound_of_use_case[i], out.use_cases[i] / out.use_cases_sum);
  if (out.genres_sum > 0)
    for (std::size_t i = 0; i < genre_count; ++i)
      blend(sound_of_genre[i], genre_share * out.genres[i] / out.genres_sum);
  if (weights <= 0)
    return nobodys_sound;
  double shift = 0;
  for (const auto* word : out.genre_words)
    shift += word->bass_shift / static_cast<double>(out.genre_words.size());
  return {sum.bass / weights + shift, sum.soundstage / weights, sum.detail / weights};
}

} // namespace sonicmatch::actors::heuristic
