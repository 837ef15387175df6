#include "actors/heuristic/remarks.hpp"

#include "actors/heuristic/folding.hpp"

#include <algorithm>

namespace sonicmatch::actors::heuristic {

namespace {

using events::usd;
using events::catalog::back;
using events::catalog::driver;
using events::catalog::form_factor;
using events::catalog::genre;
using events::catalog::headphone;
using q = quality;

std::string price_within(const occasion& about, usd budget, phrase_choice& choose) {
  const auto& h = *about.pick.headphone;
  auto price = about_money(h.price_usd);
  usd left{budget.cents - h.price_usd.cents};
  if (left.cents * 100 <= budget.cents)
    return "At about " + price + " it takes practically the whole of your budget.";
  if (left.cents * 20 <= budget.cents)
    return choose.below(2) == 0
             ? "It usually sells for about " + price + ", just inside your " + about_money(budget) + "."
             : "At about " + price + " it uses nearly all of your " + about_money(budget) + ".";
  if (left.cents * 2 >= budget.cents)
    return choose.below(2) == 0
             ? "At about " + price + " it needs less than half of your " + about_money(budget) + "."
             : "It usually sells for about " + price + ", far below the " + about_money(budget)
                 + " you allowed.";
  switch (choose.below(3)) {
  case 0:
    return "At about " + price + " it leaves " + about_money(left) + " of your budget.";
  case 1:
    return "It usually sells for about " + price + ", well within your " + about_money(budget) + ".";
  default:
    return "Expect to pay about " + price + ", " + about_money(left) + " less than your limit.";
  }
}

} // namespace

bool asks_for(const occasion& about, quality what) noexcept {
  constexpr double matters = 0.25;
  return about.wish.qualities[static_cast<std::size_t>(what)] >= matters;
}

std::vector<std::string> music_in_common(const occasion& about) {
  const auto& h = *about.pick.headphone;
  std::vector<std::string> plain;
  std::vector<std::string> with_examples;
  for (auto tag : h.genres) {
    bool named = false;
    std::vector<std::string> examples;
    for (const auto* word : about.wish.genre_words)
      if (word->first == tag) {
        named = true;
        if (word->shown != shown(tag) && examples.size() < 2)
          examples.emplace_back(word->shown);
      }
    for (std::size_t i = 0; i < about.wish.artist_words.size(); ++i)
      if (about.wish.artist_words[i]->first == tag && examples.empty()) {
        named = true;
        examples.push_back(quotable(about.wish.artist_names[i]));
      }
    if (!named)
      continue;
    std::string text{shown(tag)};
    if (examples.empty())
      plain.push_back(std::move(text));
    else
      with_examples.push_back(text + " such as " + listed(examples));
  }
  // One "such as" at most, and at the end, where it cannot be misread.
  if (!with_examples.empty())
    plain.push_back(std::move(with_examples.front()));
  if (plain.size() > 3)
    plain.erase(plain.begin(), plain.end() - 3);
  return plain;
}

std::vector<std::string> comforts_of_place(const occasion& about) {
  constexpr std::size_t most = 2;
  const auto& h = *about.pick.headphone;
  std::vector<std::string> out;
  auto add = [&](bool here, std::string text) {
    if (here && out.size() < most)
      out.push_back(std::move(text));
  };
  const auto& required = about.wanted.requirements;
  bool in_ear = h.form_factor == form_factor::in_ear;
  add(h.anc && (asks_for(about, q::anc) || required.anc.has_value()), "the noise cancelling");
  add(h.battery_hours.has_value() && h.wireless && asks_for(about, q::endurance)
        && about.pick.qualities[static_cast<std::size_t>(q::endurance)] >= 0.45,
      "the rated " + number(h.battery_hours.value_or(0)) + " hours of battery");
  add(h.back == back::closed && !h.anc && (asks_for(about, q::isolation) || asks_for(about, q::quiet)),
      in_ear ? "the seal in the ear canal" : "the closed back");
  add(h.back == back::open && asks_for(about, q::openness),
      in_ear || h.driver == driver::bone_conduction ? "the open fit" : "the open back");
  add(h.microphone && asks_for(about, q::microphone), "the microphone");
  add(h.weight_g && !in_ear && *h.weight_g <= 250
        && (asks_for(about, q::lightness) || asks_for(about, q::full_size)),
      "the low weight of " + number(h.weight_g.value_or(0)) + " g");
  add(h.wireless && asks_for(about, q::wireless), "the lack of a cable");
  return out;
}

std::string price_sentence(const occasion& about, phrase_choice& choose) {
  const auto& h = *about.pick.headphone;
  if (about.wanted.budget_max)
    return price_within(about, *about.wanted.budget_max, choose);
  auto price = about_money(h.price_usd);
  bool reduced = h.price_usd.cents * 100 <= h.msrp_usd.cents * 88
                 && h.msrp_confidence == events::catalog::msrp_confidence::high;
  if (reduced)
    return "It usually sells for about " + price + ", down from a list price of " + about_money(h.msrp_usd)
           + " at launch.";
  return choose.below(2) == 0 ? "It usually sells for about " + price + "."
                              : "Expect to pay about " + price + " for it.";
}

std::vector<std::string> chosen(remarks all, const std::vector<std::string>& phrases,
                                const std::vector<topics>& about_phrases, picking limits) {
  std::stable_sort(all.begin(), all.end(),
                   [](const remark& a, const remark& b) { return a.weight > b.weight; });
  std::vector<std::string> out;
  topics said = 0;
  for (auto& one : all)
    if (out.size() < limits.own && (said & one.about) == 0) {
      said |= one.about;
      out.push_back(std::move(one.text));
    }
  for (std::size_t i = 0; i < phrases.size(); ++i)
    if (out.size() < limits.count && (said & about_phrases[i]) == 0
        && std::find(out.begin(), out.end(), phrases[i]) == out.end()) {
      said |= about_phrases[i];
      out.push_back(phrases[i]);
    }
  return out;
}

} // namespace sonicmatch::actors::heuristic
