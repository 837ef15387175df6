#include "events/record/writer.hpp"
#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using events::explanation::document_status;
using events::explanation::explanation_completed;

namespace {

constexpr events::partition_id p0{0};

struct explanations_fold {
  log_builder log;
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::explanations::model(), tables};
  events::session_id session = sample_id<events::session_id>(9);
  events::headphone_id headphone = sample_headphone().id();
  events::explanation_id first = sample_id<events::explanation_id>(1);
  events::explanation_id second = sample_id<events::explanation_id>(2);

  explanations_fold() {
    log.claim(p0);
  }

  template <class Event>
  void event(const events::explanation_id& id, std::uint32_t version, Event body,
             std::optional<events::log_offset> under = std::nullopt) {
    body.id = id;
    log.event(p0, session, id, version, body, under);
  }

  static explanation_completed completed(bool degraded) {
    auto out = sample_explanation_completed();
    out.degraded = degraded;
    return out;
  }

  const projections::explanations::explanation_row& row() {
    projection.apply(log.records);
    REQUIRE(tables->explanations.size() == 1);
    return tables->explanations.at({session, headphone});
  }
};

} // namespace

TEST_CASE_METHOD(explanations_fold, "a requested explanation is a pending row") {
  event(first, 1, sample_explanation_requested());
  CHECK(row().status == document_status::pending);
  CHECK(row().id == first);
  CHECK(row().created_at == sample_time(std::chrono::milliseconds{1}));
  CHECK_FALSE(row().completed_at);
  CHECK(row().answer == projections::answer_columns{});
}

TEST_CASE_METHOD(explanations_fold, "a terminal event alone is enough for an explanation") {
  event(first, 3, completed(true));
  CHECK(row().status == document_status::complete);
  CHECK(row().created_at == sample_explanation_completed().requested_at);
  CHECK(row().completed_at == sample_time(std::chrono::milliseconds{3}));
  CHECK(row().answer.provider == "heuristic");
  CHECK(row().answer.degraded == true);
  CHECK(row().answer.degraded_reason == "breaker_open");
  CHECK(row().answer.prompt_version == 1);
  CHECK(row().answer.attempts == 1);
  CHECK(row().answer.prompt_tokens == 9'120);
  CHECK(row().answer.completion_tokens == 640);
  CHECK(row().answer.cost == events::micro_dollars{72'850});
  CHECK(row().position == events::log_position{p0, {1}});
}

TEST_CASE_METHOD(explanations_fold, "the row's document is the explanation's document as JSON") {
  event(first, 2, sample_explanation_failed());
  auto failed = sample_explanation_failed();
  failed.id = first;
  auto expected =
    events::explanation::document_of(session, failed, sample_time(std::chrono::milliseconds{2}));
  CHECK(row().document == events::record::to_json(expected));
  CHECK(row().status == document_status::error);
  CHECK(row().answer.attempts == 1);
}

TEST_CASE_METHOD(explanations_fold, "each pick has its own row, and the newest explanation of it") {
  event(first, 2, sample_explanation_failed());
  event(second, 1, sample_explanation_requested());
  auto other = sample_explanation_failed();
  other.headphone = events::headphone_id_of("other");
  event(sample_id<events::explanation_id>(3), 2, other);
  projection.apply(log.records);
  REQUIRE(tables->explanations.size() == 2);
  CHECK(tables->explanations.at({session, headphone}).id == second);
  CHECK(tables->explanations.at({session, other.headphone}).status == document_status::error);
}

TEST_CASE_METHOD(explanations_fold, "a good explanation is only replaced by a newer good one") {
  event(first, 2, completed(false));
  auto good = row();
  SECTION("not by what is asked for anew, or goes wrong") {
    event(second, 1, sample_explanation_requested());
    event(second, 2, sample_explanation_failed());
    CHECK(row() == good);
  }
  SECTION("not by a makeshift") {
    event(second, 2, completed(true));
    CHECK(row() == good);
  }
  SECTION("by a newer good one") {
    event(second, 2, completed(false));
    CHECK(row().id == second);
  }
}

TEST_CASE_METHOD(explanations_fold, "an explanation under an older claim is void") {
  log.claim(p0);
  event(first, 1, sample_explanation_requested());
  event(first, 2, completed(false), events::log_offset{0});
  CHECK(row().status == document_status::pending);
}

TEST_CASE_METHOD(explanations_fold, "an unreadable record does not hold back the session's explanations") {
  log.append(p0, to_string(session), "garbage");
  event(first, 2, completed(false));
  CHECK(projection.apply(log.records).size() == 1);
  CHECK(tables->explanations.size() == 1);
}
