#include "actors/language_model/assembly.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

events::session::match pick(const events::catalog::headphone& headphone, double overall, std::string text) {
  auto out = sample_match();
  out.rank = 9;
  out.headphone = view_of(headphone);
  out.overall_score = out.scores.overall = overall;
  out.explanation = std::move(text);
  return out;
}

std::vector<std::string> told(const lm::assembled& whole) {
  std::vector<std::string> out;
  for (const auto& each : whole.matches)
    out.push_back(std::to_string(each.rank) + " " + each.headphone.slug + " " + each.explanation);
  return out;
}

const std::vector<events::session::match>& of_heuristic() {
  static const std::vector out{pick(sample_headphone(), 0.8, "heuristic"),
                               pick(sample_planar(), 0.7, "heuristic"),
                               pick(sample_wireless(), 0.6, "heuristic")};
  return out;
}

} // namespace

TEST_CASE("a whole answer of the model's stays as it is", "[language_model][assembly]") {
  lm::checked_reply said{
    {pick(sample_planar(), 0.9, "model"), pick(sample_headphone(), 0.4, "model")}, {}, {}};
  auto whole = lm::assemble(said, of_heuristic(), 2);
  CHECK_FALSE(whole.completed);
  CHECK(told(whole) == std::vector{"1 hifiman-sundara model"s, "2 sennheiser-hd-560s model"s});
}

TEST_CASE("what is missing is the heuristic's best that the model has not named",
          "[language_model][assembly]") {
  lm::checked_reply said{{pick(sample_headphone(), 0.65, "model")}, {}, {"a reason"}};
  auto whole = lm::assemble(said, of_heuristic(), 2);
  CHECK(whole.completed);
  CHECK(told(whole) == std::vector{"1 hifiman-sundara heuristic"s, "2 sennheiser-hd-560s model"s});
  CHECK(told(lm::assemble(said, of_heuristic(), 3))
        == std::vector{"1 hifiman-sundara heuristic"s, "2 sennheiser-hd-560s model"s,
                       "3 sony-wh-1000xm5 heuristic"s});
}

TEST_CASE("without a pick of the model's the answer is the heuristic's", "[language_model][assembly]") {
  auto whole = lm::assemble({}, of_heuristic(), 2);
  CHECK(whole.completed);
  CHECK(told(whole) == std::vector{"1 sennheiser-hd-560s heuristic"s, "2 hifiman-sundara heuristic"s});
}

TEST_CASE("there are never more picks than are wanted, and fewer where there are no more",
          "[language_model][assembly]") {
  lm::checked_reply said{
    {pick(sample_planar(), 0.9, "model"), pick(sample_headphone(), 0.4, "model")}, {}, {}};
  CHECK(told(lm::assemble(said, of_heuristic(), 1)) == std::vector{"1 hifiman-sundara model"s});
  CHECK(lm::assemble(said, of_heuristic(), 9).matches.size() == 3);
  auto none = lm::assemble({}, {}, 5);
  CHECK(none.matches.empty());
  CHECK_FALSE(none.completed);
}

TEST_CASE("of equal scores the model's pick comes first", "[language_model][assembly]") {
  lm::checked_reply said{{pick(sample_wireless(), 0.8, "model")}, {}, {}};
  CHECK(told(lm::assemble(said, of_heuristic(), 2))
        == std::vector{"1 sony-wh-1000xm5 model"s, "2 sennheiser-hd-560s heuristic"s});
}
