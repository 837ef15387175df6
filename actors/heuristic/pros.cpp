#include "actors/heuristic/remarks.hpp"
#include "actors/heuristic/tuning.hpp"

#include <algorithm>
#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::back;
using events::catalog::driver;
using events::catalog::form_factor;
using events::catalog::use_case;
using q = quality;

constexpr topics topic_of_dimension(sound_dimension which) {
  constexpr std::array<topics, sound_dimension_count> all{topic::bass, topic::mids, topic::treble,
                                                          topic::stage, topic::detail};
  return all[static_cast<std::size_t>(which)];
}

void music(const occasion& about, phrase_choice& choose, remarks& out) {
  auto common = music_in_common(about);
  if (common.empty())
    return;
  constexpr std::array<std::string_view, 3> openings{"Suits ", "A good partner for ", "At home with "};
  out.push_back({std::string{choose.of(openings)} + listed(common), 0, 0.8});
}

/// Wishes for sound that are met, the strongest first.
void sound(const occasion& about, phrase_choice& choose, remarks& out) {
  const auto& h = *about.pick.headphone;
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    auto which = static_cast<sound_dimension>(i);
    const auto& wish = about.wish.sound[i];
    if (!wish.stated || wish.weight <= 0 || meets(about.pick.sound[i], wish) != meeting::met)
      continue;
    auto name = capitalised(shown(which));
    if (which >= sound_dimension::soundstage) {
      out.push_back({name + " rated " + hundredths(about.pick.sound[i]) + " out of 100 by our editors",
                     topic_of_dimension(which), 0.5 + 0.4 * wish.weight});
      continue;
    }
    if (auto deviation = deviation_db(h, which)) {
      bool on_target = std::abs(*deviation) < 1;
      bool neutral = std::abs(*stated_value(about.wanted.sound_preferences, which) - 0.5) <= 0.03;
      bool several = which == sound_dimension::mids;
      constexpr std::array<std::string_view, 2> ends{", as you asked", ", close to your wish"};
      auto where = on_target ? "within 1 dB of target"
                             : decibels(*deviation) + (*deviation > 0 ? " above target" : " below target");
      out.push_back({(several ? "Mids measure " : name + " measures ") + where
                       + std::string{on_target && !neutral ? ends[1] : choose.of(ends)},
                     topic_of_dimension(which), 0.55 + 0.4 * wish.weight});
    }
  }
}

void tuning(const occasion& about, remarks& out) {
  const auto& measured = about.pick.headphone->measured;
  if (!about.pick.sound_is_certain || about.wish.sound_stated)
    return;
  if (measured.error_std_db <= 1.5)
    out.push_back({"Even tuning: a standard deviation of only " + decibels(measured.error_std_db) + " from "
                     + std::string{target_of(*about.pick.headphone)},
                   topic::tuning, 0.55});
  else if (about.wish.sound[0].high >= 0.72 && measured.combined_db.bass >= 1.5)
    out.push_back(
      {"Bass with weight, " + decibels(measured.combined_db.bass) + " above target", topic::bass, 0.6});
}

void features(const occasion& about, remarks& out) {
  const auto& h = *about.pick.headphone;
  const auto& required = about.wanted.requirements;
  bool in_ear = h.form_factor == form_factor::in_ear;
  std::string there = about.wish.place != nullptr ? " " + std::string{about.wish.place->shown} : "";
  if (h.anc && asks_for(about, q::anc))
    out.push_back(
      {"Noise cancelling for peace" + (there.empty() ? " from your surroundings" : there), topic::anc, 0.85});
  else if (h.anc && required.anc.value_or(false))
    out.push_back({"Has the noise cancelling you require", topic::anc, 0.6});
  if (h.back == back::closed && !h.anc && asks_for(about, q::isolation))
    out.push_back({in_ear ? "Seals the ear, so less of the surroundings gets in"
                          : "Closed cups keep some of the surroundings out",
                   topic::isolation, 0.6});
  if (h.back == back::closed && asks_for(about, q::quiet) && !asks_for(about, q::anc))
    out.push_back({"Leaks little, so others nearby are left in peace", topic::isolation, 0.7});
  if (h.back == back::open && asks_for(about, q::openness))
    out.push_back({in_ear || h.driver == driver::bone_conduction
                     ? "Leaves the ear open to what goes on around you"
                     : "An open back, for sound that does not feel shut in",
                   topic::stage, 0.5});
  if (h.microphone && (asks_for(about, q::microphone) || required.microphone.value_or(false)))
    out.push_back({"Has a microphone for calls and chat", topic::microphone, 0.6});
  if (h.wireless && asks_for(about, q::wireless))
    out.push_back({"No cable to mind" + there, topic::cable, 0.45});
  if (h.battery_hours && h.wireless && about.pick.qualities[static_cast<std::size_t>(q::endurance)] >= 0.55)
    out.push_back({"Runs " + number(*h.battery_hours) + " hours on a charge by the maker's rating",
                   topic::battery, asks_for(about, q::endurance) ? 0.65 : 0.4});
  if (h.weight_g && !in_ear && *h.weight_g <= 255)
    out.push_back({"Light on the head at " + number(*h.weight_g) + " g", topic::weight,
                   asks_for(about, q::lightness) ? 0.6 : 0.35});
  if (h.weight_g && in_ear && h.wireless && *h.weight_g <= 5.5 && asks_for(about, q::hold))
    out.push_back({"Each bud weighs just " + number(*h.weight_g) + " g", topic::weight, 0.5});
}

