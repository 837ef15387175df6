#include "actors/heuristic/scoring.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace sonicmatch::actors::heuristic {

namespace {

using events::catalog::form_factor;

constexpr double nothing_wished = 0.5;
constexpr double usual_budget = 350; ///< dollars, where none is said

/// What each part weighs in overall when the person said something about it.
namespace weights {
constexpr double genre = 0.18;
constexpr double sound_stated = 0.17;
constexpr double sound_unstated = 0.09;
constexpr double use_case_said = 0.22;
constexpr double use_case_unsaid = 0.08;
constexpr double budget = 0.16;
constexpr double features = 0.16;
constexpr double standing = 0.22;
} // namespace weights

/// Years beyond the free ones cost `per_year`, down to `least`.
double worn(int age_years, int free_years, double per_year, double least) {
  return std::max(least, 1.0 - per_year * std::max(0, age_years - free_years));
}

} // namespace

purse purse_of(const events::session::preferences& wanted) {
  if (wanted.budget_max)
    return {std::max(1.0, events::dollars(*wanted.budget_max)), true};
  double least = wanted.budget_min ? events::dollars(*wanted.budget_min) : 0;
  return {std::max(usual_budget, 1.5 * least), false};
}

double genre_match(const traits& t, const wishes& w) noexcept {
  if (w.genres_sum <= 0)
    return nothing_wished;
  double sum = 0;
  for (std::size_t i = 0; i < genre_count; ++i)
    sum += w.genres[i] * t.genre_fit[i];
  return sum / w.genres_sum;
}

double sound_profile(const traits& t, const wishes& w) noexcept {
  constexpr double width_stated = 0.28;
  constexpr double width_unstated = 0.4;
  constexpr double unmeasured = 0.6;
  constexpr std::size_t measured_count = 3;
  double sum = 0;
  double weights_sum = 0;
  for (std::size_t i = 0; i < sound_dimension_count; ++i) {
    const auto& wish = w.sound[i];
    double miss = std::max({0.0, wish.low - t.sound[i], t.sound[i] - wish.high});
    miss /= wish.stated ? width_stated : width_unstated;
    double closeness = 1.0 / (1.0 + miss * miss);
    if (i < measured_count && !t.sound_is_certain)
      closeness = unmeasured;
    sum += wish.weight * closeness;
    weights_sum += wish.weight;
  }
  return weights_sum > 0 ? sum / weights_sum : nothing_wished;
}

double use_case_match(const traits& t, const wishes& w) noexcept {
  if (w.use_cases_sum <= 0)
    return nothing_wished;
  double sum = 0;
  for (std::size_t i = 0; i < use_case_count; ++i)
    sum += w.use_cases[i] * t.use_case_fit[i];
  return sum / w.use_cases_sum;
}

double budget_match(const traits& t, const purse& p) noexcept {
  constexpr double full_class = 0.62;
  constexpr double per_e_fold = 0.42;
  constexpr double least_class = 0.2;
  constexpr double cost = 0.12;
  double share = t.list_price / p.budget;
  double class_fit = std::clamp(1.0 + per_e_fold * std::log(share / full_class), least_class, 1.0);
  double spent = t.price / p.budget;
  // Beyond a budget nobody named, each doubling costs a little more.
  double saved = spent <= 1 ? 1.0 - cost * spent : (1.0 - cost) / (1.0 + 0.25 * std::log(spent));
  return class_fit * saved;
}

double feature_match(const traits& t, const wishes& w) noexcept {
  double sum = w.requirements_weight;
  double weights_sum = w.requirements_weight;
  for (std::size_t i = 0; i < quality_count; ++i) {
    sum += w.qualities[i] * t.qualities[i];
    weights_sum += w.qualities[i];
  }
  return weights_sum > 0 ? sum / weights_sum : nothing_wished;
}

double standing(const traits& t, std::chrono::year now) noexcept {
  constexpr double successor_factor = 0.88;
  constexpr double out_of_production_factor = 0.75;
  const auto& h = *t.headphone;
  int age = h.release_year ? std::max(0, static_cast<int>(now) - *h.release_year) : 6;
  double freshness = h.wireless                             ? worn(age, 3, 0.07, 0.3)
                     : h.form_factor == form_factor::in_ear ? worn(age, 2, 0.03, 0.75)
                                                            : worn(age, 6, 0.012, 0.75);
  for (int i = 0; i < std::min(t.successors, 3); ++i)
    freshness *= successor_factor;
  if (t.past_its_time)
    freshness *= out_of_production_factor;
  return 0.6 * t.renown + 0.4 * freshness;
}

events::session::scores score(const traits& t, const wishes& w, const purse& p,
                              std::chrono::year now) noexcept {
  events::session::scores out;
  out.genre_match = genre_match(t, w);
  out.sound_profile = sound_profile(t, w);
  out.use_case = use_case_match(t, w);
  out.budget = budget_match(t, p);
  out.feature_match = feature_match(t, w);
  double sum = 0;
  double weights_sum = 0;
  auto take = [&](double weight, double value) {
    sum += weight * value;
    weights_sum += weight;
  };
  double asked = std::accumulate(w.qualities.begin(), w.qualities.end(), 0.0);
  take(w.genres_sum > 0 ? weights::genre : 0, out.genre_match);
  take(w.sound_stated ? weights::sound_stated : weights::sound_unstated, out.sound_profile);
  take(w.use_case_said ? weights::use_case_said : weights::use_case_unsaid, out.use_case);
  take(weights::budget, out.budget);
  take(weights::features * std::min(1.0, asked), out.feature_match);
  take(weights::standing, standing(t, now));
  out.overall = std::clamp(sum / weights_sum, 0.0, 1.0);
  return out;
}

double rounded(double value) noexcept {
  return std::round(std::clamp(value, 0.0, 1.0) * 1e4) / 1e4;
}

events::session::scores rounded(const events::session::scores& exact) noexcept {
  return {rounded(exact.overall),  rounded(exact.genre_match), rounded(exact.sound_profile),
          rounded(exact.use_case), rounded(exact.budget),      rounded(exact.feature_match)};
}

} // namespace sonicmatch::actors::heuristic
