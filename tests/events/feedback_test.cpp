#include "events/codec.hpp"
#include "events/feedback/state.hpp"
#include "events/record/reader.hpp"
#include "events/record/writer.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::events;

TEST_CASE("feedback is recorded once, as it was given", "[events][feedback]") {
  auto asked = tests::sample_record_feedback();
  auto happened = decide(feedback::state{}, asked);
  REQUIRE(happened.size() == 1);
  CHECK(happened[0] == feedback::event{tests::sample_feedback_recorded()});
  auto after = evolve(feedback::state{}, happened[0], stream_version{1});
  CHECK(after.version == stream_version{1});
  CHECK(decide(after, asked).empty());
  CHECK(evolve(after, happened[0], stream_version{1}) == after);
}

TEST_CASE("a rating goes with the kind rated, and with no other", "[events][feedback]") {
  auto wrongs_of = [](feedback::kind kind, std::optional<int> rating) {
    auto asked = tests::sample_record_feedback();
    asked.kind = kind;
    asked.rating = rating;
    record::violations wrong;
    auto read =
      record::read<feedback::record_feedback>(record::to_json(asked), wrong, record::unknown_fields::refuse);
    CHECK(read.has_value() == wrong.empty());
    return wrong;
  };
  CHECK(wrongs_of(feedback::kind::rated, 1).empty());
  CHECK(wrongs_of(feedback::kind::rated, 5).empty());
  CHECK(wrongs_of(feedback::kind::purchased, std::nullopt).empty());
  for (auto [kind, rating] : {std::pair{feedback::kind::rated, std::optional<int>{}},
                              std::pair{feedback::kind::saved, std::optional{3}},
                              std::pair{feedback::kind::rated, std::optional{0}},
                              std::pair{feedback::kind::rated, std::optional{6}}}) {
    auto wrong = wrongs_of(kind, rating);
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].pointer == "/rating");
  }
}
