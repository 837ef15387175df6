#include "actors/heuristic/constraints.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::back;
using events::catalog::form_factor;
using events::session::preferences;
using tests::heuristic::seeded;

TEST_CASE("a price of exactly the budget is inside, a cent more is outside") {
  const auto& h = seeded("sennheiser-hd-560s");
  preferences wanted;
  wanted.budget_max = h.price_usd;
  CHECK(within_budget_max(h, wanted));
  wanted.budget_max->cents -= 1;
  CHECK_FALSE(within_budget_max(h, wanted));
}

TEST_CASE("a price below budget_min is outside") {
  const auto& h = seeded("sennheiser-hd-560s");
  preferences wanted;
  wanted.budget_min = h.price_usd;
  CHECK(within_budget_min(h, wanted));
  wanted.budget_min->cents += 1;
  CHECK_FALSE(within_budget_min(h, wanted));
}

TEST_CASE("what is not required is not checked") {
  for (const auto& h : tests::heuristic::seeded_catalog()->all())
    CHECK(broken_by(h, preferences{}) == 0);
}

TEST_CASE("each requirement refuses what does not have it, and says which it was") {
  const auto& open_wired = seeded("sennheiser-hd-560s");
  preferences wanted;
  wanted.requirements.types = {form_factor::in_ear, form_factor::on_ear};
  CHECK(broken_by(open_wired, wanted) == bit_of(constraint::types));
  wanted.requirements = {};
  wanted.requirements.back = back::semi_open;
  CHECK(broken_by(open_wired, wanted) == bit_of(constraint::back));
  wanted.requirements = {};
  wanted.requirements.wireless = true;
  wanted.requirements.anc = true;
  CHECK(broken_by(open_wired, wanted) == (bit_of(constraint::wireless) | bit_of(constraint::anc)));
  wanted.requirements = {};
  wanted.requirements.microphone = true;
  CHECK(broken_by(open_wired, wanted) == bit_of(constraint::microphone));
}

TEST_CASE("a requirement of false asks for a headphone without it") {
  preferences wanted;
  wanted.requirements.wireless = false;
  wanted.requirements.anc = false;
  CHECK(meets_all(seeded("sennheiser-hd-560s"), wanted));
  CHECK_FALSE(meets_all(seeded("sony-wh-1000xm5"), wanted));
}

TEST_CASE("every constraint has a field, and no two have the same") {
  for (std::size_t i = 0; i < constraint_count; ++i)
    for (std::size_t j = 0; j < i; ++j)
      CHECK(field_of(static_cast<constraint>(i)) != field_of(static_cast<constraint>(j)));
}
