#include "actors/heuristic/relaxation.hpp"

#include "actors/heuristic/phrases.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <string>

namespace sonicmatch::actors::heuristic {

namespace {

using events::usd;
using events::catalog::back;
using events::catalog::form_factor;
using events::catalog::headphone;
using events::session::preferences;
using events::session::relaxation;

using counts = std::array<int, std::size_t{1} << constraint_count>;

std::string json_of(usd amount) {
  auto text = std::to_string(amount.cents / 100);
  if (auto rest = amount.cents % 100; rest != 0) {
    text += rest < 10 ? ".0" : ".";
    text += std::to_string(rest % 10 == 0 ? rest / 10 : rest);
  }
  return text;
}

std::string json_of(bool value) {
  return value ? "true" : "false";
}

std::string json_of(const std::vector<form_factor>& types) {
  std::string text = "[";
  for (auto type : types) {
    text += text.size() > 1 ? ",\"" : "\"";
    text += events::record::name_of(type);
    text += '"';
  }
  return text + "]";
}

std::string current_of(constraint which, const preferences& wanted) {
  const auto& required = wanted.requirements;
  switch (which) {
  case constraint::budget_max:
    return json_of(*wanted.budget_max);
  case constraint::budget_min:
    return json_of(*wanted.budget_min);
  case constraint::types:
    return json_of(required.types);
  case constraint::back:
    return "\"" + std::string{events::record::name_of(*required.back)} + "\"";
  case constraint::wireless:
    return json_of(*required.wireless);
  case constraint::anc:
    return json_of(*required.anc);
  case constraint::microphone:
    break;
  }
  return json_of(*required.microphone);
}

/// Whether a headphone breaks nothing but what is in `set`.
bool within(constraint_set broken, constraint_set set) {
  return (broken & ~set) == 0;
}

/// Changes one constraint of `wanted` to the nearest value under which some of
/// `helped` (headphones that break nothing outside the set) pass it.
void loosen(constraint which, const std::vector<const headphone*>& helped, preferences& wanted) {
  auto& required = wanted.requirements;
  switch (which) {
  case constraint::budget_max:
    wanted.budget_max = (*std::min_element(helped.begin(), helped.end(),
                                           [](auto a, auto b) { return a->price_usd < b->price_usd; }))
                          ->price_usd;
    break;
  case constraint::budget_min:
    wanted.budget_min = (*std::max_element(helped.begin(), helped.end(),
                                           [](auto a, auto b) { return a->price_usd < b->price_usd; }))
                          ->price_usd;
    break;
  case constraint::types:
    for (auto type : {form_factor::over_ear, form_factor::on_ear, form_factor::in_ear})
      if (std::find(required.types.begin(), required.types.end(), type) == required.types.end()
          && std::any_of(helped.begin(), helped.end(), [&](auto h) { return h->form_factor == type; }))
        required.types.push_back(type);
    break;
  case constraint::back:
    if (required.back == back::open
        && std::any_of(helped.begin(), helped.end(), [](auto h) { return h->back == back::semi_open; }))
      required.back = back::semi_open;
    else
      required.back.reset();
    break;
  case constraint::wireless:
    required.wireless.reset();
    break;
  case constraint::anc:
    required.anc.reset();
    break;
  case constraint::microphone:
    required.microphone.reset();
    break;
  }
}

std::string suggested_of(constraint which, const preferences& loosened) {
  const auto& required = loosened.requirements;
  switch (which) {
  case constraint::budget_max:
    return json_of(*loosened.budget_max);
  case constraint::budget_min:
    return json_of(*loosened.budget_min);
  case constraint::types:
    return json_of(required.types);
  case constraint::back:
    if (required.back)
      return "\"" + std::string{events::record::name_of(*required.back)} + "\"";
    break;
  case constraint::wireless:
  case constraint::anc:
  case constraint::microphone:
    break;
  }
  return "null";
}

/// The change as the middle of a sentence: "raising the budget to $229".
std::string change(constraint which, const preferences& wanted, const preferences& loosened) {
  const auto& required = wanted.requirements;
  switch (which) {
  case constraint::budget_max:
    return "raising the budget to " + money(*loosened.budget_max);
  case constraint::budget_min:
    return "lowering the least price to " + money(*loosened.budget_min);
  case constraint::types: {
    std::vector<std::string> added;
    for (auto i = required.types.size(); i < loosened.requirements.types.size(); ++i)
      added.emplace_back(plural(loosened.requirements.types[i]));
    return "also allowing " + listed(added);
  }
  case constraint::back:
    if (loosened.requirements.back)
      return "taking a semi-open back";
    return "not insisting on " + std::string{with_article(*required.back)} + " back";
  case constraint::wireless:
    return *required.wireless ? "allowing a cable" : "allowing wireless models";
  case constraint::anc:
    return *required.anc ? "giving up noise cancelling" : "allowing noise cancelling";
  case constraint::microphone:
    break;
  }
  return *required.microphone ? "giving up the microphone" : "allowing a built-in microphone";
}

std::string detail_of(const std::string& this_change, const std::vector<std::string>& with, int matches) {
  std::string text = this_change;
  text.front() = static_cast<char>(text.front() - 'a' + 'A');
  if (!with.empty())
    text += ", together with " + listed(with) + ",";
  text += " would give " + (matches == 1 ? std::string{"one match"} : counted(matches) + " matches");
  if (!with.empty())
    text += "; one change alone is not enough";
  return text + ".";
}

/// The relaxations of the constraints in `set`, to be made together.
std::vector<relaxation> relax(constraint_set set, const std::vector<headphone>& all,
                              const preferences& wanted) {
  preferences loosened = wanted;
  std::vector<constraint> changed;
  for (std::size_t i = 0; i < constraint_count; ++i) {
    auto which = static_cast<constraint>(i);
    if ((set & bit_of(which)) == 0)
      continue;
    changed.push_back(which);
  }
  // Money last: the price that fits depends on what else was given up.
  std::rotate(
    changed.begin(),
    std::find_if(changed.begin(), changed.end(), [](auto which) { return which > constraint::budget_min; }),
    changed.end());
  constraint_set open = set;
  for (auto which : changed) {
    std::vector<const headphone*> helped;
    for (const auto& h : all)
      if (within(broken_by(h, loosened), open))
        helped.push_back(&h);
    loosen(which, helped, loosened);
    open &= static_cast<constraint_set>(~bit_of(which));
  }
  std::sort(changed.begin(), changed.end());
  auto matches = static_cast<int>(
    std::count_if(all.begin(), all.end(), [&](const auto& h) { return meets_all(h, loosened); }));
  std::vector<relaxation> out;
  for (auto which : changed) {
    std::vector<std::string> others;
    for (auto other : changed)
      if (other != which)
        others.push_back(change(other, wanted, loosened));
    out.push_back({std::string{field_of(which)},
                   {current_of(which, wanted)},
                   {suggested_of(which, loosened)},
                   matches,
                   detail_of(change(which, wanted, loosened), others, matches)});
  }
  return out;
}

} // namespace

std::vector<relaxation> relaxations_for(const std::vector<headphone>& all, const preferences& wanted) {
  counts breaking{}; // how many headphones break exactly this set
  for (const auto& h : all)
    ++breaking[broken_by(h, wanted)];
  if (all.empty() || breaking[0] > 0)
    return {};
  int least = constraint_count;
  for (std::size_t set = 1; set < breaking.size(); ++set)
    if (breaking[set] > 0)
      least = std::min(least, std::popcount(set));
  std::vector<relaxation> out;
  std::size_t best = 0;
  for (std::size_t set = 1; set < breaking.size(); ++set) {
    if (breaking[set] == 0 || std::popcount(set) != least)
      continue;
    if (least == 1)
      for (auto& one : relax(static_cast<constraint_set>(set), all, wanted))
        out.push_back(std::move(one));
    else if (best == 0 || breaking[set] > breaking[best])
      best = set;
  }
  return least == 1 ? out : relax(static_cast<constraint_set>(best), all, wanted);
}

} // namespace sonicmatch::actors::heuristic
