#include "actors/heuristic/remarks.hpp"
#include "actors/heuristic/tuning.hpp"

#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::headphone;

/// "+2.1 dB bass, on-target mids, -1.4 dB treble": the measured balance at a glance.
std::string balance(const headphone& h) {
  std::string text = "Measured balance: ";
  for (auto which : {sound_dimension::bass, sound_dimension::mids, sound_dimension::treble}) {
    auto deviation = *deviation_db(h, which);
    if (which != sound_dimension::bass)
      text += ", ";
    text += std::string{shown(which)} + " ";
    text +=
      std::lround(deviation * 10) == 0 ? "on target" : (deviation > 0 ? "+" : "−") + decibels(deviation);
  }
  return text;
}

std::string price(const occasion& about) {
  const auto& h = *about.pick.headphone;
  auto text = "About " + about_money(h.price_usd);
  if (!about.wanted.budget_max)
    return text;
  if (h.price_usd == *about.wanted.budget_max)
    return text + ", exactly your budget";
  return text + " of your " + about_money(*about.wanted.budget_max);
}

std::string make(const headphone& h) {
  auto text = kind_of(h);
  for (std::string_view article : {"a pair of ", "an ", "a "})
    if (text.starts_with(article)) {
      text.erase(0, article.size());
      break;
    }
  return capitalised(text);
}

} // namespace

std::vector<std::string> match_highlights(const occasion& about) {
  const auto& h = *about.pick.headphone;
  std::vector<std::string> out;
  if (auto music = music_in_common(about); !music.empty())
    out.push_back("Music in common: " + listed(music));
  if (about.pick.sound_is_certain)
    out.push_back(balance(h));
  auto comforts = comforts_of_place(about);
  out.push_back(make(h));
  for (const auto& comfort : comforts)
    if (comfort.starts_with("the rated ") || comfort.starts_with("the low "))
      out.push_back(capitalised(std::string_view{comfort}.substr(4)));
  out.push_back(price(about));
  if (h.core && out.size() < 5)
    out.emplace_back("One of the catalog's headline models");
  return out;
}

} // namespace sonicmatch::actors::heuristic
