#include "actors/heuristic/constraints.hpp"

#include <algorithm>

namespace sonicmatch::actors::heuristic {

using events::catalog::headphone;
using events::session::preferences;

std::string_view field_of(constraint which) noexcept {
  constexpr std::array<std::string_view, constraint_count> fields{"budget_max",
                                                                  "budget_min",
                                                                  "requirements.types",
                                                                  "requirements.back",
                                                                  "requirements.wireless",
                                                                  "requirements.anc",
                                                                  "requirements.microphone"};
  return fields[static_cast<std::size_t>(which)];
}

bool within_budget_max(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.budget_max || h.price_usd <= *wanted.budget_max;
}

bool within_budget_min(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.budget_min || h.price_usd >= *wanted.budget_min;
}

bool of_wanted_type(const headphone& h, const preferences& wanted) noexcept {
  const auto& types = wanted.requirements.types;
  return types.empty() || std::find(types.begin(), types.end(), h.form_factor) != types.end();
}

bool has_wanted_back(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.requirements.back || h.back == *wanted.requirements.back;
}

bool meets_wireless(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.requirements.wireless || h.wireless == *wanted.requirements.wireless;
}

bool meets_anc(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.requirements.anc || h.anc == *wanted.requirements.anc;
}

bool meets_microphone(const headphone& h, const preferences& wanted) noexcept {
  return !wanted.requirements.microphone || h.microphone == *wanted.requirements.microphone;
}

constraint_set broken_by(const headphone& h, const preferences& wanted) noexcept {
  constexpr std::array predicates{within_budget_max, within_budget_min, of_wanted_type,  has_wanted_back,
                                  meets_wireless,    meets_anc,         meets_microphone};
  static_assert(predicates.size() == constraint_count);
  constraint_set broken = 0;
  for (std::size_t i = 0; i < predicates.size(); ++i)
    if (!predicates[i](h, wanted))
      broken |= bit_of(static_cast<constraint>(i));
  return broken;
}

} // namespace sonicmatch::actors::heuristic
