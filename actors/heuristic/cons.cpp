#include "actors/heuristic/remarks.hpp"
#include "actors/heuristic/tuning.hpp"

#include <algorithm>
#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::back;
using events::catalog::form_factor;
using q = quality;

constexpr std::array<topics, sound_dimension_count> dimension_topics{topic::bass, topic::mids, topic::treble,
                                                                     topic::stage, topic::detail};

std::string missed_balance(const occasion& about, sound_dimension which, meeting how) {
  bool below = how == meeting::below;
  auto text = concat({capitalised(shown(which)), which == sound_dimension::mids ? " are" : " is"});
  auto deviation = *deviation_db(*about.pick.headphone, which);
  if (std::abs(deviation) < 1)
    return concat({text, " near the target, where you asked for ", below ? "more" : "less"});
  bool bright = which == sound_dimension::treble;
  text += below ? (bright ? " softer" : " leaner") : (bright ? " brighter" : " stronger");
  return concat(
    {text, " than you asked for: ", decibels(deviation), deviation > 0 ? " above target" : " below target"});
}

void sound(const occasion& about, remarks& out) {
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    auto which = static_cast<sound_dimension>(i);
    const auto& wish = about.wish.sound[i];
    auto how = meets(about.pick.sound[i], wish);
    if (!wish.stated || wish.weight <= 0 || how == meeting::met)
      continue;
    if (which >= sound_dimension::soundstage)
      out.push_back({"Our editors rate its " + std::string{shown(which)} + " "
                       + hundredths(about.pick.sound[i]) + " out of 100, less than you asked for",
                     dimension_topics[i], 0.5 + 0.3 * wish.weight});
    else if (deviation_db(*about.pick.headphone, which))
      out.push_back({missed_balance(about, which, how), dimension_topics[i], 0.6 + 0.3 * wish.weight});
  }
  if (!about.pick.sound_is_certain)
    out.push_back({"Its sound could only be measured with low confidence", topic::tuning, 0.6});
}

void music(const occasion& about, remarks& out) {
  if (about.wish.genres_sum > 0 && about.scores.genre_match < 0.45)
    out.push_back({"The catalog does not list it for most of the music you named", 0, 0.55});
}

void features(const occasion& about, phrase_choice& choose, remarks& out) {
  constexpr std::array<std::string_view, 3> leaks{
    "Leaks sound and lets noise in, as open backs do",
    "Anyone in the room hears your music, and you hear the room",
    "Open cups neither keep sound in nor noise out"};
  const auto& h = *about.pick.headphone;
  bool in_ear = h.form_factor == form_factor::in_ear;
  std::string there = about.wish.place != nullptr ? " " + std::string{about.wish.place->shown} : "";
  bool bone = h.driver == events::catalog::driver::bone_conduction;
  if (h.back == back::open && !bone && (asks_for(about, q::quiet) || asks_for(about, q::isolation)))
    out.push_back({"Open, so sound passes both ways" + there, topic::isolation, 0.8});
  else if (h.back == back::open && !bone && !about.wanted.requirements.back)
    out.push_back(
      {std::string{in_ear ? "The open fit lets outside noise in" : choose.of(leaks)}, topic::isolation, 0.4});
  if (!h.anc && asks_for(about, q::anc))
    out.push_back({"No active noise cancelling" + there, topic::anc, 0.75});
  if (!h.wireless && asks_for(about, q::wireless))
    out.push_back({"Tied to a cable" + there, topic::cable, 0.7});
  if (h.wireless && asks_for(about, q::wired))
    out.push_back({"Wireless, where a cable would be the usual choice", topic::cable, 0.5});
  if (!h.microphone && asks_for(about, q::microphone))
    out.push_back({"No microphone for calls or chat", topic::microphone, 0.65});
  if (h.weight_g && !in_ear && *h.weight_g >= 330)
    out.push_back({"At " + number(*h.weight_g) + " g it makes itself felt over hours", topic::weight,
                   *h.weight_g >= 400 ? 0.6 : 0.45});
  if (h.battery_hours && h.wireless && about.pick.qualities[static_cast<std::size_t>(q::endurance)] < 0.3)
    out.push_back({"Only " + number(*h.battery_hours) + " hours to a charge by the maker's rating",
                   topic::battery, asks_for(about, q::endurance) ? 0.6 : 0.4});
}

void money_spent(const occasion& about, remarks& out) {
  if (!about.wanted.budget_max)
    return;
  auto left = about.wanted.budget_max->cents - about.pick.headphone->price_usd.cents;
  if (left * 20 <= about.wanted.budget_max->cents)
    out.push_back({left == 0 ? "Leaves nothing of your budget"
                             : "Leaves only about " + about_money({left}) + " of your budget",
                   topic::price, 0.35});
}

void age(const occasion& about, remarks& out) {
  const auto& h = *about.pick.headphone;
  if (about.pick.successors > 0)
    out.push_back({about.pick.successors == 1 ? "A newer model of the same line is in the catalog"
                                              : "Newer models of the same line are in the catalog",
                   topic::age, 0.45});
  else if (h.wireless && h.release_year && static_cast<int>(about.now) - *h.release_year >= 5)
    out.push_back({"Dates from " + std::to_string(*h.release_year) + ", a while ago for a wireless model",
                   topic::age, 0.4});
}

/// The catalog's own words, where they are about something that matters here.
void editors(const occasion& about, remarks& out) {
  const auto& required = about.wanted.requirements;
  const auto& cons = about.pick.headphone->cons;
  for (std::size_t i = 0; i < cons.size(); ++i) {
    const auto& con = cons[i];
    auto topics_here = about.pick.topics_of_cons[i];
    auto matters = [&](topics which, bool asked) { return (topics_here & which) != 0 && asked; };
    if (matters(topic::anc, asks_for(about, q::anc) || required.anc.value_or(false)))
      out.push_back({con, topics_here, 0.7});
    else if (matters(topic::microphone,
                     asks_for(about, q::microphone) || required.microphone.value_or(false)))
      out.push_back({con, topics_here, 0.65});
    else if (matters(topic::isolation, asks_for(about, q::isolation)))
      out.push_back({con, topics_here, 0.6});
  }
}

void doubt(const occasion& about, remarks& out) {
  const auto& sources = about.pick.headphone->measured.cross_source;
  if (sources && sources->treble_sd_db >= 1.6)
    out.push_back({"Measurements of its treble differ between sources, with a spread of "
                     + decibels(sources->treble_sd_db),
                   topic::treble, 0.3});
}

} // namespace

remarks points_against(const occasion& about, phrase_choice& choose) {
  remarks out;
  sound(about, out);
  music(about, out);
  features(about, choose, out);
  money_spent(about, out);
  age(about, out);
  editors(about, out);
  doubt(about, out);
  if (out.empty() && about.pick.headphone->cons.empty())
    out.push_back({"Nothing in the catalog speaks against it, which is not proof that nothing does", 0, 0.1});
  return out;
}

std::vector<std::string> personalized_cons(const occasion& about) {
  phrase_choice choose{fnv1a(about.pick.headphone->slug, about.seed + 2)};
  return chosen(points_against(about, choose), about.pick.headphone->cons, about.pick.topics_of_cons, {4, 2});
}

} // namespace sonicmatch::actors::heuristic
