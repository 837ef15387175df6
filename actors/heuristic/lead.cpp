#include "actors/heuristic/lead.hpp"

#include "actors/heuristic/tuning.hpp"

#include <array>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::back;
using events::catalog::form_factor;
using events::catalog::headphone;
using events::catalog::use_case;
using texts = std::vector<std::string>;

/// "for mixing", "for the gym", or what stands in when no use was said.
std::string purpose(const occasion& about, phrase_choice& choose) {
  if (about.wish.primary != nullptr)
    return std::string{"for "} + std::string{about.wish.primary->shown};
  if (!about.wish.secondaries.empty())
    return std::string{"for "} + std::string{about.wish.secondaries.front()->shown};
  if (about.wish.place != nullptr)
    return "for listening " + std::string{about.wish.place->shown};
  if (!about.wish.genre_words.empty()) {
    texts genres;
    for (const auto* word : about.wish.genre_words)
      if (genres.size() < 3)
        genres.emplace_back(word->shown);
    return concat({"for ", listed(genres)});
  }
  if (about.wanted.requirements.types.size() == 1)
    return concat({"among ", plural(about.wanted.requirements.types.front()), " within your limits"});
  constexpr std::array<std::string_view, 3> open{"by your wishes", "by what you asked for",
                                                 "by the wishes you gave"};
  return std::string{choose.of(open)};
}

/// Whether two phrases share the beginning of a longer word, as "the home office"
/// and "at home" do.
bool overlap(std::string_view one, std::string_view other) {
  constexpr std::size_t stem = 4;
  for (std::size_t at = 0; at + stem <= one.size(); ++at)
    if ((at == 0 || one[at - 1] == ' ') && one.substr(at, stem).find(' ') == std::string_view::npos
        && other.find(one.substr(at, stem)) != std::string_view::npos)
      return true;
  return false;
}

/// " in a quiet home" where a use was said as well and does not say it already;
/// without a use the purpose has it.
std::string whereabouts(const occasion& about) {
  const auto* use = about.wish.primary != nullptr     ? about.wish.primary
                    : !about.wish.secondaries.empty() ? about.wish.secondaries.front()
                                                      : nullptr;
  const auto* place = about.wish.place;
  if (use == nullptr || place == nullptr || overlap(use->shown, place->shown))
    return {};
  bool both_travel =
    use->first == use_case::travel && place->implied_weight > 0 && place->implied == use_case::travel;
  return both_travel ? std::string{} : concat({" ", place->shown});
}

/// Why it is here, in half a sentence; of several true reasons another one for
/// each rank.
std::string reason(const occasion& about) {
  const auto& s = about.scores;
  const auto& w = about.wish;
  const auto& h = *about.pick.headphone;
  texts found;
  if (w.sound_stated && s.sound_profile >= 0.9)
    found.emplace_back("its sound comes very near to the balance you described");
  if (w.use_case_said && s.use_case >= 0.8)
    found.emplace_back("it has what that use asks for");
  if (w.genres_sum > 0 && s.genre_match >= 0.85)
    found.emplace_back("it is at home in the music you named");
  if (h.core)
    found.emplace_back("it is one of the headline models of the catalog");
  if (h.measured.cross_source && h.measured.cross_source->n_sources >= 7)
    found.emplace_back("few headphones have been measured as often");
  if (about.pick.sound_is_certain && h.measured.error_std_db <= 1.3)
    found.emplace_back("its tuning is among the most even here");
  if (s.budget >= 0.9)
    found.emplace_back(about.wanted.budget_max ? "its price sits well with your budget"
                                               : "its price is moderate");
  if (found.empty())
    return "it weighs up well against your wishes as a whole";
  return found[(about.seed / 7 + about.rank) % found.size()];
}

std::string lead_of_best(const occasion& about, phrase_choice& choose) {
  const auto& h = *about.pick.headphone;
  auto name = full_name(h);
  auto why = reason(about);
  auto what_for = purpose(about, choose) + whereabouts(about);
  switch (choose.below(5)) {
  case 0:
    return "The first choice " + what_for + " is the " + name + ": " + why + ".";
  case 1:
    return "Of everything that fits, nothing answers your wishes better than the " + name + "; " + why + ".";
  case 2:
    return capitalised(what_for) + ", the strongest candidate is the " + name + ", " + kind_of(h) + ".";
  case 3:
    return "Start with the " + name + ": " + what_for + " it scores highest, and " + why + ".";
  default:
    return "The best match " + what_for + " is the " + name + ", " + kind_of(h) + "; " + why + ".";
  }
}

