#include "actors/heuristic/relaxation.hpp"

#include "events/record/reader.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::back;
using events::catalog::form_factor;
using events::session::preferences;
using events::session::relaxation;
using tests::heuristic::seeded_catalog;

namespace {

const relaxation* about(const std::vector<relaxation>& all, std::string_view field) {
  auto found = std::find_if(all.begin(), all.end(), [&](const auto& one) { return one.field == field; });
  return found == all.end() ? nullptr : &*found;
}

std::vector<relaxation> relaxed(const preferences& wanted) {
  return relaxations_for(seeded_catalog()->all(), wanted);
}

/// The preferences with the suggestions put in their place.
preferences follow(preferences wanted, const std::vector<relaxation>& advice) {
  for (const auto& one : advice) {
    events::record::violations wrong;
    auto amount = [&] {
      return *events::record::read<double>(one.suggested.text, wrong, events::record::unknown_fields::refuse);
    };
    auto& r = wanted.requirements;
    if (one.field == "budget_max")
      wanted.budget_max = events::usd{std::llround(amount() * 100)};
    else if (one.field == "budget_min")
      wanted.budget_min = events::usd{std::llround(amount() * 100)};
    else if (one.field == "requirements.types")
      r.types = *events::record::read<std::vector<form_factor>>(one.suggested.text, wrong,
                                                                events::record::unknown_fields::refuse);
    else if (one.field == "requirements.back")
      r.back = one.suggested.text == "null" ? std::nullopt : std::optional{back::semi_open};
    else if (one.field == "requirements.wireless")
      r.wireless.reset();
    else if (one.field == "requirements.anc")
      r.anc.reset();
    else if (one.field == "requirements.microphone")
      r.microphone.reset();
    REQUIRE(wrong.empty());
  }
  return wanted;
}

int matches_of(const preferences& wanted) {
  const auto& all = seeded_catalog()->all();
  return static_cast<int>(
    std::count_if(all.begin(), all.end(), [&](const auto& h) { return meets_all(h, wanted); }));
}

} // namespace

TEST_CASE("a budget that is too small is raised to the cheapest that fits the rest") {
  preferences wanted;
  wanted.budget_max = events::usd{40'00};
  wanted.requirements.anc = true;
  wanted.requirements.types = {form_factor::over_ear};
  auto advice = relaxed(wanted);
  const auto* budget = about(advice, "budget_max");
  REQUIRE(budget != nullptr);
  CHECK(budget->current.text == "40");
  CHECK(budget->suggested.text == "69");
  CHECK(budget->matches >= 1);
  CHECK(budget->detail.starts_with("Raising the budget to $69 would give "));
  REQUIRE(about(advice, "requirements.anc") != nullptr);
  CHECK(about(advice, "requirements.anc")->suggested.text == "null");
}

TEST_CASE("where one change cannot help, the changes of one pair are named together") {
  preferences wanted;
  wanted.budget_max = events::usd{60'00};
  wanted.requirements.back = back::open;
  wanted.requirements.anc = true;
  wanted.requirements.types = {form_factor::over_ear};
  auto advice = relaxed(wanted);
  REQUIRE(advice.size() >= 2);
  for (const auto& one : advice)
    CHECK(one.detail.find("one change alone is not enough") != std::string::npos);
  CHECK(matches_of(follow(wanted, advice)) == advice.front().matches);
}

TEST_CASE("following the advice gives just as many matches as it says") {
  tests::heuristic::generator random{11};
  int hopeless = 0;
  for (int i = 0; i < 20'000 && hopeless < 400; ++i) {
    auto wanted = tests::heuristic::random_preferences(random);
    if (matches_of(wanted) > 0) {
      REQUIRE(relaxed(wanted).empty());
      continue;
    }
    ++hopeless;
    auto advice = relaxed(wanted);
    REQUIRE_FALSE(advice.empty());
    bool together = advice.front().detail.find("together with") != std::string::npos;
    for (const auto& one : advice) {
      INFO(one.detail);
      REQUIRE(one.matches > 0);
      REQUIRE(one.current != one.suggested);
      auto tried = together ? follow(wanted, advice) : follow(wanted, {one});
      REQUIRE(matches_of(tried) == one.matches);
    }
  }
  REQUIRE(hopeless > 100);
}
