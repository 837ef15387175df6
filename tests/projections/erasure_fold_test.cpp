#include "projections/read_model.hpp"
#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using events::partition_id;

namespace {

constexpr partition_id p0{0};
const auto erased = sample_id<events::session_id>(1);
const auto other = sample_id<events::session_id>(2);

/// All that a session can leave in read models.
void live(log_builder& log, const events::session_id& session, std::uint8_t n) {
  log.event(p0, session, 1, sample_requested());
  auto started = sample_call_started();
  started.call = sample_id<events::call_id>(n);
  log.event(p0, session, 2, started);
  auto replied = sample_reply_recorded();
  replied.call = started.call;
  log.fact(p0, session, replied);
  log.event(p0, session, 3, completed_with(2));
  auto explained = sample_explanation_completed();
  explained.id = sample_id<events::explanation_id>(n);
  log.event(p0, session, explained.id, 2, explained);
  auto said = sample_feedback_recorded();
  said.id = sample_id<events::feedback_id>(n);
  log.event(p0, session, said);
}

struct all_models {
  std::shared_ptr<simulated_tables> tables = std::make_shared<simulated_tables>();
  std::vector<folded_projection> projections;

  all_models() {
    for (auto make :
         {projections::sessions::model, projections::matches::model, projections::explanations::model,
          projections::feedback::model, projections::language_model_calls::model})
      projections.emplace_back(make(), tables);
  }

  std::size_t apply(const std::vector<actors::ports::log_record>& records) {
    std::size_t poisoned = 0;
    for (auto& each : projections)
      poisoned += each.apply(records).size();
    return poisoned;
  }

  void check_that_only_the_other_is_there() const {
    CHECK(tables->sessions.size() == 1);
    CHECK(tables->sessions.contains(other));
    CHECK(tables->matches.size() == 1);
    CHECK(tables->matches.contains(other));
    REQUIRE(tables->explanations.size() == 1);
    CHECK(tables->explanations.begin()->first.first == other);
    REQUIRE(tables->feedback.size() == 1);
    CHECK(tables->feedback.begin()->second.session == other);
    REQUIRE(tables->language_model_calls.size() == 2); // what they cost stays
    CHECK_FALSE(tables->language_model_calls.at(sample_id<events::call_id>(1)).session);
    CHECK(tables->language_model_calls.at(sample_id<events::call_id>(2)).session == other);
    for (const auto* projection : {"sessions", "matches", "explanations", "feedback", "language_model_calls"})
      CHECK(tables->erased.at(projection) == std::set{erased});
  }
};

} // namespace

TEST_CASE("an erased session leaves nothing but what its calls cost", "[projections][erasure]") {
  log_builder log;
  all_models models;
  log.claim(p0);
  live(log, erased, 1);
  live(log, other, 2);
  SECTION("when it was there before") {
    CHECK(models.apply(log.records) == 0);
    log.records.clear();
    log.fact(p0, erased, events::session::fact{events::session::session_erased{}});
    CHECK(models.apply(log.records) == 0);
  }
  SECTION("when it comes and goes in one batch") {
    log.fact(p0, erased, events::session::fact{events::session::session_erased{}});
    CHECK(models.apply(log.records) == 0);
  }
  SECTION("when it is said again, and by who does not own the partition any more") {
    log.claim(p0);
    for (auto i = 0; i < 2; ++i)
      log.fact(p0, erased, events::session::fact{events::session::session_erased{}}, std::nullopt,
               events::log_offset{0});
    CHECK(models.apply(log.records) == 0);
  }
  models.check_that_only_the_other_is_there();
}

TEST_CASE("nothing that comes later brings an erased session back", "[projections][erasure]") {
  log_builder log;
  all_models models;
  log.claim(p0);
  log.fact(p0, erased, events::session::fact{events::session::session_erased{}});
  SECTION("in the batch of the erasure") {
    live(log, erased, 1);
    live(log, other, 2);
    CHECK(models.apply(log.records) == 0);
  }
  SECTION("in one that follows") {
    CHECK(models.apply(log.records) == 0);
    log.records.clear();
    live(log, erased, 1);
    live(log, other, 2);
    CHECK(models.apply(log.records) == 0);
  }
  models.check_that_only_the_other_is_there();
}

TEST_CASE("a session that is parked is erased all the same", "[projections][erasure]") {
  log_builder log;
  all_models models;
  log.claim(p0);
  log.event(p0, erased, 1, sample_requested());
  log.event(p0, erased, 2, completed_with(2));
  log.append(p0, to_string(erased), "garbage");
  CHECK(models.apply(log.records) > 0);
  REQUIRE(models.tables->sessions.contains(erased));
  log.records.clear();
  log.fact(p0, erased, events::session::fact{events::session::session_erased{}});
  CHECK(models.apply(log.records) == 0);
  CHECK(models.tables->sessions.empty());
  CHECK(models.tables->matches.empty());
}
