#include "actors/heuristic/scoring.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>

// "More of what was wished for never scores lower." Each case takes a random
// headphone and random wishes, gives the headphone more of one thing and compares
// the overall scores. Which properties hold, in words: actors/heuristic/README.md.

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::headphone;
using events::session::preferences;
using tests::heuristic::between;
using tests::heuristic::chance;
using tests::heuristic::generator;

namespace {

constexpr int cases = 4000;
constexpr double rounding = 1e-12;
constexpr std::chrono::year now{2026};

events::session::scores scores_of(const headphone& h, const preferences& wanted) {
  std::vector<headphone> alone{h};
  auto wish = understand(wanted);
  return score(traits_of(alone).front(), wish, purse_of(wanted), now);
}

/// Runs `improve` on random headphones; it returns false when it has nothing to give.
template <class Improve>
void never_scores_lower(std::uint64_t seed, Improve improve) {
  generator random{seed};
  int tried = 0;
  for (int i = 0; i < cases; ++i) {
    auto before = tests::heuristic::random_headphone(random, i);
    auto wanted = tests::heuristic::random_preferences(random);
    auto after = before;
    if (!improve(random, after, wanted))
      continue;
    ++tried;
    INFO("case " << i);
    REQUIRE(scores_of(after, wanted).overall >= scores_of(before, wanted).overall - rounding);
  }
  REQUIRE(tried > cases / 20);
}

} // namespace

TEST_CASE("more bass, up to a wish for bass, never scores lower; the same for mids and treble") {
  using events::catalog::sound_signature;
  using events::session::sound_preferences;
  using dimension = std::pair<double sound_signature::*, std::optional<double> sound_preferences::*>;
  std::uint64_t seed = 1;
  for (auto [has, wants] : {dimension{&sound_signature::bass, &sound_preferences::bass},
                            dimension{&sound_signature::mids, &sound_preferences::mids},
                            dimension{&sound_signature::treble, &sound_preferences::treble}})
    never_scores_lower(seed++, [has = has, wants = wants](auto& random, headphone& h, preferences& wanted) {
      double wish = between(random, 0.5, 1);
      wanted.sound_preferences.*wants = wish;
      h.sound_signature.*has =
        between(random, h.sound_signature.*has, std::max(h.sound_signature.*has, wish));
      return true;
    });
}

TEST_CASE("less bass, down to a wish for little bass, never scores lower") {
  never_scores_lower(10, [](auto& random, headphone& h, preferences& wanted) {
    double wish = between(random, 0, 0.5);
    wanted.sound_preferences.bass = wish;
    h.sound_signature.bass = between(random, std::min(h.sound_signature.bass, wish), h.sound_signature.bass);
    return true;
  });
}

TEST_CASE("more soundstage or detail never scores lower, whatever was wished") {
  never_scores_lower(20, [](auto& random, headphone& h, preferences&) {
    auto& value = chance(random, 0.5) ? h.sound_signature.soundstage : h.sound_signature.detail;
    value = between(random, value, 1);
    return true;
  });
}

TEST_CASE("a further genre or use case in the catalog's list never scores lower") {
  never_scores_lower(30, [](auto& random, headphone& h, preferences&) {
    auto one = static_cast<events::catalog::genre>(random() % genre_count);
    if (std::find(h.genres.begin(), h.genres.end(), one) != h.genres.end())
      return false;
    h.genres.push_back(one);
    return true;
  });
  never_scores_lower(31, [](auto& random, headphone& h, preferences&) {
    auto one = static_cast<events::catalog::use_case>(random() % use_case_count);
    if (std::find(h.use_cases.begin(), h.use_cases.end(), one) != h.use_cases.end())
      return false;
    h.use_cases.push_back(one);
    return true;
  });
}

TEST_CASE("a lower price at the same list price never scores lower") {
  never_scores_lower(40, [](auto& random, headphone& h, preferences&) {
    h.price_usd.cents =
      static_cast<std::int64_t>(static_cast<double>(h.price_usd.cents) * between(random, 0.3, 1));
    return true;
  });
}

TEST_CASE("more independent measurements, or being a headline model, never scores lower") {
  never_scores_lower(50, [](auto& random, headphone& h, preferences&) {
    int before = h.measured.cross_source ? h.measured.cross_source->n_sources : 1;
    h.measured.cross_source =
      events::catalog::cross_source{before + 1 + static_cast<int>(random() % 10), 0, 0, 0};
    return true;
  });
  never_scores_lower(51, [](auto&, headphone& h, preferences&) {
    bool was = std::exchange(h.core, true);
    return !was;
  });
}

TEST_CASE("a truer response never scores lower") {
  never_scores_lower(60, [](auto& random, headphone& h, preferences&) {
    h.measured.error_std_db *= between(random, 0.2, 1);
    return true;
  });
}

TEST_CASE("a longer battery never scores lower, nor does a newer year") {
  never_scores_lower(70, [](auto& random, headphone& h, preferences&) {
    if (!h.battery_hours)
      return false;
    *h.battery_hours += between(random, 0, 30);
    return true;
  });
  never_scores_lower(71, [](auto& random, headphone& h, preferences&) {
    if (!h.release_year)
      return false;
    *h.release_year = std::min(2026, *h.release_year + static_cast<int>(random() % 10));
    return true;
  });
}

TEST_CASE("noise cancelling never scores lower than none, for who asked for none of either") {
  never_scores_lower(80, [](auto&, headphone& h, preferences& wanted) {
    wanted.requirements.anc.reset();
    bool was = std::exchange(h.anc, true);
    return !was;
  });
}

TEST_CASE("a microphone never scores lower than none") {
  never_scores_lower(90, [](auto&, headphone& h, preferences&) {
    bool was = std::exchange(h.microphone, true);
    return !was;
  });
}
