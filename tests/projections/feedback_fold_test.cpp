#include "projections/read_model.hpp"
#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using events::partition_id;

namespace {

constexpr partition_id p0{0};
const auto session = sample_id<events::session_id>(1);

events::feedback::feedback_recorded viewed(std::uint8_t n) {
  auto out = sample_feedback_recorded();
  out.id = sample_id<events::feedback_id>(n);
  out.kind = events::feedback::kind::viewed;
  out.rating.reset();
  return out;
}

struct folding {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::feedback::model(), tables};
};

} // namespace

TEST_CASE("feedback becomes a row with what the pick was", "[projections][feedback]") {
  folding under_test;
  auto& log = under_test.log;
  log.claim(p0);
  log.event(p0, session, sample_feedback_recorded());
  log.event(p0, session, viewed(9));
  CHECK(under_test.projection.apply(log.records).empty());
  REQUIRE(under_test.tables->feedback.size() == 2);
  const auto& row = under_test.tables->feedback.at(sample_feedback_recorded().id);
  CHECK(row.session == session);
  CHECK(row.headphone == sample_headphone().id());
  CHECK(row.slug == "sennheiser-hd-560s");
  CHECK(row.rank == 2);
  CHECK(row.overall_score == 0.875);
  CHECK(row.kind == events::feedback::kind::rated);
  CHECK(row.rating == 4);
  CHECK_FALSE(row.user);
  CHECK(row.created_at == sample_time(std::chrono::milliseconds{1}));
  CHECK(row.position == events::log_position{p0, {1}});
  CHECK_FALSE(under_test.tables->feedback.at(viewed(9).id).rating);
}

TEST_CASE("feedback under a claim that is over is void, and what is said twice counts once",
          "[projections][feedback]") {
  folding under_test;
  auto& log = under_test.log;
  auto old = log.claim(p0);
  log.claim(p0);
  log.event(p0, session, viewed(1), old);
  log.event(p0, session, viewed(2));
  log.event(p0, session, viewed(2));
  CHECK(under_test.projection.apply(log.records).empty());
  REQUIRE(under_test.tables->feedback.size() == 1);
  CHECK(under_test.tables->feedback.at(viewed(2).id).position.offset.value == 3);
}

TEST_CASE("feedback whose stream is not its own is poison", "[projections][feedback]") {
  folding under_test;
  auto& log = under_test.log;
  log.claim(p0);
  log.event(p0, session, sample_id<events::explanation_id>(8), 1,
            events::feedback::event{sample_feedback_recorded()});
  CHECK(under_test.projection.apply(log.records).size() == 1);
  CHECK(under_test.tables->feedback.empty());
}
