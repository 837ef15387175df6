#include "actors/heuristic/lead.hpp"
#include "actors/heuristic/phrases.hpp"
#include "actors/heuristic/remarks.hpp"
#include "actors/heuristic/tuning.hpp"
#include "actors/heuristic/wording.hpp"

#include <algorithm>
#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

/// The stated dimension of sound to speak of: the one furthest from neutral for
/// the best pick, then the others in turn, so that five picks say five things.
std::optional<sound_dimension> chief_wish(const occasion& about) {
  constexpr double worth_a_word = 0.6; // of the furthest
  std::vector<std::pair<double, sound_dimension>> stated;
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    auto which = static_cast<sound_dimension>(i);
    const auto& value = stated_value(about.wanted.sound_preferences, which);
    if (value && about.wish.sound[i].weight > 0)
      stated.emplace_back(std::abs(*value - 0.5), which);
  }
  if (stated.empty())
    return std::nullopt;
  std::stable_sort(stated.begin(), stated.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  auto end = std::find_if(stated.begin(), stated.end(),
                          [&](const auto& one) { return one.first < worth_a_word * stated.front().first; });
  auto count = static_cast<std::size_t>(end - stated.begin());
  return stated[(about.rank - 1) % count].second;
}

std::string wished_amount(double value, sound_dimension which) {
  std::string name{shown(which)};
  if (value > 0.75)
    return "strong " + name;
  if (value > 0.53)
    return "a little extra " + name;
  if (value >= 0.47)
    return "neutral " + name;
  return value < 0.25 ? "very little " + name : "restrained " + name;
}

std::string rated_sound(const occasion& about, sound_dimension which, meeting met, phrase_choice& choose) {
  auto rating = hundredths(about.pick.sound[static_cast<std::size_t>(which)]) + " out of 100";
  std::string name{shown(which)};
  std::string wish = which == sound_dimension::soundstage ? "a wide soundstage" : "plenty of detail";
  if (met == meeting::met)
    return choose.below(2) == 0
             ? "You asked for " + wish + ", and our editors put its " + name + " at " + rating + "."
             : "Its " + name + ", at " + rating + " in our editors' ears, is what you asked for.";
  switch (choose.below(3)) {
  case 0:
    return "You asked for " + wish + "; our editors put its " + name + " at " + rating
           + ", which is part of the way.";
  case 1:
    return "For " + wish + " it is not the very last word: our editors give it " + rating + ".";
  default:
    return "Our editors rate its " + name + " " + rating + ", somewhat short of your wish.";
  }
}

/// What the sound makes of a wish.
std::string wished_sound(const occasion& about, sound_dimension which, phrase_choice& choose) {
  const auto& h = *about.pick.headphone;
  auto i = static_cast<std::size_t>(which);
  auto value = *stated_value(about.wanted.sound_preferences, which);
  auto met = meets(about.pick.sound[i], about.wish.sound[i]);
  if (which >= sound_dimension::soundstage)
    return rated_sound(about, which, met, choose);
  auto wish = wished_amount(value, which);
  auto measured = clause(h, which, choose);
  if (measured.empty())
    return "You asked for " + wish + ", but " + tuning_clause(h, choose) + ".";
  bool on_target = std::abs(*deviation_db(h, which)) < 1;
  if (met == meeting::met && on_target && std::abs(value - 0.5) > 0.03)
    return "The sound comes close to your wish for " + wish + ": " + measured + ".";
  if (met == meeting::met)
    switch (choose.below(3)) {
    case 0:
      return "You asked for " + wish + ", and you get it: " + measured + ".";
    case 1:
      return capitalised(measured) + ", which fits your wish for " + wish + ".";
    default:
      return "Your wish for " + wish + " is met, as " + measured + ".";
    }
  if (met == meeting::above)
    return "You asked for " + wish + "; here there is more of it than that, as " + measured + ".";
  switch (choose.below(3)) {
  case 0:
    return "You asked for " + wish + "; here you meet a compromise, since " + measured + ".";
  case 1:
    return "It holds back where you asked for " + wish + ": " + measured + ".";
  default:
    return "Your wish for " + wish + " is met only in part, since " + measured + ".";
  }
}

std::string sound_sentence(const occasion& about, phrase_choice& choose) {
  if (auto chief = chief_wish(about))
    return wished_sound(about, *chief, choose);
  auto tuning = tuning_clause(*about.pick.headphone, choose);
  if (!about.pick.sound_is_certain)
    return capitalised(tuning) + ".";
  switch ((about.rank + choose.below(2)) % 4) {
  case 0:
    return "On the measuring rig, " + tuning + ".";
  case 1:
    return capitalised(tuning) + ".";
  case 2:
    return "As measured by " + about.pick.headphone->sources.signature.measured_by + ", " + tuning + ".";
  default:
    return "As for the sound, " + tuning + ".";
  }
}

/// Genres and artists in common, or what the place asks and gets; empty when
/// there is nothing true to say.
std::string circumstance_sentence(const occasion& about, phrase_choice& choose) {
  auto music = music_in_common(about);
  auto comforts = comforts_of_place(about);
  auto turn = about.rank + about.seed % 6;
  if (!comforts.empty() && (music.empty() || turn % 2 == 0)) {
    bool several = comforts.size() > 1;
    auto what = listed(comforts);
    if (turn % 3 == 0)
      return capitalised(what) + (several ? " add" : " adds") + " to the case for it.";
    if (about.wish.place != nullptr && turn % 3 == 1)
      return capitalised(about.wish.place->shown) + ", " + what + (several ? " help." : " helps.");
    return capitalised(what) + (several ? " speak" : " speaks") + " for it too.";
  }
  if (music.empty())
    return {};
  if (choose.below(2) == 0)
    return concat({"The catalog lists it for ", listed(music), "."});
  return concat({"Among its strengths the catalog counts ", listed(music), "."});
}

} // namespace

std::uint64_t seed_of(const events::session::preferences& wanted) {
  auto seed = fnv1a("wishes");
  auto take = [&](std::string_view text) { seed = fnv1a(text, seed) * 31 + 7; };
  for (const auto& one : wanted.genres)
    take(one);
  for (const auto& one : wanted.favorite_artists)
    take(one);
  for (const auto& one : wanted.secondary_use_cases)
    take(one);
  take(wanted.primary_use_case.value_or(""));
  take(wanted.listening_environment.value_or(""));
  auto add = [&](std::int64_t value) {
    seed = (seed ^ static_cast<std::uint64_t>(value)) * 1099511628211ULL;
  };
  add(wanted.budget_min ? wanted.budget_min->cents : -1);
  add(wanted.budget_max ? wanted.budget_max->cents : -1);
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    const auto& value = stated_value(wanted.sound_preferences, static_cast<sound_dimension>(i));
    add(value ? std::llround(*value * 1000) : -1);
  }
  const auto& required = wanted.requirements;
  for (auto type : required.types)
    add(static_cast<std::int64_t>(type));
  add(required.back ? static_cast<std::int64_t>(*required.back) : -1);
  for (const auto& flag : {required.wireless, required.anc, required.microphone})
    add(flag ? static_cast<std::int64_t>(*flag) : -1);
  return seed ^ (seed >> 29);
}

std::string explanation(const occasion& about) {
  phrase_choice choose{fnv1a(about.pick.headphone->slug, about.seed)};
  auto text = lead(about, choose);
  text += " " + sound_sentence(about, choose);
  if (auto circumstance = circumstance_sentence(about, choose); !circumstance.empty())
    text += " " + circumstance;
  return text + " " + price_sentence(about, choose);
}

} // namespace sonicmatch::actors::heuristic
