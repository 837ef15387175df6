#include "actors/language_model/comparison.hpp"
#include "actors/language_model/plain_text.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;
using events::explanation::aspect;

namespace {

events::session::match pick(const events::catalog::headphone& headphone) {
  auto out = sample_match();
  out.headphone = view_of(headphone);
  return out;
}

/// The points between two headphones, as "aspect: sentence".
std::vector<std::string> points(const events::catalog::headphone& mine,
                                const events::catalog::headphone& other) {
  std::vector<std::string> out;
  for (const auto& each : lm::compare({pick(other), pick(mine)}, mine.id())) {
    CHECK(each.other == other.id());
    CHECK(each.other_name == other.brand + " " + other.model);
    CHECK(lm::fault_in(each.detail) == "");
    CHECK(each.detail.size() <= 600);
    out.push_back(std::string{events::record::name_of(each.aspect)} + ": " + each.detail);
  }
  return out;
}

events::catalog::headphone twin() {
  auto out = sample_headphone("sennheiser-hd-560s-twin");
  out.model = "HD 560S Twin";
  return out;
}

} // namespace

TEST_CASE("two picks are compared by sound, price and features, with the figures",
          "[language_model][comparison]") {
  CHECK(
    points(sample_headphone(), sample_wireless())
    == std::vector{
      "sound: Less bass (0.32 against 0.71) and more mids (0.52 against 0.44) than the Sony WH-1000XM5, as "
      "measured by oratory1990 here and by RTINGS there, where 0.5 is on target. Our editors hear a wider "
      "soundstage (0.72 against 0.50) and more detail (0.72 against 0.64)."s,
      "price: Costs about $150 less than the Sony WH-1000XM5: $179 against $329."s,
      "features: It is wired and open over-ear, where the Sony WH-1000XM5 is wireless and closed over-ear; "
      "the latter has noise cancelling and a microphone, and this one does not."s});
  CHECK(
    points(sample_planar(), sample_headphone())
    == std::vector{
      "sound: More treble (0.58 against 0.42) than the Sennheiser HD 560S, as measured by oratory1990, where "
      "0.5 is on target. Our editors hear more detail (0.80 against 0.72)."s,
      "price: Costs about $120 more than the Sennheiser HD 560S: $299 against $179."s,
      "features: It weighs 372 g, against 240.5 g for the Sennheiser HD 560S."s});
}

TEST_CASE("what hardly differs is left out, but something is always said", "[language_model][comparison]") {
  auto other = twin();
  CHECK(points(sample_headphone(), other)
        == std::vector{
          "sound: Sounds much like the Sennheiser HD 560S Twin, as measured by oratory1990: bass 0.32 "
          "against 0.32, mids 0.52 against 0.52, treble 0.42 against 0.42, where 0.5 is on target."s});
  other.price_usd = {185'00};
  other.weight_g = 244;
  other.sound_signature.bass += 0.03;
  CHECK(points(sample_headphone(), other).size() == 1);
  other.price_usd = {199'95};
  CHECK(
    points(sample_headphone(), other)
    == std::vector{"price: Costs about $21 less than the Sennheiser HD 560S Twin: $179 against $199.95."s});
}

TEST_CASE("an editors' estimate is never called measured", "[language_model][comparison]") {
  auto other = twin();
  other.sound_signature.soundstage = 0.4;
  CHECK(
    points(sample_headphone(), other)
    == std::vector{"sound: Our editors hear a wider soundstage (0.72 against 0.40) than in the Sennheiser HD "
                   "560S Twin."s});
}

TEST_CASE("what bone conducts is not compared by what a rig measures", "[language_model][comparison]") {
  auto other = twin();
  other.driver = events::catalog::driver::bone_conduction;
  other.sound_signature.bass = 0.9;
  CHECK(points(sample_headphone(), other)
        == std::vector{"sound: Is much like the Sennheiser HD 560S Twin in price and features."s});
  other.wireless = true;
  for (const auto& each : points(sample_headphone(), other))
    CHECK(each.find("bass") == std::string::npos);
}

TEST_CASE("features are compared where both are known", "[language_model][comparison]") {
  auto mine = sample_wireless();
  auto other = sample_wireless();
  other.slug = "other";
  other.model = "Other";
  other.battery_hours = 60;
  other.anc = false;
  CHECK(points(mine, other)
        == std::vector{
          "features: It has noise cancelling, which the Sony Other lacks; its battery is rated for 30 "
          "hours, against 60 for the Sony Other."s});
  other.battery_hours.reset();
  other.weight_g.reset();
  CHECK(points(mine, other)
        == std::vector{"features: It has noise cancelling, which the Sony Other lacks."s});
  other.form_factor = events::catalog::form_factor::in_ear;
  other.weight_g = 5; // of one bud
  CHECK(points(mine, other).at(0).find(" g") == std::string::npos);
}

TEST_CASE("each other pick has its points, in order, and the pick itself has none",
          "[language_model][comparison]") {
  std::vector matches{pick(sample_wireless()), pick(sample_headphone()), pick(sample_planar())};
  auto all = lm::compare(matches, sample_headphone().id());
  REQUIRE(all.size() == 6);
  CHECK(all[0].other == sample_wireless().id());
  CHECK(all[3].other == sample_planar().id());
  for (std::size_t i = 0; i < all.size(); ++i)
    CHECK(all[i].aspect == static_cast<aspect>(i % 3));
  CHECK(lm::compare({pick(sample_headphone())}, sample_headphone().id()).empty());
  CHECK(lm::compare(matches, events::headphone_id_of("no-such")).empty());
  CHECK(lm::find_pick(matches, sample_planar().id()) == &matches[2]);
  CHECK(lm::find_pick(matches, events::headphone_id_of("no-such")) == nullptr);
}
