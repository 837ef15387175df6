#include "events/error.hpp"
#include "seeds/catalog_file.hpp"
#include "tests/support/catch.hpp"

#include <algorithm>
#include <cmath>

using namespace sonicmatch;

namespace {

const std::vector<events::catalog::headphone>& shipped() {
  static const auto loaded = [] {
    auto read = seeds::read_catalog(SONICMATCH_SOURCE_DIR "/seeds/headphones.json");
    if (!read)
      FAIL(events::describe(read.error()));
    return std::move(*read);
  }();
  return loaded;
}

/// seeds/README.md: 0.5 is on target, and louder is more.
double score_of(double deviation_db, double scale_db) {
  return 0.5 + 0.5 * std::tanh(deviation_db / scale_db);
}

} // namespace

TEST_CASE("the shipped catalog has 240 headphones, 28 of them core", "[seeds]") {
  CHECK(shipped().size() == 240);
  CHECK(std::count_if(shipped().begin(), shipped().end(), [](const auto& each) { return each.core; }) == 28);
}

TEST_CASE("the measured scores follow from the measured bands", "[seeds]") {
  // Both are rounded in the file, the bands to 0.01 dB and the scores to 0.001.
  constexpr double tolerance = 0.0025;
  for (const auto& each : shipped()) {
    CAPTURE(each.slug);
    const auto& combined = each.measured.combined_db;
    CHECK(std::abs(each.sound_signature.bass - score_of(combined.bass, 5)) < tolerance);
    CHECK(std::abs(each.sound_signature.mids - score_of(combined.mids, 4)) < tolerance);
    CHECK(std::abs(each.sound_signature.treble - score_of(combined.treble, 5)) < tolerance);
  }
}

TEST_CASE("the combined bands follow from the single ones", "[seeds]") {
  for (const auto& each : shipped()) {
    CAPTURE(each.slug);
    const auto& band = each.measured.deviation_db;
    const auto& combined = each.measured.combined_db;
    CHECK(std::abs(combined.bass - (0.35 * band.sub_bass + 0.65 * band.bass)) < 0.02);
    CHECK(std::abs(combined.mids - (0.65 * band.mids + 0.35 * band.upper_mids)) < 0.02);
    CHECK(std::abs(combined.treble - band.treble) < 0.02);
  }
}

TEST_CASE("every measured headphone credits its measurer", "[seeds]") {
  for (const auto& each : shipped()) {
    CAPTURE(each.slug);
    CHECK(each.sources.signature.kind == "measured");
    CHECK(each.sources.signature.via.find("AutoEq") != std::string::npos);
    CHECK(each.sources.soundstage == "editorial");
  }
}

TEST_CASE("only what plays without a wire or cancels noise has a battery", "[seeds]") {
  for (const auto& each : shipped()) {
    CAPTURE(each.slug);
    CHECK((!each.battery_hours || each.wireless || each.anc));
  }
}