/// In what it differs from the best pick, as what "you" do with it: "save $70".
/// Empty when nothing stands out.
std::string contrast(const headphone& h, const headphone& best, phrase_choice& choose) {
  texts found;
  auto say = [&](bool differs, std::string_view what) {
    if (differs)
      found.emplace_back(what);
  };
  say(h.form_factor != best.form_factor, concat({"wear ", plural(h.form_factor)}));
  say(h.back == back::open && best.back == back::closed, "have an open back");
  say(h.back == back::closed && best.back == back::open, "have a closed back");
  say(h.wireless && !best.wireless, "lose the cable");
  say(!h.wireless && best.wireless, "never have to charge a battery");
  say(h.price_usd.cents * 10 <= best.price_usd.cents * 8,
      concat({"save about ", about_money({best.price_usd.cents - h.price_usd.cents})}));
  say(h.sound_signature.soundstage - best.sound_signature.soundstage >= 0.12,
      "gain stage width by our editors' ratings");
  say(h.sound_signature.detail - best.sound_signature.detail >= 0.08, "gain detail by our editors' ratings");
  auto bass = deviation_db(h, sound_dimension::bass);
  auto bass_of_best = deviation_db(best, sound_dimension::bass);
  say(bass && bass_of_best && *bass - *bass_of_best >= 2, "get more bass");
  say(bass && bass_of_best && *bass - *bass_of_best <= -2, "get leaner bass");
  auto treble = deviation_db(h, sound_dimension::treble);
  auto treble_of_best = deviation_db(best, sound_dimension::treble);
  say(treble && treble_of_best && *treble - *treble_of_best >= 2, "get brighter treble");
  say(treble && treble_of_best && *treble - *treble_of_best <= -2, "get softer treble");
  say(h.weight_g && best.weight_g && *best.weight_g - *h.weight_g >= 50 && h.form_factor == best.form_factor,
      concat({"carry ", number(best.weight_g.value_or(0) - h.weight_g.value_or(0)), " g less"}));
  say(h.battery_hours && best.battery_hours && *h.battery_hours >= 1.5 * *best.battery_hours,
      "get more hours between charges");
  return found.empty() ? std::string{} : found[choose.below(found.size())];
}

std::string lead_of_other(const occasion& about, phrase_choice& choose) {
  const auto& h = *about.pick.headphone;
  auto best = short_name(*about.best->headphone);
  auto name = full_name(h);
  auto what_for = purpose(about, choose) + whereabouts(about);
  auto difference = contrast(h, *about.best->headphone, choose);
  // Neighbours in one answer never open alike: the rank turns the wheel.
  switch ((about.rank + about.seed) % 6) {
  case 0:
    if (!difference.empty())
      return "Choose the " + name + " over the " + best + " to " + difference + ".";
    break;
  case 1:
    return std::string{about.rank == 2 ? "The runner-up " : "Another good choice "} + what_for + " is the "
           + name + ", " + kind_of(h) + ".";
  case 2:
    if (!difference.empty())
      return "With the " + name + " in place of the " + best + " you " + difference + ", and " + reason(about)
             + ".";
    break;
  case 3:
    return capitalised(what_for) + ", consider the " + name + " as well: " + reason(about) + ".";
  case 4:
    return "The " + name + " comes " + std::string{ordinal(about.rank)} + " " + what_for + "; "
           + reason(about) + ".";
  default:
    if (!difference.empty())
      return "Those who would rather " + difference + " should hear the " + name + ", " + kind_of(h) + ".";
    break;
  }
  return "Close to the " + best + " in what it offers, the " + name + " belongs on the list: " + reason(about)
         + ".";
}

} // namespace

std::string lead(const occasion& about, phrase_choice& choose) {
  return about.best == nullptr ? lead_of_best(about, choose) : lead_of_other(about, choose);
}

} // namespace sonicmatch::actors::heuristic
