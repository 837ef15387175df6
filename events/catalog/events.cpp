#include "events/catalog/events.hpp"

#include <set>

namespace sonicmatch::events::catalog {

void evolve(state& current, event happened) {
  auto id = subject_of(happened);
  if (auto* listed = std::get_if<headphone_listed>(&happened))
    current.insert_or_assign(id, std::move(listed->headphone));
  else if (auto* revised = std::get_if<headphone_revised>(&happened))
    current.insert_or_assign(id, std::move(revised->headphone));
  else
    current.erase(id);
}

std::vector<event> decide(const state& current, const std::vector<headphone>& wanted, bool retire_missing) {
  std::vector<event> out;
  std::set<headphone_id> kept;
  for (const auto& each : wanted) {
    auto id = each.id();
    kept.insert(id);
    auto known = current.find(id);
    if (known == current.end())
      out.emplace_back(headphone_listed{each});
    else if (known->second != each)
      out.emplace_back(headphone_revised{each});
  }
  if (retire_missing)
    for (const auto& [id, each] : current)
      if (!kept.contains(id))
        out.emplace_back(headphone_retired{each.slug});
  return out;
}

headphone_id subject_of(const event& happened) {
  if (const auto* listed = std::get_if<headphone_listed>(&happened))
    return listed->headphone.id();
  if (const auto* revised = std::get_if<headphone_revised>(&happened))
    return revised->headphone.id();
  return headphone_id_of(std::get<headphone_retired>(happened).slug);
}

} // namespace sonicmatch::events::catalog
