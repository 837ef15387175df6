#include "actors/heuristic/tuning.hpp"

#include <array>
#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::confidence;
using events::catalog::headphone;

constexpr double on_target_db = 1.0; ///< nearer than this reads as "on target"
constexpr double deepest_db = -5.5;  ///< deficits beyond about 6 dB read as 6 (seeds/README.md)
constexpr double fall_db = -2.5;     ///< sub-bass this far down is worth a word of its own

/// The lows hold on and only the lowest octave and a half falls away, as in most
/// open headphones.
bool only_the_lowest_falls(const headphone& h) {
  const auto& d = h.measured.deviation_db;
  return d.sub_bass <= fall_db && d.bass > -1.5 && d.bass < 1.5;
}

std::string lowest_fall(const headphone& h, std::string_view target, phrase_choice& choose) {
  auto depth = h.measured.deviation_db.sub_bass;
  auto amount = depth <= deepest_db ? std::string{"by 5 dB or more"} : "by " + decibels(depth);
  std::string text = choose.below(2) == 0 ? "bass follows " : "bass holds to ";
  text += target;
  text += " down to about 60 Hz and ";
  text += choose.below(2) == 0 ? "falls off below it, " : "rolls off below that, ";
  return text + amount + " on average";
}

/// A word for a tuning that is far from even; empty when no band explains it.
std::string character_of(const headphone& h) {
  constexpr double strong_db = 2.5;
  const auto& c = h.measured.combined_db;
  if (c.bass >= strong_db)
    return c.treble >= strong_db ? "; all in all a V-shaped tuning" : "; all in all a bass-first tuning";
  if (c.treble >= strong_db)
    return "; all in all a bright tuning";
  if (c.treble <= -strong_db)
    return "; all in all a soft, dark tuning";
  return c.bass <= -strong_db ? "; all in all a lean tuning" : "";
}

} // namespace

std::string_view target_of(const headphone& h) noexcept {
  const auto& target = h.sources.signature.target;
  return target.find("Harman over-ear") != std::string::npos ? "the Harman-type target" : "its in-ear target";
}

std::optional<double> deviation_db(const headphone& h, sound_dimension which) noexcept {
  if (h.measured.confidence == confidence::low)
    return std::nullopt;
  const auto& c = h.measured.combined_db;
  switch (which) {
  case sound_dimension::bass:
    return c.bass;
  case sound_dimension::mids:
    return c.mids;
  case sound_dimension::treble:
    return c.treble;
  case sound_dimension::soundstage:
  case sound_dimension::detail:
    break;
  }
  return std::nullopt;
}

std::string_view shown(sound_dimension which) noexcept {
  constexpr std::array<std::string_view, sound_dimension_count> words{"bass", "mids", "treble", "soundstage",
                                                                      "detail"};
  return words[static_cast<std::size_t>(which)];
}

std::string_view band_of(sound_dimension which) noexcept {
  constexpr std::array<std::string_view, sound_dimension_count> bands{
    "between 20 and 250 Hz", "between 250 Hz and 4 kHz", "between 4 and 10 kHz", "", ""};
  return bands[static_cast<std::size_t>(which)];
}

std::string clause(const headphone& h, sound_dimension which, phrase_choice& choose, bool again) {
  auto deviation = deviation_db(h, which);
  if (!deviation)
    return {};
  if (which == sound_dimension::bass && only_the_lowest_falls(h))
    return lowest_fall(h, again ? "it" : target_of(h), choose);
  std::string text = which == sound_dimension::mids ? "the mids" : std::string{shown(which)};
  bool several = which == sound_dimension::mids;
  if (std::abs(*deviation) < on_target_db) {
    constexpr std::array<std::string_view, 3> one{" keeps within 1 dB of ", " stays within 1 dB of ",
                                                  " lies within 1 dB of "};
    constexpr std::array<std::string_view, 3> many{" keep within 1 dB of ", " stay within 1 dB of ",
                                                   " lie within 1 dB of "};
    text += choose.of(several ? many : one);
    text += again ? "it" : target_of(h);
    return text + " " + std::string{band_of(which)};
  }
  constexpr std::array<std::string_view, 3> one{" sits ", " lies ", " is "};
  constexpr std::array<std::string_view, 3> many{" sit ", " lie ", " are "};
  text += choose.of(several ? many : one);
  text += decibels(*deviation);
  text += *deviation > 0 ? " above " : " below ";
  text += again ? "it" : target_of(h);
  return text + " " + std::string{band_of(which)};
}

std::string tuning_clause(const headphone& h, phrase_choice& choose) {
  if (h.measured.confidence == confidence::low)
    return "its sound cannot be measured well on a normal rig, so bass, mids and treble count for little "
           "here";
  constexpr double even_db = 1.3;
  constexpr double rough_db = 2.6;
  std::array three{sound_dimension::bass, sound_dimension::mids, sound_dimension::treble};
  auto most = sound_dimension::bass;
  for (auto one : three)
    if (std::abs(*deviation_db(h, one)) > std::abs(*deviation_db(h, most)))
      most = one;
  auto spread = h.measured.error_std_db;
  if (spread <= even_db && std::abs(*deviation_db(h, most)) < 2.5) {
    constexpr std::array<std::string_view, 3> even{"its response follows ", "the tuning keeps close to ",
                                                   "from bass to treble it stays near "};
    return std::string{choose.of(even)} + std::string{target_of(h)} + ", with a standard deviation of "
           + decibels(spread);
  }
  auto text = clause(h, most, choose);
  auto second = most == sound_dimension::treble ? sound_dimension::bass : sound_dimension::treble;
  text +=
    (std::abs(*deviation_db(h, second)) < on_target_db) == (std::abs(*deviation_db(h, most)) < on_target_db)
      ? ", and "
      : ", while ";
  text += clause(h, second, choose, true);
  if (spread >= rough_db)
    text += character_of(h);
  return text;
}

meeting meets(double score, const sound_wish& wish) noexcept {
  constexpr double tolerance = 0.06;
  if (score < wish.low - tolerance)
    return meeting::below;
  return score > wish.high + tolerance ? meeting::above : meeting::met;
}

} // namespace sonicmatch::actors::heuristic
