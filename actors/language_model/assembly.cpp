#include "actors/language_model/assembly.hpp"

#include <algorithm>

namespace sonicmatch::actors::language_model {

assembled assemble(checked_reply from_model, const std::vector<events::session::match>& from_heuristic,
                   std::size_t results) {
  assembled out{.matches = std::move(from_model.accepted)};
  auto& matches = out.matches;
  if (matches.size() > results)
    matches.erase(matches.begin() + static_cast<std::ptrdiff_t>(results), matches.end());
  for (const auto& each : from_heuristic) {
    if (matches.size() >= results)
      break;
    auto is_same = [&](const auto& other) { return other.headphone.id == each.headphone.id; };
    if (std::any_of(matches.begin(), matches.end(), is_same))
      continue;
    matches.push_back(each);
    out.completed = true;
  }
  std::stable_sort(matches.begin(), matches.end(),
                   [](const auto& a, const auto& b) { return a.overall_score > b.overall_score; });
  int rank = 0;
  for (auto& each : matches)
    each.rank = ++rank;
  return out;
}

} // namespace sonicmatch::actors::language_model
