#pragma once

#include "actors/heuristic/engine.hpp"
#include "actors/language_model/prompt.hpp"
#include "actors/language_model/reply_check.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/language_model/wire_samples.hpp"
#include "tests/support/samples.hpp"

#include <memory>
#include <string>
#include <vector>

/// A small catalog, what is asked of it, and good answers, for the tests of what is asked
/// and what is accepted.
namespace sonicmatch::tests {

inline events::catalog::headphone sample_wireless() {
  using namespace events::catalog;
  auto out = sample_headphone("sony-wh-1000xm5");
  out.brand = "Sony";
  out.model = "WH-1000XM5";
  out.back = back::closed;
  out.wireless = out.anc = out.microphone = true;
  out.weight_g = 250;
  out.battery_hours = 30;
  out.release_year = 2022;
  out.msrp_usd = {399'99};
  out.price_usd = {329'00};
  out.price_tier = price_tier::premium;
  out.sound_signature = {0.71, 0.44, 0.49, 0.5, 0.64};
  out.sources.signature.measured_by = "RTINGS";
  out.genres = {genre::pop, genre::hip_hop};
  out.use_cases = {use_case::travel, use_case::commuting};
  return out;
}

inline events::catalog::headphone sample_planar() {
  using namespace events::catalog;
  auto out = sample_headphone("hifiman-sundara");
  out.brand = "HIFIMAN";
  out.model = "Sundara";
  out.driver = driver::planar;
  out.weight_g = 372;
  out.msrp_usd = {349'00};
  out.price_usd = {299'00};
  out.price_tier = price_tier::premium;
  out.sound_signature = {0.36, 0.5, 0.58, 0.66, 0.8};
  out.genres = {genre::classical, genre::rock};
  return out;
}

/// Three headphones. The third keeps no constraint of the sample's wishes.
inline events::catalog::snapshot_ptr sample_catalog() {
  static const auto out = std::make_shared<const events::catalog::snapshot>(
    std::vector{sample_headphone(), sample_planar(), sample_wireless()}, 3);
  return out;
}

/// Two of the three, the Sundara first.
inline std::vector<actors::heuristic::candidate> sample_candidates() {
  const auto& all = sample_catalog()->all();
  return {{&all[0], 0, {0.8312345, 0.9, 0.8, 0.85, 0.7, 0.5}},
          {&all[1], 1, {0.7987654, 0.8, 0.9, 0.8, 0.6, 0.5}}};
}

/// What a pick says, as JSON of each field.
struct said_pick {
  std::string headphone = R"("hifiman-sundara")";
  std::string overall_score = "0.9";
  std::string scores =
    R"({"genre_match":0.8,"sound_profile":0.7,"use_case":0.6,"budget":0.5,"feature_match":0.4})";
  std::string explanation = R"("It is open and even, as you asked.")";
  std::string pros = R"(["Even tuning","Wide stage"])";
  std::string cons = R"(["Heavy"])";
  std::string highlights = R"(["Planar driver"])";

  [[nodiscard]] std::string json() const {
    return R"({"headphone":)" + headphone + R"(,"overall_score":)" + overall_score + R"(,"scores":)" + scores
           + R"(,"explanation":)" + explanation + R"(,"personalized_pros":)" + pros
           + R"(,"personalized_cons":)" + cons + R"(,"match_highlights":)" + highlights + "}";
  }
};

inline said_pick second_pick() {
  said_pick out;
  out.headphone = R"("sennheiser-hd-560s")";
  out.overall_score = "0.85";
  return out;
}

inline std::string answer_of(const std::vector<said_pick>& picks, const std::string& notes = "[]") {
  std::string out;
  for (const auto& each : picks)
    out += (out.empty() ? "" : ",") + each.json();
  return R"({"matches":[)" + out + R"(],"notes":)" + notes + "}";
}

inline std::string good_answer() {
  return answer_of({said_pick{}, second_pick()});
}

inline lm::checked_reply check(std::string_view reply, lm::stop_reason stopped = lm::stop_reason::finished,
                               std::size_t results = 2) {
  return lm::check_recommendation(reply, stopped, *sample_catalog(), sample_candidates(), results);
}

inline std::string json_text(std::string_view text) {
  std::string out;
  events::record::write_text(out, text);
  return out;
}

} // namespace sonicmatch::tests
