#include "events/error.hpp"
#include "tests/projections/folded.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

constexpr events::partition_id p0{0};

void append_fact(log_builder& log, events::partition_id partition, const events::session_id& session,
                 std::uint64_t dice, events::log_offset under) {
  auto replied = sample_reply_recorded();
  auto failed = sample_call_failed();
  replied.call = failed.call = {events::uuid_v5(session.value, std::to_string(dice / 2))};
  if (dice % 2 == 0)
    log.fact(partition, session, replied, std::nullopt, under);
  else
    log.fact(partition, session, failed, sample_id<events::explanation_id>(6), under);
}

void append_explanation(log_builder& log, events::partition_id partition, const events::session_id& session,
                        std::uint64_t dice, events::log_offset under) {
  auto completed = sample_explanation_completed();
  completed.degraded = dice < 4;
  if (dice < 2)
    log.event(partition, session, completed.id, 1, sample_explanation_requested(), under);
  else if (dice < 5)
    log.event(partition, session, completed.id, 2, completed, under);
  else
    log.event(partition, session, completed.id, 2, sample_explanation_failed(), under);
}

/// A log with what happens: takeovers with a writer that is late, resent events, calls,
/// explanations that go well or not, erasures, garbage in the middle of a session, keys that are none.
log_builder troubled_log(std::uint32_t seed) {
  std::mt19937 random{seed};
  auto below = [&](std::uint32_t bound) { return random() % bound; };
  log_builder log;
  std::map<events::partition_id, std::vector<events::log_offset>> claims;
  for (std::int32_t p = 0; p < 3; ++p)
    claims[{p}].push_back(log.claim({p}));
  for (auto i = 0; i < 120; ++i) {
    auto n = static_cast<std::uint8_t>(below(25));
    events::partition_id partition{n % 3};
    auto session = sample_id<events::session_id>(n);
    auto& known = claims[partition];
    auto under = known[below(8) == 0 ? below(static_cast<std::uint32_t>(known.size())) : known.size() - 1];
    auto what = below(32);
    if (what == 0)
      known.push_back(log.claim(partition));
    else if (what == 1)
      log.append(partition, below(2) == 0 ? to_string(session) : "garbage", "{}");
    else if (what < 8)
      log.event(partition, session, 1, sample_requested(), under);
    else if (what < 11)
      log.event(partition, session, 2, sample_call_started(), under);
    else if (what < 16)
      log.event(partition, session, 3, completed_with(n % 4), under);
    else if (what < 18)
      log.event(partition, session, 3, sample_failed(), under);
    else if (what < 23)
      append_fact(log, partition, session, below(6), under);
    else if (what == 23 && below(3) == 0)
      log.fact(partition, session, events::session::fact{events::session::session_erased{}}, std::nullopt,
               under);
    else
      append_explanation(log, partition, session, below(6), under);
  }
  return log;
}

std::shared_ptr<simulated_tables> tables_of(const log_builder& log, std::uint32_t batch_max,
                                            std::uint32_t seed) {
  std::mt19937 random{seed};
  auto tables = std::make_shared<simulated_tables>();
  for (auto model :
       {projections::sessions::model(), projections::matches::model(), projections::explanations::model(),
        projections::feedback::model(), projections::language_model_calls::model()}) {
    folded_projection projection{model, tables};
    for (std::size_t at = 0; at < log.records.size();) {
      auto count = std::min<std::size_t>(1 + random() % batch_max, log.records.size() - at);
      auto first = log.records.begin() + static_cast<std::ptrdiff_t>(at);
      projection.apply({first, first + static_cast<std::ptrdiff_t>(count)});
      REQUIRE_FALSE(projection.error);
      at += count;
    }
  }
  return tables;
}

std::map<events::log_position, std::uint64_t> left_out_of(const simulated_tables& tables) {
  std::map<events::log_position, std::uint64_t> out;
  for (const auto& [key, each] : tables.parked)
    if (key.first == "sessions")
      out[key.second] = each.left_out;
  return out;
}

} // namespace

