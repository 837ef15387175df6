#include "actors/language_model/comparison.hpp"

#include "actors/heuristic/phrases.hpp"
#include "actors/language_model/figures.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdlib>

namespace sonicmatch::actors::language_model {

namespace {

using events::catalog::headphone_view;
using events::explanation::aspect;
using events::explanation::comparison_point;
using events::session::match;

/// Differences of less than so many hundredths are within the spread of measurers, and
/// of taste.
constexpr long heard_measured = 5;
constexpr long heard_editorial = 8;

constexpr double price_share_min = 0.05;
constexpr double weight_share_min = 0.12;
constexpr double weight_g_min = 5;
constexpr double battery_share_min = 0.15;
constexpr double battery_hours_min = 1;
constexpr std::int64_t price_cents_min = 100;
constexpr std::size_t sound_differences_max = 2;

/// Two headphones, the explained one first.
struct pair_of_picks {
  const headphone_view& mine;
  const headphone_view& other;
  std::string other_name;
};

struct sound_difference {
  std::string text; ///< "less bass (0.32 against 0.61)"
  long size = 0;    ///< hundredths
};

struct dimension {
  std::string_view more;
  std::string_view less;
  double events::catalog::sound_signature::*score;
};

using signature = events::catalog::sound_signature;
constexpr std::array<dimension, 3> measured{{{"more bass", "less bass", &signature::bass},
                                             {"more mids", "less mids", &signature::mids},
                                             {"more treble", "less treble", &signature::treble}}};
constexpr std::array<dimension, 2> editorial{
  {{"a wider soundstage", "a narrower soundstage", &signature::soundstage},
   {"more detail", "less detail", &signature::detail}}};

/// What is heard of the differences in those dimensions, the greatest first. They are
/// those of the figures as they are shown.
template <std::size_t N>
std::vector<std::string> differences(const pair_of_picks& picks, const std::array<dimension, N>& dimensions,
                                     long heard) {
  std::vector<sound_difference> found;
  for (const auto& each : dimensions) {
    auto mine = picks.mine.sound_signature.*each.score;
    auto other = picks.other.sound_signature.*each.score;
    auto size = std::abs(hundredths_of(mine) - hundredths_of(other));
    if (size < heard)
      continue;
    auto what = mine > other ? each.more : each.less;
    found.push_back(
      {heuristic::concat({what, " (", in_figures(mine), " against ", in_figures(other), ")"}), size});
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.size > b.size; });
  std::vector<std::string> out;
  for (const auto& each : found)
    if (out.size() < sound_differences_max)
      out.push_back(each.text);
  return out;
}

/// Whose figures they are: two measurers' are less alike than two of one.
std::string as_measured(const pair_of_picks& picks) {
  if (picks.mine.measured_by == picks.other.measured_by)
    return ", as measured by " + picks.mine.measured_by;
  return heuristic::concat(
    {", as measured by ", picks.mine.measured_by, " here and by ", picks.other.measured_by, " there"});
}

/// What bone conducts is not what the rig's microphone hears.
bool is_measurable(const pair_of_picks& picks) noexcept {
  using events::catalog::driver;
  return picks.mine.driver != driver::bone_conduction && picks.other.driver != driver::bone_conduction;
}

std::string sound_point(const pair_of_picks& picks) {
  auto heard =
    is_measurable(picks) ? differences(picks, measured, heard_measured) : std::vector<std::string>{};
  auto felt = differences(picks, editorial, heard_editorial);
  std::string out;
  if (!heard.empty())
    out = heuristic::concat({heuristic::capitalised(heuristic::listed(heard)), " than the ", picks.other_name,
                             as_measured(picks), ", where 0.5 is on target."});
  if (!felt.empty()) {
    auto what = "Our editors hear " + heuristic::listed(felt);
    out += out.empty() ? what + " than in the " + picks.other_name + "." : " " + what + ".";
  }
  return out;
}

std::string price_point(const pair_of_picks& picks) {
  auto mine = picks.mine.price_usd.cents;
  auto other = picks.other.price_usd.cents;
  auto difference = std::abs(mine - other);
  if (static_cast<double>(difference) < price_share_min * static_cast<double>(std::min(mine, other))
      || difference < price_cents_min)
    return {};
  return heuristic::concat({"Costs about ", heuristic::about_money({difference}),
                            mine < other ? " less" : " more", " than the ", picks.other_name, ": ",
                            heuristic::money(picks.mine.price_usd), " against ",
                            heuristic::money(picks.other.price_usd), "."});
}

std::string connection_of(const headphone_view& h) {
  return h.wireless ? "wireless" : "wired";
}

std::string build_of(const headphone_view& h) {
  constexpr std::array<std::string_view, 3> forms{"over-ear", "on-ear", "in-ear"};
  constexpr std::array<std::string_view, 3> backs{"open", "semi-open", "closed"};
  return heuristic::concat(
    {backs[static_cast<std::size_t>(h.back)], " ", forms[static_cast<std::size_t>(h.form_factor)]});
}

/// What one has and the other lacks: "noise cancelling and a microphone".
std::vector<std::string> owned_by(const headphone_view& has, const headphone_view& lacks) {
  std::vector<std::string> out;
  if (has.anc && !lacks.anc)
    out.emplace_back("noise cancelling");
  if (has.microphone && !lacks.microphone)
    out.emplace_back("a microphone");
  return out;
}

/// Two figures of one kind, when they differ by more than `share` and `least`.
bool differ(const std::optional<double>& mine, const std::optional<double>& other, double share,
            double least) noexcept {
  return mine && other && std::abs(*mine - *other) >= std::max(least, share * std::min(*mine, *other));
}

std::string features_point(const pair_of_picks& picks) {
  using heuristic::number;
  const auto& [mine, other, name] = picks;
  std::vector<std::string> clauses;
  if (mine.wireless != other.wireless || mine.back != other.back || mine.form_factor != other.form_factor)
    clauses.push_back(
      heuristic::concat({"it is ", connection_of(mine), " and ", build_of(mine), ", where the ", name, " is ",
                         connection_of(other), " and ", build_of(other)}));
  auto them = clauses.empty() ? "the " + name : std::string{"the latter"};
  if (auto owned = owned_by(mine, other); !owned.empty())
    clauses.push_back("it has " + heuristic::listed(owned) + ", which " + them + " lacks");
  if (auto owned = owned_by(other, mine); !owned.empty())
    clauses.push_back(them + " has " + heuristic::listed(owned) + ", and this one does not");
  // One bud's weight and a headphone's are no comparison.
  if (mine.form_factor == other.form_factor
      && differ(mine.weight_g, other.weight_g, weight_share_min, weight_g_min))
    clauses.push_back(heuristic::concat(
      {"it weighs ", number(*mine.weight_g), " g, against ", number(*other.weight_g), " g for ", them}));
  if (differ(mine.battery_hours, other.battery_hours, battery_share_min, battery_hours_min))
    clauses.push_back(heuristic::concat({"its battery is rated for ", number(*mine.battery_hours),
                                         " hours, against ", number(*other.battery_hours), " for ", them}));
  std::string out;
  for (const auto& each : clauses)
    out += out.empty() ? heuristic::capitalised(each) : "; " + each;
  return out.empty() ? out : out + ".";
}

/// For two that differ in nothing worth a sentence.
std::string likeness(const pair_of_picks& picks) {
  if (!is_measurable(picks))
    return "Is much like the " + picks.other_name + " in price and features.";
  const auto& mine = picks.mine.sound_signature;
  const auto& other = picks.other.sound_signature;
  auto against = [](double a, double b) { return in_figures(a) + " against " + in_figures(b); };
  return heuristic::concat({"Sounds much like the ", picks.other_name, as_measured(picks), ": bass ",
                            against(mine.bass, other.bass), ", mids ", against(mine.mids, other.mids),
                            ", treble ", against(mine.treble, other.treble), ", where 0.5 is on target."});
}

void add_points(std::vector<comparison_point>& out, const pair_of_picks& picks) {
  auto before = out.size();
  auto add = [&](aspect about, std::string detail) {
    if (!detail.empty())
      out.push_back({picks.other.id, picks.other_name, about, std::move(detail)});
  };
  add(aspect::sound, sound_point(picks));
  add(aspect::price, price_point(picks));
  add(aspect::features, features_point(picks));
  if (out.size() == before)
    add(aspect::sound, likeness(picks));
}

} // namespace

const match* find_pick(const std::vector<match>& matches, const events::headphone_id& wanted) noexcept {
  auto found = std::find_if(matches.begin(), matches.end(),
                            [&](const match& each) { return each.headphone.id == wanted; });
  return found == matches.end() ? nullptr : &*found;
}

std::string name_of(const headphone_view& headphone) {
  return headphone.brand + " " + headphone.model;
}

std::vector<comparison_point> compare(const std::vector<match>& matches,
                                      const events::headphone_id& explained) {
  std::vector<comparison_point> out;
  const auto* pick = find_pick(matches, explained);
  if (pick == nullptr)
    return out;
  for (const auto& each : matches)
    if (each.headphone.id != explained)
      add_points(out, {pick->headphone, each.headphone, name_of(each.headphone)});
  return out;
}

} // namespace sonicmatch::actors::language_model
