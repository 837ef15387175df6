#include "tests/actors/heuristic/sample_catalog.hpp"

#include "events/record/reader.hpp"
#include "tests/support/catch.hpp"

#include <fstream>
#include <iterator>

namespace sonicmatch::tests::heuristic {

namespace {

using namespace events::catalog;
using events::session::preferences;

template <class Enum>
Enum any(generator& random) {
  return static_cast<Enum>(random() % names(Enum{}).size());
}

template <class Enum>
std::vector<Enum> some(generator& random, std::size_t most) {
  std::vector<Enum> out;
  for (std::size_t i = 0, count = 1 + random() % most; i < count; ++i)
    if (auto one = any<Enum>(random); std::find(out.begin(), out.end(), one) == out.end())
      out.push_back(one);
  return out;
}

template <class T>
std::optional<T> maybe(generator& random, T value) {
  return chance(random, 0.6) ? std::optional<T>{value} : std::nullopt;
}

void randomise_measurement(generator& random, headphone& h) {
  h.sound_signature = {between(random, 0, 1), between(random, 0, 1), between(random, 0, 1),
                       between(random, 0, 1), between(random, 0, 1)};
  auto& m = h.measured;
  m.deviation_db = {between(random, -6, 8), between(random, -6, 8), between(random, -4, 4),
                    between(random, -5, 5), between(random, -8, 8), between(random, -8, 8),
                    between(random, -8, 8)};
  m.combined_db = {between(random, -6, 8), between(random, -4, 4), between(random, -8, 8)};
  m.error_std_db = between(random, 0.4, 6);
  m.confidence = chance(random, 0.05) ? confidence::low : confidence::normal;
  if (chance(random, 0.5))
    m.cross_source = cross_source{static_cast<int>(2 + random() % 12), between(random, 0, 2),
                                  between(random, 0, 1), between(random, 0, 3)};
  h.sources.signature.measured_by = "somebody";
  h.sources.signature.target = chance(random, 0.5) ? "Harman over-ear 2018" : "AutoEq in-ear";
}

} // namespace

const snapshot_ptr& seeded_catalog() {
  static const snapshot_ptr loaded = [] {
    std::ifstream file{SONICMATCH_SOURCE_DIR "/seeds/headphones.json"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    events::record::violations wrong;
    auto all =
      events::record::read<std::vector<headphone>>(text, wrong, events::record::unknown_fields::refuse);
    REQUIRE(wrong.empty());
    return std::make_shared<const snapshot>(std::move(*all), 1);
  }();
  return loaded;
}

const headphone& seeded(std::string_view slug) {
  const auto* found = seeded_catalog()->find(slug);
  REQUIRE(found != nullptr);
  return *found;
}

double between(generator& random, double low, double high) {
  return low + (high - low) * static_cast<double>(random() >> 11U) / 9007199254740992.0;
}

bool chance(generator& random, double probability) {
  return between(random, 0, 1) < probability;
}

headphone random_headphone(generator& random, int number) {
  headphone h;
  h.slug = "made-up-" + std::to_string(number) + (chance(random, 0.2) ? "-mk-2" : "");
  h.brand = "Brand " + std::to_string(random() % 12);
  h.model = "Model " + std::to_string(number);
  h.core = chance(random, 0.2);
  h.form_factor = any<form_factor>(random);
  h.back = any<back>(random);
  h.driver = any<driver>(random);
  h.wireless = chance(random, 0.5);
  h.anc = chance(random, 0.3);
  h.microphone = chance(random, 0.5);
  h.weight_g = maybe(random, std::floor(between(random, 4, 600)));
  h.battery_hours = maybe(random, std::floor(between(random, 3, 90)));
  h.release_year = maybe(random, static_cast<int>(1984 + random() % 42));
  h.msrp_usd = {static_cast<std::int64_t>(between(random, 1000, 150'000))};
  h.price_usd = {
    static_cast<std::int64_t>(static_cast<double>(h.msrp_usd.cents) * between(random, 0.5, 1.1))};
  h.price_usd.cents = std::max<std::int64_t>(h.price_usd.cents, 100);
  h.genres = some<genre>(random, 5);
  h.use_cases = some<use_case>(random, 4);
  if (chance(random, 0.8))
    h.pros = {"Plush comfort", "Superb ANC"};
  if (chance(random, 0.8))
    h.cons = {"Creaky hinges", "Leaks sound"};
  randomise_measurement(random, h);
  return h;
}

snapshot_ptr random_catalog(generator& random, int size) {
  std::vector<headphone> all;
  for (int i = 0; i < size; ++i)
    all.push_back(random_headphone(random, i));
  return std::make_shared<const snapshot>(std::move(all), 1);
}

preferences random_preferences(generator& random) {
  constexpr std::array genres{"rock",  "Hip-Hop", "classical", "shoegaze", "shoegazzze",
                              "lo_fi", "R&B",     "techno",    "opera"};
  constexpr std::array artists{"Pink Floyd", "Miles Davis", "Nobody Known", "The Beatles"};
  constexpr std::array uses{"gaming", "gym",      "mixing",         "flights",   "office",
                            "calls",  "juggling", "home_listening", "commuting", "critical_listening"};
  constexpr std::array places{"home_quiet", "open_office", "plane",      "commute",
                              "gym",        "nowhere",     "home_shared"};
  auto one_of = [&](const auto& words) { return std::string{words[random() % words.size()]}; };
  preferences p;
  while (chance(random, 0.4) && p.genres.size() < 5)
    p.genres.push_back(one_of(genres));
  if (chance(random, 0.3))
    p.favorite_artists.push_back(one_of(artists));
  auto& s = p.sound_preferences;
  for (auto* dimension : {&s.bass, &s.mids, &s.treble, &s.soundstage, &s.detail})
    if (chance(random, 0.35))
      *dimension = between(random, 0, 1);
  if (chance(random, 0.7))
    p.budget_max = events::usd{static_cast<std::int64_t>(between(random, 3000, 200'000))};
  if (chance(random, 0.2))
    p.budget_min = events::usd{static_cast<std::int64_t>(between(random, 0, 30'000))};
  if (chance(random, 0.6))
    p.primary_use_case = one_of(uses);
  while (chance(random, 0.3) && p.secondary_use_cases.size() < 4)
    p.secondary_use_cases.push_back(one_of(uses));
  if (chance(random, 0.5))
    p.listening_environment = one_of(places);
  auto& r = p.requirements;
  if (chance(random, 0.3))
    r.types = some<form_factor>(random, 2);
  for (auto* flag : {&r.wireless, &r.anc, &r.microphone})
    if (chance(random, 0.2))
      *flag = chance(random, 0.5);
  if (chance(random, 0.2))
    r.back = any<back>(random);
  return p;
}

} // namespace sonicmatch::tests::heuristic