TEST_CASE("any batching of the same records gives the same rows") {
  for (std::uint32_t seed = 0; seed < 60; ++seed) {
    auto log = troubled_log(seed);
    auto expected = tables_of(log, 1, 0);
    for (auto batch_max : {3u, 20u, 1'000u}) {
      auto found = tables_of(log, batch_max, seed);
      INFO("seed " << seed << ", batches of up to " << batch_max);
      CHECK((found->sessions == expected->sessions));
      CHECK((found->matches == expected->matches));
      CHECK((found->explanations == expected->explanations));
      CHECK((found->language_model_calls == expected->language_model_calls));
      CHECK((found->erased == expected->erased));
      CHECK((found->checkpoints == expected->checkpoints));
      CHECK((left_out_of(*found) == left_out_of(*expected)));
    }
  }
}

TEST_CASE("all projections of a topic come to the same positions, whatever they read of it") {
  auto tables = tables_of(troubled_log(7), 50, 7);
  for (std::int32_t p = 0; p < 3; ++p)
    for (const auto* each : {"matches", "explanations", "feedback", "language_model_calls"})
      CHECK((tables->checkpoints.at({each, {p}}) == tables->checkpoints.at({"sessions", {p}})));
}

TEST_CASE("a record that cannot be read parks its session, and the partition goes on") {
  log_builder log;
  auto parked = sample_id<events::session_id>(1);
  auto other = sample_id<events::session_id>(2);
  log.claim(p0);
  log.event(p0, parked, 1, sample_requested());
  log.append(p0, to_string(parked), "not JSON");
  log.event(p0, parked, 2, sample_completed());
  log.event(p0, other, 1, sample_requested());
  auto tables = std::make_shared<simulated_tables>();
  folded_projection projection{projections::sessions::model(), tables};
  auto poison = projection.apply(log.records);
  REQUIRE(poison.size() == 1);
  CHECK(events::code_of(poison[0].error) == events::errc::unreadable_record);
  CHECK(tables->sessions.at(parked).version.value == 1);
  CHECK(tables->sessions.contains(other));
  const auto& kept = tables->parked.at({"sessions", {p0, {2}}});
  CHECK(kept.record.session == parked);
  CHECK(kept.left_out == 1);
  CHECK(tables->checkpoints.at({"sessions", p0}).next.value == 5);
}

TEST_CASE("what an event of a session must have") {
  log_builder log;
  log.claim(p0);
  auto poison_of = [&] {
    auto tables = std::make_shared<simulated_tables>();
    folded_projection projection{projections::sessions::model(), tables};
    return projection.apply(log.records).size();
  };
  SECTION("a key that is its session's id") {
    log.event(p0, sample_id<events::session_id>(1), 1, sample_requested());
    log.records.back().key = "somebody";
    CHECK(poison_of() == 1);
  }
  SECTION("a sequence") {
    log.event(p0, sample_id<events::session_id>(1), 0, sample_requested());
    CHECK(poison_of() == 1);
  }
  SECTION("a value") {
    log.append(p0, to_string(sample_id<events::session_id>(1)), std::nullopt);
    CHECK(poison_of() == 1);
  }
  SECTION("a known type") {
    auto value = events::encode(sample_envelope(), events::session::event{sample_requested()});
    value.replace(value.find("requested.v1"), 12, "requested.v9");
    log.append(p0, to_string(sample_id<events::session_id>(1)), value);
    CHECK(poison_of() == 1);
  }
}

TEST_CASE("the policy decides what becomes of poison") {
  log_builder log;
  auto session = sample_id<events::session_id>(1);
  log.append(p0, to_string(session), "garbage");
  log.claim(p0);
  log.event(p0, session, 1, sample_requested());
  auto owner = std::make_shared<actors::ports::record_batch>();
  owner->records = log.records;
  projections::batch work;
  work.records = {{owner, 0}, {owner, 1}, {owner, 2}};
  work.before = {{p0, {}, {}, {}, {}}};
  auto rows_of = [](const projections::folded_batch& out) {
    return std::get<std::vector<projections::sessions::session_row>>(out.to_apply.rows).size();
  };
  SECTION("parking leaves out what follows") {
    auto out = fold(projections::sessions::model(), work);
    CHECK(rows_of(out) == 0);
    CHECK(out.to_apply.parked.size() == 1);
    REQUIRE(out.to_apply.left_out.size() == 1);
    CHECK(out.to_apply.left_out[0].records == 1);
  }
  SECTION("skipping leaves out the record alone") {
    work.policy = projections::failure_policy::skip;
    auto out = fold(projections::sessions::model(), work);
    CHECK(rows_of(out) == 1);
    CHECK(out.to_apply.parked.empty());
    CHECK(out.poisoned.size() == 1);
  }
  SECTION("failing stops there") {
    work.policy = projections::failure_policy::fail;
    auto out = fold(projections::sessions::model(), work);
    CHECK(out.poisoned.size() == 1);
    CHECK(rows_of(out) == 0);
  }
}

TEST_CASE("records below the position are left alone") {
  log_builder log;
  log.claim(p0);
  log.event(p0, sample_id<events::session_id>(1), 1, sample_requested());
  auto owner = std::make_shared<actors::ports::record_batch>();
  owner->records = log.records;
  projections::batch work;
  work.records = {{owner, 0}, {owner, 1}};
  work.before = {{p0, events::log_offset{2}, events::log_offset{2}, events::log_offset{0}, {}}};
  auto out = fold(projections::sessions::model(), work);
  CHECK(out.to_apply.advances.empty());
}
