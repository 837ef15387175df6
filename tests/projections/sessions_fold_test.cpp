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
  CHECK(row().answer == projections::answer_columns{});
}

TEST_CASE_METHOD(sessions_fold, "a call that was started makes a session processing") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, sample_call_started());
  CHECK(row().status == document_status::processing);
  CHECK(row().version.value == 2);
  CHECK(row().created_at == sample_call_started().requested_at);
  CHECK(row().command == sample_id<events::record_id>(1));
  CHECK_FALSE(row().completed_at);
  CHECK(row().document.find(R"("status":"processing")") != std::string::npos);
  log.event(p0, session, 3, sample_completed());
  CHECK(row().status == document_status::complete);
}

TEST_CASE_METHOD(sessions_fold, "what happens to a call or an explanation changes no session") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  auto before = row();
  log.fact(p0, session, sample_reply_recorded());
  auto explanation = sample_explanation_requested();
  log.event(p0, session, explanation.id, 2, explanation);
  log.event(p0, session, explanation.id, 3, sample_call_started());
  log.event(p0, session, explanation.id, 4, sample_explanation_completed());
  CHECK(row() == before);
}

TEST_CASE_METHOD(sessions_fold, "a terminal event alone is enough for a row") {
  log.claim(p0);
  log.event(p0, session, 2, sample_completed());
  CHECK(row().status == document_status::complete);
  CHECK(row().created_at == sample_completed().requested_at);
  CHECK(row().completed_at == sample_time(std::chrono::milliseconds{2}));
  CHECK(row().answer.provider == "anthropic");
  CHECK(row().answer.model == "claude-opus-4-5");
  CHECK(row().answer.degraded == true);
  CHECK(row().answer.degraded_reason == "incomplete_reply");
  CHECK(row().answer.prompt_version == 1);
}

TEST_CASE_METHOD(sessions_fold, "the row's document is the session's document as JSON") {
  log.claim(p0);
  log.event(p0, session, 2, sample_failed());
  auto expected = events::session::document_of(session, sample_failed(), {2},
                                               sample_time(std::chrono::milliseconds{2}), {p0, {1}});
  CHECK(row().document == events::record::to_json(expected));
  CHECK(row().status == document_status::error);
}

TEST_CASE_METHOD(sessions_fold, "an engine without a model is a provider alone") {
  log.claim(p0);
  auto completed = sample_completed();
  completed.engine = "heuristic";
  log.event(p0, session, 2, completed);
  CHECK(row().answer.provider == "heuristic");
  CHECK_FALSE(row().answer.model);
}

TEST_CASE_METHOD(sessions_fold, "a session's calls are added up as its end does it") {
  log.claim(p0);
  auto failed = sample_failed();
  SECTION("with what they cost") {
    log.event(p0, session, 2, failed);
    CHECK(row().answer.attempts == 1);
    CHECK(row().answer.prompt_tokens == 9'120);
    CHECK(row().answer.completion_tokens == 640);
    CHECK(row().answer.cost == events::micro_dollars{72'850});
    CHECK(row().answer.cost_is_known);
  }
  SECTION("with what is known of it, when that is not all") {
    failed.calls.cost_is_known = false;
    log.event(p0, session, 2, failed);
    CHECK(row().answer.cost == events::micro_dollars{72'850});
    CHECK_FALSE(row().answer.cost_is_known);
  }
  SECTION("without, when nothing is known of it") {
    failed.calls.cost_is_known = false;
    failed.calls.cost_micro_usd = 0;
    log.event(p0, session, 2, failed);
    CHECK_FALSE(row().answer.cost);
  }
  SECTION("to nothing, when there were none") {
    failed.calls = {};
    log.event(p0, session, 2, failed);
    CHECK(row().answer.attempts == 0);
    CHECK(row().answer.cost == events::micro_dollars{});
  }
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

TEST_CASE_METHOD(sessions_fold,
                 "a broken record of any type is found, also where the session has no use for it") {
  log.claim(p0);
  log.fact(p0, session, sample_reply_recorded());
  log.records.back().value->replace(0, 1, "[");
  CHECK(projection.apply(log.records).size() == 1);
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
