// The detailed explanation that needs no model.

#include "actors/heuristic/phrases.hpp"
#include "actors/heuristic/tuning.hpp"
#include "actors/heuristic/wishes.hpp"
#include "actors/language_model/comparison.hpp"
#include "actors/language_model/explanation.hpp"
#include "actors/language_model/figures.hpp"

#include <array>
#include <utility>

namespace sonicmatch::actors::language_model {

namespace {

using events::explanation::comparison_point;
using events::session::match;
using events::session::preferences;
using heuristic::concat;
using heuristic::sound_dimension;

/// What the event takes.
constexpr std::size_t text_bytes_max = 8'000;
constexpr std::size_t pros_told_max = 4;
constexpr std::size_t cons_told_max = 3;
constexpr std::size_t others_told_max = 3;

/// Sentences one after the other; one that would be too much is left out whole.
class paragraph {
public:
  void add(std::string_view sentence) {
    if (sentence.empty() || text_.size() + 1 + sentence.size() > text_bytes_max)
      return;
    if (!text_.empty())
      text_ += ' ';
    text_ += sentence;
  }
  [[nodiscard]] std::string take() && {
    return std::move(text_);
  }

private:
  std::string text_;
};

std::string opening(const match& pick, std::size_t picks) {
  auto name = name_of(pick.headphone);
  if (picks == 1)
    return concat({"The ", name, " is the one pick that was made for you."});
  return concat({"The ", name, " is the ",
                 pick.rank == 1 ? "best" : heuristic::ordinal(static_cast<std::size_t>(pick.rank)),
                 " of the ", heuristic::counted(static_cast<int>(picks)), " picks that were made for you."});
}

std::string_view verdict(heuristic::meeting met) noexcept {
  switch (met) {
  case heuristic::meeting::below:
    return ", which is less than that";
  case heuristic::meeting::met:
    return ", which answers it";
  case heuristic::meeting::above:
    break;
  }
  return ", which is more than that";
}

/// What the figures make of the stated wishes, judged as the heuristic judges them:
/// "bass 0.80, measured 0.61, which answers it".
std::vector<std::string> answered_wishes(const preferences& wanted, const match& pick) {
  const auto& sound = pick.headphone.sound_signature;
  const std::array scores{sound.bass, sound.mids, sound.treble, sound.soundstage, sound.detail};
  auto is_measurable = pick.headphone.driver != events::catalog::driver::bone_conduction;
  auto wish = heuristic::understand(wanted);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < scores.size(); ++i) {
    auto which = static_cast<sound_dimension>(i);
    auto is_editorial = which >= sound_dimension::soundstage;
    const auto& wished = heuristic::stated_value(wanted.sound_preferences, which);
    if (!wished || wish.sound[i].weight <= 0 || !(is_editorial || is_measurable))
      continue;
    out.push_back(concat({heuristic::shown(which), " ", in_figures(*wished),
                          is_editorial ? ", by our editors' ears " : ", measured ", in_figures(scores[i]),
                          verdict(heuristic::meets(scores[i], wish.sound[i]))}));
  }
  return out;
}

std::string sound_sentence(const preferences& wanted, const match& pick) {
  std::string out;
  for (const auto& each : answered_wishes(wanted, pick))
    out += (out.empty() ? "Your wishes for the sound, where 0.5 is neutral: " : "; ") + each;
  return out.empty() ? out : out + ".";
}

std::string budget_sentence(const preferences& wanted, const match& pick) {
  auto price = pick.headphone.price_usd;
  auto is_said = pick.explanation.find(heuristic::about_money(price)) != std::string::npos;
  if (is_said || !wanted.budget_max || *wanted.budget_max < price)
    return {};
  auto left = events::usd{wanted.budget_max->cents - price.cents};
  if (left.cents < 100)
    return concat({"At about ", heuristic::about_money(price), " it takes all of your budget."});
  return concat({"At about ", heuristic::about_money(price), " it leaves ", heuristic::about_money(left),
                 " of your limit of ", heuristic::money(*wanted.budget_max), "."});
}

std::string score_sentence(const match& pick) {
  const auto& parts = pick.scores;
  return concat({"Out of 100 it scores ", heuristic::hundredths(pick.overall_score),
                 " overall: ", heuristic::hundredths(parts.genre_match), " for the music, ",
                 heuristic::hundredths(parts.sound_profile), " for the sound, ",
                 heuristic::hundredths(parts.use_case), " for the use, ", heuristic::hundredths(parts.budget),
                 " for the money and ", heuristic::hundredths(parts.feature_match), " for its features."});
}

/// "What speaks for it: one; another."
std::string told(std::string_view lead, const std::vector<std::string>& items, std::size_t most) {
  if (items.empty())
    return {};
  std::string out{lead};
  for (std::size_t i = 0; i < items.size() && i < most; ++i) {
    std::string_view item = items[i];
    while (item.ends_with('.'))
      item.remove_suffix(1);
    out += concat({i == 0 ? " " : "; ", item});
  }
  return out + ".";
}

/// The comparison with the first few others, one after the other.
void add_comparison(paragraph& out, const std::vector<comparison_point>& points) {
  std::vector<events::headphone_id> told_of;
  for (const auto& each : points) {
    if (told_of.empty() || told_of.back() != each.other) {
      if (told_of.size() == others_told_max)
        return;
      told_of.push_back(each.other);
    }
    out.add(each.detail);
  }
}

} // namespace

std::string heuristic_explanation(const preferences& wanted, const std::vector<match>& matches,
                                  const events::headphone_id& explained,
                                  const std::vector<comparison_point>& points) {
  const auto* pick = find_pick(matches, explained);
  if (pick == nullptr)
    return "This headphone is not among the picks that were made for you.";
  paragraph out;
  out.add(opening(*pick, matches.size()));
  out.add(pick->explanation);
  out.add(sound_sentence(wanted, *pick));
  out.add(budget_sentence(wanted, *pick));
  out.add(told("What speaks for it:", pick->personalized_pros, pros_told_max));
  out.add(told("What speaks against it:", pick->personalized_cons, cons_told_max));
  out.add(score_sentence(*pick));
  add_comparison(out, points);
  return std::move(out).take();
}

} // namespace sonicmatch::actors::language_model
