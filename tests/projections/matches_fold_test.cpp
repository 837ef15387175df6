#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

constexpr events::partition_id p0{0};

struct matches_fold {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::matches::model(), tables};
  events::session_id session = sample_id<events::session_id>(9);
};

} // namespace

TEST_CASE_METHOD(matches_fold, "a completed session's picks are rows by rank") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, completed_with(3));
  projection.apply(log.records);
  const auto& kept = tables->matches.at(session);
  REQUIRE(kept.rows.size() == 3);
  CHECK(kept.version.value == 2);
  CHECK(kept.rows[2].rank == 3);
  CHECK(kept.rows[0].headphone == sample_headphone().id());
  CHECK(kept.rows[0].scores == sample_match().scores);
  CHECK(kept.rows[0].pros == sample_match().personalized_pros);
  CHECK(kept.rows[0].highlights == sample_match().match_highlights);
}

TEST_CASE_METHOD(matches_fold, "a repeated terminal event changes nothing") {
  log.claim(p0);
  log.event(p0, session, 2, completed_with(3));
  log.event(p0, session, 2, completed_with(5));
  projection.apply(log.records);
  CHECK(tables->matches.at(session).rows.size() == 3);
}

TEST_CASE_METHOD(matches_fold, "a failed session and one without picks have no rows") {
  log.claim(p0);
  log.event(p0, session, 2, sample_failed());
  log.event(p0, sample_id<events::session_id>(8), 2, completed_with(0));
  projection.apply(log.records);
  CHECK(tables->matches.empty());
  CHECK(tables->checkpoints.at({"matches", p0}).next.value == 3);
}

TEST_CASE_METHOD(matches_fold, "picks under an older claim are void") {
  auto old = log.claim(p0);
  log.claim(p0);
  log.event(p0, session, 2, completed_with(3), old);
  projection.apply(log.records);
  CHECK(tables->matches.empty());
}

TEST_CASE_METHOD(matches_fold, "what says nothing of picks is passed over unread") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.fact(p0, session, sample_reply_recorded());
  for (auto at : {1u, 2u})
    log.records[at].value = "not read";
  log.event(p0, session, 2, completed_with(3));
  CHECK(projection.apply(log.records).empty());
  CHECK(tables->matches.at(session).rows.size() == 3);
}
