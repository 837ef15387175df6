#include "actors/heuristic/engine.hpp"

#include "actors/heuristic/constraints.hpp"
#include "events/record/reader.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::snapshot;
using events::session::preferences;
using tests::heuristic::generator;

namespace {

constexpr std::chrono::year now{2026};

std::vector<std::string> slugs(const recommendation& given) {
  std::vector<std::string> out;
  for (const auto& match : given.matches)
    out.push_back(match.headphone.slug);
  return out;
}

void check_scores(const events::session::scores& s) {
  for (auto value : {s.overall, s.genre_match, s.sound_profile, s.use_case, s.budget, s.feature_match}) {
    REQUIRE(value >= 0);
    REQUIRE(value <= 1);
  }
}

/// What must hold of every answer, whatever catalog and wishes.
void check_answer(const engine& asked, const preferences& wanted, std::size_t max_results) {
  auto given = asked.recommend(wanted, max_results, now);
  auto fitting = asked.rank(wanted, now);
  REQUIRE(given.matches.size() == std::min(max_results, fitting.size()));
  std::set<std::string> seen;
  double last = 2;
  for (std::size_t i = 0; i < given.matches.size(); ++i) {
    const auto& match = given.matches[i];
    REQUIRE(match.rank == static_cast<int>(i + 1));
    REQUIRE(match.overall_score == match.scores.overall);
    REQUIRE(match.overall_score <= last);
    last = match.overall_score;
    REQUIRE(seen.insert(match.headphone.slug).second);
    const auto* h = asked.catalog()->find(match.headphone.slug);
    REQUIRE(h != nullptr);
    REQUIRE(meets_all(*h, wanted));
    REQUIRE(match.headphone == events::catalog::view_of(*h));
    check_scores(match.scores);
    REQUIRE_FALSE(match.explanation.empty());
    REQUIRE_FALSE(match.personalized_pros.empty());
    REQUIRE_FALSE(match.personalized_cons.empty());
    REQUIRE_FALSE(match.match_highlights.empty());
    events::record::violations wrong;
    std::string json;
    events::record::write(json, match);
    auto read =
      events::record::read<events::session::match>(json, wrong, events::record::unknown_fields::refuse);
    REQUIRE(read.has_value());
    REQUIRE(wrong.empty());
  }
  if (!fitting.empty() && max_results > 0)
    REQUIRE(given.matches.front().headphone.slug == fitting.front().headphone->slug);
  REQUIRE(given.relaxations.empty() == !fitting.empty());
}

} // namespace

TEST_CASE("whatever is asked of the seed catalog, the answer is sound") {
  engine asked{tests::heuristic::seeded_catalog()};
  generator random{2026};
  for (int i = 0; i < 1500; ++i) {
    INFO("case " << i);
    check_answer(asked, tests::heuristic::random_preferences(random), 1 + random() % 10);
  }
}

TEST_CASE("whatever is asked of any catalog, the answer is sound") {
  generator random{7};
  for (int i = 0; i < 150; ++i) {
    engine asked{tests::heuristic::random_catalog(random, 1 + static_cast<int>(random() % 60))};
    INFO("catalog " << i);
    for (int j = 0; j < 12; ++j)
      check_answer(asked, tests::heuristic::random_preferences(random), 1 + random() % 8);
  }
}

TEST_CASE("the same wishes give the same answer, from any copy of the engine and any order of the file") {
  auto all = tests::heuristic::seeded_catalog()->all();
  engine asked{tests::heuristic::seeded_catalog()};
  generator random{99};
  std::shuffle(all.begin(), all.end(), random);
  engine shuffled{std::make_shared<const snapshot>(all, 1)};
  for (int i = 0; i < 200; ++i) {
    auto wanted = tests::heuristic::random_preferences(random);
    auto first = asked.recommend(wanted, 5, now);
    CHECK(first.matches == engine{asked}.recommend(wanted, 5, now).matches);
    CHECK(first.matches == shuffled.recommend(wanted, 5, now).matches);
    CHECK(first.notes == shuffled.recommend(wanted, 5, now).notes);
  }
}

TEST_CASE("an empty catalog gives neither matches nor relaxations") {
  engine asked{std::make_shared<const snapshot>(std::vector<events::catalog::headphone>{}, 1)};
  auto given = asked.recommend({}, 5, now);
  CHECK(given.matches.empty());
  CHECK(given.relaxations.empty());
}

TEST_CASE("no more than a hundred picks are given, as the record of a match declares") {
  engine asked{tests::heuristic::seeded_catalog()};
  CHECK(asked.recommend({}, 1000, now).matches.size() == 100);
  CHECK(asked.recommend({}, 0, now).matches.empty());
}

TEST_CASE("candidates are ranked by their unrounded score, and by slug where that is equal") {
  auto twin = tests::heuristic::seeded("akg-k371");
  auto other = twin;
  other.slug = "akg-k37";
  engine asked{std::make_shared<const snapshot>(std::vector{twin, other}, 1)};
  auto ranked = asked.rank({}, now);
  REQUIRE(ranked.size() == 2);
  CHECK(ranked[0].headphone->slug == "akg-k37");
}

TEST_CASE("an expert's choices are among the first for plain wishes") {
  engine asked{tests::heuristic::seeded_catalog()};
  auto among_first = [&](const preferences& wanted, std::string_view slug) {
    auto given = slugs(asked.recommend(wanted, 5, now));
    return std::find(given.begin(), given.end(), slug) != given.end();
  };
  preferences monitoring;
  monitoring.primary_use_case = "studio";
  monitoring.budget_max = events::usd{200'00};
  monitoring.requirements.back = events::catalog::back::closed;
  CHECK(among_first(monitoring, "beyerdynamic-dt-770-pro"));
  CHECK(among_first(monitoring, "sony-mdr-7506"));
  preferences flight;
  flight.primary_use_case = "flights";
  flight.budget_max = events::usd{400'00};
  CHECK(among_first(flight, "sony-wh-1000xm5"));
  CHECK(among_first(flight, "bose-quietcomfort-ultra"));
  preferences audiophile;
  audiophile.primary_use_case = "critical_listening";
  audiophile.listening_environment = "home_quiet";
  audiophile.budget_max = events::usd{200'00};
  CHECK(among_first(audiophile, "sennheiser-hd-560s"));
  CHECK(among_first(audiophile, "sennheiser-hd-6xx"));
}
