#include "actors/heuristic/diversity.hpp"

#include "tests/actors/heuristic/sample_catalog.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::heuristic;
using tests::heuristic::seeded;

namespace {

/// Three closed headphones: two of one line, one of another maker, scored as given.
struct three {
  std::vector<events::catalog::headphone> all;
  std::vector<traits> known;
  std::vector<candidate> ranked;

  explicit three(std::array<double, 3> overall)
    : all{seeded("sony-wh-1000xm5"), seeded("sony-wh-1000xm4"), seeded("bose-quietcomfort-45")}
    , known{traits_of(all)} {
    for (std::size_t i = 0; i < 3; ++i) {
      events::session::scores s;
      s.overall = overall[i];
      ranked.push_back({&all[i], i, s});
    }
  }
};

} // namespace

TEST_CASE("two of one line are as alike as can be, strangers are not") {
  three of_them{{0.9, 0.89, 0.88}};
  CHECK(likeness(of_them.known[0], of_them.known[1]) == Approx(1.0));
  CHECK(likeness(of_them.known[0], of_them.known[2]) < 0.5);
  CHECK(likeness(of_them.known[0], of_them.known[2]) == likeness(of_them.known[2], of_them.known[0]));
}

TEST_CASE("of two nearly equal ones the less alike is picked, and the best is always first") {
  three close{{0.90, 0.89, 0.885}};
  auto picks = pick(close.ranked, close.known, 2);
  REQUIRE(picks.size() == 2);
  CHECK(picks[0].headphone->slug == "sony-wh-1000xm5");
  CHECK(picks[1].headphone->slug == "bose-quietcomfort-45");
}

TEST_CASE("a clearly better sibling is picked all the same") {
  three apart{{0.90, 0.89, 0.80}};
  auto picks = pick(apart.ranked, apart.known, 2);
  CHECK(picks[1].headphone->slug == "sony-wh-1000xm4");
}

TEST_CASE("picks keep the order of their scores") {
  three close{{0.90, 0.89, 0.885}};
  auto picks = pick(close.ranked, close.known, 3);
  REQUIRE(picks.size() == 3);
  for (std::size_t i = 1; i < 3; ++i)
    CHECK(picks[i - 1].scores.overall >= picks[i].scores.overall);
}

TEST_CASE("nothing asked or nothing there gives nothing") {
  three some{{0.9, 0.8, 0.7}};
  CHECK(pick(some.ranked, some.known, 0).empty());
  CHECK(pick({}, {}, 5).empty());
}