void purpose(const occasion& about, remarks& out) {
  if (about.wish.primary == nullptr)
    return;
  const auto& uses = about.pick.headphone->use_cases;
  auto place = std::find(uses.begin(), uses.end(), about.wish.primary->first);
  if (place == uses.end())
    return;
  std::string text = "Listed in the catalog for " + std::string{shown(*place)};
  if (shown(*place) != about.wish.primary->shown)
    text += ", and so for " + std::string{about.wish.primary->shown};
  out.push_back({std::move(text), 0, 0.5});
}

/// The catalog's own words, where they are about something that matters here.
void editors(const occasion& about, remarks& out) {
  const auto& required = about.wanted.requirements;
  const auto& pros = about.pick.headphone->pros;
  for (std::size_t i = 0; i < pros.size(); ++i) {
    const auto& pro = pros[i];
    auto topics_here = about.pick.topics_of_pros[i];
    auto matters = [&](topics which, bool asked) { return (topics_here & which) != 0 && asked; };
    if (matters(topic::anc, asks_for(about, q::anc) || required.anc.value_or(false)))
      out.push_back({pro, topics_here, 0.9});
    else if (matters(topic::microphone,
                     asks_for(about, q::microphone) || required.microphone.value_or(false)))
      out.push_back({pro, topics_here, 0.8});
    else if (matters(topic::isolation, asks_for(about, q::isolation)))
      out.push_back({pro, topics_here, 0.75});
    else if (matters(topic::fit, asks_for(about, q::hold)))
      out.push_back({pro, topics_here, 0.75});
  }
}

void money_saved(const occasion& about, remarks& out) {
  const auto& h = *about.pick.headphone;
  if (about.wanted.budget_max && h.price_usd.cents * 10 <= about.wanted.budget_max->cents * 8)
    out.push_back({"Stays about " + about_money({about.wanted.budget_max->cents - h.price_usd.cents})
                     + " under your limit",
                   topic::price, 0.5});
  else if (h.price_usd.cents * 100 <= h.msrp_usd.cents * 80
           && h.msrp_confidence == events::catalog::msrp_confidence::high)
    out.push_back({"Sells well below its launch price of " + about_money(h.msrp_usd), topic::price, 0.42});
}

void certainty(const occasion& about, remarks& out) {
  const auto& sources = about.pick.headphone->measured.cross_source;
  if (sources && sources->n_sources >= 4)
    out.push_back(
      {"Well documented: " + counted(sources->n_sources) + " independent sets of measurements", 0, 0.3});
}

} // namespace

remarks points_for(const occasion& about, phrase_choice& choose) {
  remarks out;
  music(about, choose, out);
  sound(about, choose, out);
  tuning(about, out);
  features(about, out);
  purpose(about, out);
  editors(about, out);
  money_saved(about, out);
  certainty(about, out);
  if (out.empty() && about.pick.headphone->pros.empty())
    out.push_back({"Stays within every limit you set", 0, 0.1});
  return out;
}

std::vector<std::string> personalized_pros(const occasion& about) {
  phrase_choice choose{fnv1a(about.pick.headphone->slug, about.seed + 1)};
  return chosen(points_for(about, choose), about.pick.headphone->pros, about.pick.topics_of_pros, {5, 3});
}

} // namespace sonicmatch::actors::heuristic
