#include "actors/heuristic/diversity.hpp"

#include <algorithm>
#include <cmath>

namespace sonicmatch::actors::heuristic {

namespace {

constexpr double likeness_cost = 0.02;

} // namespace

double likeness(const traits& one, const traits& other) noexcept {
  double alike = one.brand == other.brand ? 0.35 : 0.0;
  if (one.line == other.line)
    return alike + 0.65;
  double apart = 0;
  for (std::size_t i = 0; i < one.sound.size(); ++i)
    apart += std::abs(one.sound[i] - other.sound[i]);
  alike += 0.25 * std::max(0.0, 1.0 - apart);
  const auto& a = *one.headphone;
  const auto& b = *other.headphone;
  if (a.form_factor == b.form_factor && a.back == b.back && a.wireless == b.wireless)
    alike += 0.1;
  return alike;
}

std::vector<candidate> pick(const std::vector<candidate>& ranked, const std::vector<traits>& all,
                            std::size_t count) {
  // Nothing further down can rise by more than the cost of likeness.
  auto considered = std::min(ranked.size(), count);
  while (considered > 0 && considered < ranked.size()
         && ranked[considered].scores.overall > ranked[count - 1].scores.overall - likeness_cost)
    ++considered;
  std::vector<double> greatest(considered, 0.0);
  std::vector<bool> taken(considered, false);
  std::vector<std::size_t> picked;
  while (picked.size() < std::min(count, considered)) {
    auto best = considered;
    double best_worth = 0;
    for (std::size_t i = 0; i < considered; ++i) {
      double worth = ranked[i].scores.overall - likeness_cost * greatest[i];
      if (!taken[i] && (best == considered || worth > best_worth)) {
        best = i;
        best_worth = worth;
      }
    }
    taken[best] = true;
    picked.push_back(best);
    for (std::size_t i = 0; i < considered; ++i)
      if (!taken[i])
        greatest[i] = std::max(greatest[i], likeness(all[ranked[i].index], all[ranked[best].index]));
  }
  std::sort(picked.begin(), picked.end());
  std::vector<candidate> out;
  out.reserve(picked.size());
  for (auto i : picked)
    out.push_back(ranked[i]);
  return out;
}

} // namespace sonicmatch::actors::heuristic
