#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using projections::language_model_calls::call_row;
using projections::language_model_calls::outcome;

namespace {

constexpr events::partition_id p0{0};

struct calls_fold {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::language_model_calls::model(), tables};
  events::session_id session = sample_id<events::session_id>(9);
  events::call_id call = sample_reply_recorded().call;

  const call_row& row() {
    projection.apply(log.records);
    REQUIRE(tables->language_model_calls.size() == 1);
    return tables->language_model_calls.at(call);
  }
};

} // namespace

TEST_CASE_METHOD(calls_fold, "a reply is a row with what it used and cost, and without what it said") {
  log.claim(p0);
  log.fact(p0, session, sample_reply_recorded());
  call_row expected;
  expected.id = call;
  expected.session = session;
  expected.provider = "anthropic";
  expected.model = "claude-opus-4-5-20251101";
  expected.prompt_version = 1;
  expected.outcome = outcome::replied;
  expected.stopped = "finished";
  expected.usage = sample_usage();
  expected.cost = events::micro_dollars{72'850};
  expected.latency_ms = 4'200;
  expected.response_id = "msg_01";
  expected.request_id = "req_01";
  expected.recorded_at = sample_time();
  expected.position = {p0, {1}};
  CHECK(row() == expected);
}

TEST_CASE_METHOD(calls_fold, "a call that failed is a row that says why, and for what it was made") {
  log.claim(p0);
  auto explanation = sample_id<events::explanation_id>(6);
  log.fact(p0, session, sample_call_failed(), explanation);
  CHECK(row().outcome == outcome::failed);
  CHECK(row().explanation == explanation);
  CHECK(row().purpose == events::language_model::purpose::repair);
  CHECK(row().code == "rate_limited");
  CHECK(row().http_status == 429);
  CHECK_FALSE(row().stopped);
  CHECK_FALSE(row().usage);
  CHECK_FALSE(row().response_id);
}

TEST_CASE_METHOD(calls_fold,
                 "what a call cost is known unless its price is not, or it may have been billed") {
  auto replied = sample_reply_recorded();
  auto failed = sample_call_failed();
  SECTION("a failed call that was not billed cost nothing") {
    failed.may_have_been_billed = false;
    failed.cost_max_micro_usd.reset();
    log.fact(p0, session, failed);
    CHECK(row().cost == events::micro_dollars{});
    CHECK_FALSE(row().may_have_been_billed);
  }
  SECTION("one that may have been has no known cost") {
    failed.may_have_been_billed = true;
    failed.http_status = 0;
    log.fact(p0, session, failed);
    CHECK_FALSE(row().cost);
    CHECK(row().may_have_been_billed);
    CHECK(row().cost_max == events::micro_dollars{*failed.cost_max_micro_usd});
    CHECK_FALSE(row().http_status);
  }
  SECTION("a reply without a price has none either") {
    replied.cost_micro_usd.reset();
    log.fact(p0, session, replied);
    CHECK_FALSE(row().cost);
  }
}

TEST_CASE_METHOD(calls_fold, "the first outcome of a call counts, whoever wrote it") {
  auto old = log.claim(p0);
  log.claim(p0);
  log.fact(p0, session, sample_reply_recorded(), std::nullopt, old);
  log.fact(p0, session, sample_call_failed());
  auto first = row();
  CHECK(first.outcome == outcome::replied);
  log.records.clear();
  log.fact(p0, session, sample_call_failed());
  CHECK(row() == first);
}

TEST_CASE_METHOD(calls_fold, "a batch has one row of a call, its first") {
  log.fact(p0, session, sample_call_failed());
  log.fact(p0, session, sample_reply_recorded());
  auto folding = projections::language_model_calls::model().begin();
  events::claim_fence fence;
  for (const auto& record : log.records)
    REQUIRE_FALSE(folding->take(record, fence));
  auto rows = std::get<std::vector<call_row>>(folding->finish());
  REQUIRE(rows.size() == 1);
  CHECK(rows[0].outcome == outcome::failed);
}

TEST_CASE_METHOD(calls_fold, "no other event is a row, and all are passed") {
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  log.event(p0, session, 2, sample_call_started());
  log.event(p0, session, 3, sample_completed());
  CHECK(projection.apply(log.records).empty());
  CHECK(tables->language_model_calls.empty());
  CHECK(tables->checkpoints.at({"language_model_calls", p0}).next.value == 4);
}

TEST_CASE_METHOD(calls_fold, "what a session spent counts behind a record that cannot be read, too") {
  log.claim(p0);
  log.append(p0, to_string(session), "garbage");
  log.fact(p0, session, sample_reply_recorded());
  CHECK(row().cost == events::micro_dollars{72'850});
  CHECK(tables->parked.size() == 1);
}
