#include "events/record/writer.hpp"
#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using events::session::document_status;

namespace {

constexpr events::partition_id p0{0};

struct sessions_fold {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::sessions::model(), tables};
  events::session_id session = sample_id<events::session_id>(9);

  const projections::sessions::session_row& row() {
    projection.apply(log.records);
    REQUIRE(tables->sessions.contains(session));
    return tables->sessions.at(session);
  }
};

} // namespace

TEST_CASE_METHOD(sessions_fold, "a requested session is a pending row") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  CHECK(row().status == document_status::pending);
  CHECK(row().version.value == 1);
  CHECK(row().position.offset.value == 1);
  CHECK_FALSE(row().completed_at);
  CHECK_FALSE(row().provider);
}

TEST_CASE_METHOD(sessions_fold, "a terminal event alone is enough for a row") {
  log.claim(p0);
  log.event(p0, session, 2, sample_completed());
  CHECK(row().status == document_status::complete);
  CHECK(row().created_at == sample_completed().requested_at);
  CHECK(row().completed_at == sample_time(std::chrono::milliseconds{2}));
  CHECK(row().provider == "heuristic");
  CHECK(row().degraded == false);
}

TEST_CASE_METHOD(sessions_fold, "the row's document is the session's document as JSON") {
  log.claim(p0);
  log.event(p0, session, 2, sample_failed());
  auto expected = events::session::document_of(session, sample_failed(), {2},
                                               sample_time(std::chrono::milliseconds{2}), {p0, {1}});
  CHECK(row().document == events::record::to_json(expected));
  CHECK(row().status == document_status::error);
}

TEST_CASE_METHOD(sessions_fold, "an engine with a model names both") {
  log.claim(p0);
  auto completed = sample_completed();
  completed.engine = "openai/gpt-4o-mini";
  log.event(p0, session, 2, completed);
  CHECK(row().provider == "openai");
  CHECK(row().model == "gpt-4o-mini");
}

TEST_CASE_METHOD(sessions_fold, "the first event's command stays with the session") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, sample_completed());
  CHECK(row().command == sample_id<events::record_id>(1));
  CHECK(row().version.value == 2);
}

TEST_CASE_METHOD(sessions_fold, "an event at or below the row's version changes nothing") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, sample_completed());
  auto before = row();
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, sample_failed());
  CHECK(row() == before);
}

TEST_CASE_METHOD(sessions_fold, "a decision under an older claim is void") {
  auto old = log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.claim(p0);
  log.event(p0, session, 2, sample_completed(), old);
  CHECK(row().status == document_status::pending);
  log.event(p0, session, 2, sample_failed());
  CHECK(row().status == document_status::error);
}

TEST_CASE_METHOD(sessions_fold, "the newest claim is kept across batches, with the checkpoint") {
  auto old = log.claim(p0);
  log.claim(p0);
  projection.apply(log.records);
  CHECK(tables->checkpoints.at({"sessions", p0}).claim == events::log_offset{1});
  log.records.clear();
  log.event(p0, session, 1, sample_requested(), old);
  projection.apply(log.records);
  CHECK(tables->sessions.empty());
}
