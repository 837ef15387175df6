#include "events/session/preferences.hpp"

namespace sonicmatch::events::session {

void preferences::check(const preferences& value, const std::string& at, record::violations& wrong) {
  if (value == preferences{})
    wrong.push_back({at, "required", "must hold at least one wish, such as genres, a budget or a use case"});
  if (value.budget_min && value.budget_max && *value.budget_min > *value.budget_max) {
    wrong.push_back({at + "/budget_min", "inconsistent", "must not be more than budget_max"});
    wrong.push_back({at + "/budget_max", "inconsistent", "must not be less than budget_min"});
  }
}

} // namespace sonicmatch::events::session
