#include "actors/heuristic/editorial.hpp"
#include "actors/heuristic/engine.hpp"
#include "actors/heuristic/phrases.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <set>

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::session::match;
using events::session::preferences;
using tests::heuristic::generator;

namespace {

constexpr std::chrono::year now{2026};

std::vector<std::string> texts_of(const match& of) {
  std::vector<std::string> out{of.explanation};
  for (const auto* list : {&of.personalized_pros, &of.personalized_cons, &of.match_highlights})
    out.insert(out.end(), list->begin(), list->end());
  return out;
}

/// A full stop or question mark before a space and a capital, or at the end.
int sentences_in(std::string_view text) {
  int count = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (text[i] == '.'
        && (i + 1 == text.size()
            || (i + 2 < text.size() && text[i + 1] == ' ' && std::isupper(text[i + 2]) != 0)))
      ++count;
  return count;
}

} // namespace

TEST_CASE("an explanation has two to four sentences, and no text has markup or loose ends") {
  engine asked{tests::heuristic::seeded_catalog()};
  generator random{5};
  for (int i = 0; i < 600; ++i)
    for (const auto& one : asked.recommend(tests::heuristic::random_preferences(random), 5, now).matches) {
      INFO(one.explanation);
      REQUIRE(sentences_in(one.explanation) >= 2);
      REQUIRE(sentences_in(one.explanation) <= 4);
      for (const auto& text : texts_of(one)) {
        INFO(text);
        REQUIRE(text.find_first_of("<>`{}\n") == std::string::npos);
        for (const auto* loose : {"  ", " ,", " .", "..", ": .", "**", " nan", "inf ", "null", "-0"})
          REQUIRE(text.find(loose) == std::string::npos);
      }
    }
}

TEST_CASE("a specification that is null is not mentioned") {
  generator random{6};
  auto all = tests::heuristic::seeded_catalog()->all();
  for (auto& h : all) {
    h.weight_g.reset();
    h.battery_hours.reset();
    h.impedance_ohm.reset();
    h.release_year.reset();
    h.measured.cross_source.reset();
    h.pros = {"Plush comfort"};
    h.cons = {"Odd case"};
  }
  engine asked{std::make_shared<const events::catalog::snapshot>(all, 1)};
  for (int i = 0; i < 600; ++i)
    for (const auto& one : asked.recommend(tests::heuristic::random_preferences(random), 5, now).matches)
      for (const auto& text : texts_of(one)) {
        INFO(text);
        for (const auto* spec :
             {" hours", " g ", " g less", " g,", "ohm", "Dates from", "independent sets", "differ between"})
          REQUIRE(text.find(spec) == std::string::npos);
      }
}

TEST_CASE("soundstage and detail are never called measured") {
  engine asked{tests::heuristic::seeded_catalog()};
  preferences wanted;
  wanted.sound_preferences.soundstage = 0.9;
  wanted.sound_preferences.detail = 0.9;
  for (const auto& one : asked.recommend(wanted, 20, now).matches)
    for (const auto& text : texts_of(one))
      if (text.find("oundstage") != std::string::npos || text.find("etail") != std::string::npos) {
        INFO(text);
        bool own_words = text.find("out of 100") == std::string::npos;
        CHECK((own_words || text.find("editors") != std::string::npos));
      }
}

TEST_CASE("a measurement of low confidence is said to be one, and no decibels are quoted from it") {
  engine asked{tests::heuristic::seeded_catalog()};
  preferences wanted;
  wanted.primary_use_case = "running";
  wanted.requirements.back = events::catalog::back::open;
  wanted.requirements.wireless = true;
  bool seen = false;
  for (const auto& one : asked.recommend(wanted, 20, now).matches) {
    if (asked.catalog()->find(one.headphone.slug)->measured.confidence != events::catalog::confidence::low)
      continue;
    seen = true;
    CHECK(one.explanation.find("cannot be measured well") != std::string::npos);
    for (const auto& text : texts_of(one))
      CHECK(text.find(" dB") == std::string::npos);
  }
  CHECK(seen);
}

TEST_CASE("the picks of one answer open differently, and so do different requests") {
  engine asked{tests::heuristic::seeded_catalog()};
  std::set<std::string> openings_of_best;
  for (int budget = 100; budget <= 1000; budget += 50) {
    preferences wanted;
    wanted.primary_use_case = "critical_listening";
    wanted.budget_max = events::usd{budget * 100};
    auto given = asked.recommend(wanted, 5, now);
    std::set<std::string> openings;
    for (const auto& one : given.matches)
      openings.insert(one.explanation.substr(0, 9));
    CHECK(openings.size() >= 3);
    openings_of_best.insert(given.matches.front().explanation.substr(0, 9));
  }
  CHECK(openings_of_best.size() >= 3);
}

TEST_CASE("texts speak of the person's own words and of money in round dollars") {
  engine asked{tests::heuristic::seeded_catalog()};
  preferences wanted;
  wanted.genres = {"techno"};
  wanted.primary_use_case = "mixing";
  wanted.budget_max = events::usd{200'00};
  auto best = asked.recommend(wanted, 1, now).matches.at(0);
  CHECK(best.explanation.find("mixing") != std::string::npos);
  CHECK(std::any_of(best.match_highlights.begin(), best.match_highlights.end(),
                    [](const auto& text) { return text.find("of your $200") != std::string::npos; }));
}

TEST_CASE("numbers, money and lists read as English") {
  std::vector<std::string> three{"rock", "jazz", "folk"};
  CHECK(listed(three) == "rock, jazz and folk");
  CHECK(money({1'299'00}) == "$1,299");
  CHECK(money({199'95}) == "$199.95");
  CHECK(about_money({199'95}) == "$200");
  CHECK(decibels(-2.14) == "2.1 dB");
  CHECK(number(6.5) == "6.5");
  CHECK(number(30) == "30");
  CHECK(counted(14) == "14");
}

TEST_CASE("the catalog's own phrases are read for what they praise and doubt") {
  CHECK(topics_of("Class-leading ANC") == topic::anc);
  CHECK(topics_of("Sub-bass rolls off") == topic::bass);
  CHECK(topics_of("Odd case") == 0);
  auto h = tests::heuristic::seeded("sony-wh-1000xm5");
  h.pros = {"Class-leading ANC"};
  h.cons = {};
  CHECK(anc_grade(h) == 1.0);
  h.pros = {"Affordable ANC"};
  h.cons = {"Weak ANC"};
  CHECK(anc_grade(h) == Approx(0.55));
  h.anc = false;
  CHECK(anc_grade(h) == 0.0);
}
