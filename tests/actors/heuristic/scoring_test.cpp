#include "actors/heuristic/engine.hpp"
#include "actors/heuristic/scoring.hpp"
#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using events::catalog::genre;
using events::catalog::headphone;
using events::session::preferences;
using tests::heuristic::seeded;

namespace {

traits traits_of_one(const headphone& h) {
  static std::vector<headphone> kept;
  kept.assign(1, h);
  return traits_of(kept).front();
}

constexpr std::chrono::year now{2026};

} // namespace

TEST_CASE("genre_match is the weighted mean of the tags, 0.5 when no genre was named") {
  auto h = seeded("sennheiser-hd-560s");
  h.genres = {genre::rock, genre::jazz};
  auto t = traits_of_one(h);
  preferences wanted;
  CHECK(genre_match(t, understand(wanted)) == 0.5);
  wanted.genres = {"rock"};
  CHECK(genre_match(t, understand(wanted)) == Approx(1.0));
  wanted.genres = {"rock", "jazz"};
  CHECK(genre_match(t, understand(wanted)) == Approx((1.0 + 0.94) / 2));
  wanted.genres = {"metal"};
  CHECK(genre_match(t, understand(wanted)) == Approx(0.5)); // kin of rock
}

TEST_CASE("sound_profile is 1 inside the wished stretch and falls off outside") {
  auto h = seeded("sennheiser-hd-560s");
  preferences wanted;
  wanted.sound_preferences = {0.8, 0.5, 0.5, 0.5, 0.5};
  h.sound_signature = {0.8, 0.5, 0.5, 0.9, 0.9};
  CHECK(sound_profile(traits_of_one(h), understand(wanted)) == Approx(1.0));
  h.sound_signature.bass = 0.3;
  auto thin = sound_profile(traits_of_one(h), understand(wanted));
  CHECK(thin < 0.85);
  h.sound_signature.bass = 0.2;
  CHECK(sound_profile(traits_of_one(h), understand(wanted)) < thin);
}

TEST_CASE("a wish for little soundstage or detail is no wish for less of it") {
  auto h = seeded("sennheiser-hd-800-s");
  preferences wanted;
  wanted.sound_preferences.soundstage = 0.1;
  auto rich = sound_profile(traits_of_one(h), understand(wanted));
  h.sound_signature.soundstage = 0.3;
  CHECK(sound_profile(traits_of_one(h), understand(wanted)) <= rich);
}

TEST_CASE("budget_match prefers the class the money can buy, and of one class the cheaper") {
  auto h = seeded("sennheiser-hd-560s");
  purse money{500, true};
  h.msrp_usd = {60'00};
  h.price_usd = {60'00};
  auto far_below = budget_match(traits_of_one(h), money);
  h.msrp_usd = {450'00};
  h.price_usd = {450'00};
  auto of_its_class = budget_match(traits_of_one(h), money);
  h.price_usd = {300'00};
  auto reduced = budget_match(traits_of_one(h), money);
  CHECK(of_its_class > far_below + 0.2);
  CHECK(reduced > of_its_class);
}

TEST_CASE("feature_match is 0.5 when nothing is asked and 1 when all of it is there") {
  CHECK(feature_match(traits_of_one(seeded("sony-wh-1000xm5")), wishes{}) == 0.5);
  preferences wanted;
  wanted.requirements.wireless = true;
  CHECK(feature_match(traits_of_one(seeded("sony-wh-1000xm5")), understand(wanted)) == 1.0);
}

TEST_CASE("a replaced model of an old year stands lower than its successor") {
  const auto& catalog = tests::heuristic::seeded_catalog();
  auto all = traits_of(catalog->all());
  auto of = [&](std::string_view slug) {
    return all[static_cast<std::size_t>(catalog->find(slug) - catalog->all().data())];
  };
  CHECK(of("sony-wh-1000xm3").successors >= 2);
  CHECK(of("sony-wh-1000xm6").successors == 0);
  CHECK(standing(of("apple-airpods-pro"), now) < standing(of("apple-airpods-pro-2"), now));
  CHECK(of("sennheiser-hd-600").successors == 0); // 600 and 650 are models, not versions
}

TEST_CASE("a model's line is read from its slug") {
  CHECK(line_of("sony-wh-1000xm4").name == line_of("sony-wh-1000xm5").name);
  CHECK(line_of("sony-wh-1000xm4").number == 4);
  CHECK(line_of("hyperx-cloud-iii").number == 3);
  CHECK(line_of("shure-aonic-50-gen-2").name == line_of("shure-aonic-50").name);
  CHECK(line_of("sennheiser-hd-600").name != line_of("sennheiser-hd-650").name);
}

TEST_CASE("scores are shown with four decimals") {
  CHECK(rounded(0.123456) == 0.1235);
  CHECK(rounded(1.0000001) == 1.0);
}
