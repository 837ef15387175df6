#include "actors/heuristic/engine.hpp"

#include "actors/heuristic/constraints.hpp"
#include "actors/heuristic/diversity.hpp"
#include "actors/heuristic/relaxation.hpp"
#include "actors/heuristic/scoring.hpp"
#include "actors/heuristic/traits.hpp"
#include "actors/heuristic/wishes.hpp"
#include "actors/heuristic/wording.hpp"

#include <algorithm>

namespace sonicmatch::actors::heuristic {

namespace {

using events::session::preferences;

constexpr std::size_t picks_max = 100; // the greatest rank a match may have

std::vector<candidate> ranked(const std::vector<traits>& all, const preferences& wanted, const wishes& wish,
                              std::chrono::year now) {
  auto money = purse_of(wanted);
  std::vector<candidate> out;
  out.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    if (meets_all(*all[i].headphone, wanted))
      out.push_back({all[i].headphone, i, score(all[i], wish, money, now)});
  std::sort(out.begin(), out.end(), [](const candidate& a, const candidate& b) {
    return a.scores.overall != b.scores.overall ? a.scores.overall > b.scores.overall
                                                : a.headphone->slug < b.headphone->slug;
  });
  return out;
}

} // namespace

struct engine::index {
  events::catalog::snapshot_ptr catalog;
  std::vector<traits> all;
};

engine::engine(events::catalog::snapshot_ptr catalog) {
  auto all = traits_of(catalog->all());
  index_ = std::make_shared<const index>(index{std::move(catalog), std::move(all)});
}

const events::catalog::snapshot_ptr& engine::catalog() const noexcept {
  return index_->catalog;
}

std::vector<candidate> engine::rank(const preferences& wanted, std::chrono::year now) const {
  return ranked(index_->all, wanted, understand(wanted), now);
}

recommendation engine::recommend(const preferences& wanted, std::size_t max_results,
                                 std::chrono::year now) const {
  recommendation out;
  auto wish = understand(wanted);
  auto fitting = ranked(index_->all, wanted, wish, now);
  auto picks = pick(fitting, index_->all, std::min(max_results, picks_max));
  auto seed = seed_of(wanted);
  out.matches.reserve(picks.size());
  for (std::size_t i = 0; i < picks.size(); ++i) {
    auto scores = rounded(picks[i].scores);
    occasion about{wanted,
                   wish,
                   index_->all[picks[i].index],
                   scores,
                   i + 1,
                   picks.size(),
                   seed,
                   i == 0 ? nullptr : &index_->all[picks[0].index],
                   now};
    out.matches.push_back({.rank = static_cast<int>(i + 1),
                           .headphone = index_->catalog->views()[picks[i].index],
                           .overall_score = scores.overall,
                           .scores = scores,
                           .explanation = explanation(about),
                           .personalized_pros = personalized_pros(about),
                           .personalized_cons = personalized_cons(about),
                           .match_highlights = match_highlights(about)});
  }
  if (fitting.empty())
    out.relaxations = relaxations_for(index_->catalog->all(), wanted);
  out.notes = std::move(wish.notes);
  return out;
}

} // namespace sonicmatch::actors::heuristic
