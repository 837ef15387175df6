#pragma once

#include "tests/contract/read_model_store_contract.hpp"

/// What every store keeps of explanations and of calls of language models, and what the
/// readers of those tables find, as tests. Beside what read_model_store_contract.hpp
/// asks of it, a fixture has
///
///     actors::ports::session_reader& sessions();   // of the same database
///     actors::ports::spending_reader& spending();
namespace sonicmatch::tests::contract {

using explanation_status = events::explanation::document_status;

inline explanations::explanation_row explanation_row(explanation_status status, std::int64_t at,
                                                     bool degraded = false) {
  explanations::explanation_row out;
  out.session = session_of(1);
  out.headphone = sample_headphone().id();
  out.id = sample_id<events::explanation_id>(static_cast<std::uint8_t>(at));
  out.status = status;
  out.document = R"({"text":"a\tb \"c\"","at":)" + std::to_string(at) + "}";
  out.created_at = sample_time();
  out.position = {{3}, {at}};
  if (status == explanation_status::pending)
    return out;
  out.completed_at = sample_time(std::chrono::milliseconds{at});
  out.answer.attempts = 1;
  out.answer.prompt_tokens = 9'120;
  out.answer.completion_tokens = 640;
  out.answer.cost_is_known = false;
  if (status != explanation_status::complete)
    return out;
  out.answer.provider = "heuristic";
  out.answer.degraded = degraded;
  out.answer.prompt_version = 2;
  if (degraded)
    out.answer.degraded_reason = "breaker_open";
  return out;
}

inline language_model_calls::call_row replied_row(std::uint8_t n) {
  language_model_calls::call_row out;
  out.id = sample_id<events::call_id>(n);
  out.session = session_of(n);
  out.provider = "anthropic";
  out.model = "claude-opus-4-5-20251101";
  out.prompt_version = 3;
  out.stopped = "finished";
  out.usage = sample_usage();
  out.cost = events::micro_dollars{72'850};
  out.latency_ms = 4'200;
  out.response_id = "msg\t01";
  out.request_id = "req_01";
  out.recorded_at = sample_time(std::chrono::milliseconds{n});
  out.position = {{3}, {1'000'000'000'000 + n}};
  return out;
}

inline language_model_calls::call_row failed_row(std::uint8_t n) {
  auto out = replied_row(n);
  out.explanation = sample_id<events::explanation_id>(n);
  out.attempt = 2;
  out.purpose = events::language_model::purpose::repair;
  out.outcome = language_model_calls::outcome::failed;
  out.stopped = std::nullopt;
  out.code = "timed_out";
  out.http_status = 504;
  out.usage = std::nullopt;
  out.cost = std::nullopt;
  out.may_have_been_billed = true;
  out.cost_max = events::micro_dollars{50'000};
  out.response_id = std::nullopt;
  return out;
}

/// Applies one batch for each of the rows; the explanation that is there at the end.
template <class Fixture>
explanations::explanation_row explained_by(Fixture& fixture,
                                           const std::vector<explanations::explanation_row>& rows) {
  std::int64_t next = -1;
  for (const auto& row : rows) {
    auto advance = step(next, next + 1);
    REQUIRE_FALSE(fixture.store().apply(batch_of("explanations", advance, std::vector{row})));
    ++next;
  }
  auto tables = fixture.tables();
  REQUIRE(tables.explanations.size() == 1);
  return tables.explanations.at({session_of(1), sample_headphone().id()});
}

inline changes calls_batch(checkpoint_advance advance, std::vector<language_model_calls::call_row> rows) {
  return batch_of("language_model_calls", advance, std::move(rows));
}

// -- explanations -----------------------------------------------------------------

template <class Fixture>
void explanations_come_back_as_they_were_given(Fixture& fixture) {
  auto other = explanation_row(explanation_status::error, 4);
  other.headphone = events::headphone_id_of("other");
  auto third = explanation_row(explanation_status::pending, 5);
  third.session = session_of(2);
  auto good = explanation_row(explanation_status::complete, 3);
  REQUIRE_FALSE(
    fixture.store().apply(batch_of("explanations", step(-1, 9), std::vector{good, other, third})));
  auto tables = fixture.tables();
  REQUIRE(tables.explanations.size() == 3);
  CHECK((tables.explanations.at({good.session, good.headphone}) == good));
  CHECK((tables.explanations.at({other.session, other.headphone}) == other));
  CHECK((tables.explanations.at({third.session, third.headphone}) == third));
}

template <class Fixture>
void a_newer_explanation_replaces_an_older_one(Fixture& fixture) {
  auto pending = explanation_row(explanation_status::pending, 1);
  auto makeshift = explanation_row(explanation_status::complete, 2, true);
  auto anew = explanation_row(explanation_status::pending, 3);
  CHECK((explained_by(fixture, {pending, makeshift, anew}) == anew));
}

template <class Fixture>
void an_equal_or_older_explanation_changes_nothing(Fixture& fixture) {
  auto makeshift = explanation_row(explanation_status::complete, 2, true);
  auto again = makeshift;
  again.document = "{}";
  CHECK(
    (explained_by(fixture, {makeshift, again, explanation_row(explanation_status::error, 1)}) == makeshift));
}

template <class Fixture>
void a_good_explanation_is_only_replaced_by_a_newer_good_one(Fixture& fixture) {
  auto good = explanation_row(explanation_status::complete, 2);
  SECTION("a makeshift, a failure, a new request and an older good one do not") {
    CHECK((explained_by(fixture, {explanation_row(explanation_status::error, 9), good,
                                  explanation_row(explanation_status::complete, 3, true),
                                  explanation_row(explanation_status::error, 4),
                                  explanation_row(explanation_status::pending, 5),
                                  explanation_row(explanation_status::complete, 1)})
           == good));
  }
  SECTION("a newer good one does") {
    auto newer = explanation_row(explanation_status::complete, 6);
    CHECK((explained_by(fixture, {good, newer}) == newer));
  }
}

template <class Fixture>
void an_explanation_is_found_by_its_pick(Fixture& fixture) {
  auto nothing = fixture.sessions().find_explanation(session_of(1), sample_headphone().id());
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  auto row = explained_by(fixture, {explanation_row(explanation_status::complete, 2, true)});
  auto found = fixture.sessions().find_explanation(row.session, row.headphone);
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->id == row.id);
  CHECK((*found)->document == row.document);
  CHECK((*found)->status == row.status);
  CHECK((*found)->degraded);
  auto other = fixture.sessions().find_explanation(row.session, events::headphone_id_of("other"));
  REQUIRE(other);
  CHECK_FALSE(*other);
}

// -- calls --------------------------------------------------------------------------

template <class Fixture>
void calls_come_back_as_they_were_given(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(calls_batch(step(-1, 5), {replied_row(1), failed_row(2)})));
  auto tables = fixture.tables();
  REQUIRE(tables.language_model_calls.size() == 2);
  CHECK((tables.language_model_calls.at(replied_row(1).id) == replied_row(1)));
  CHECK((tables.language_model_calls.at(failed_row(2).id) == failed_row(2)));
}

template <class Fixture>
void the_first_row_of_a_call_stays(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(calls_batch(step(-1, 1), {replied_row(1)})));
  REQUIRE_FALSE(fixture.store().apply(calls_batch(step(1, 2), {failed_row(1), failed_row(2)})));
  REQUIRE_FALSE(fixture.store().apply(calls_batch(step(2, 3), {replied_row(2), replied_row(3)})));
  auto tables = fixture.tables();
  REQUIRE(tables.language_model_calls.size() == 3);
  CHECK((tables.language_model_calls.at(replied_row(1).id) == replied_row(1)));
  CHECK((tables.language_model_calls.at(replied_row(2).id) == failed_row(2)));
  CHECK((tables.language_model_calls.at(replied_row(3).id) == replied_row(3)));
}

template <class Fixture>
void what_was_spent_is_what_is_known_and_may_be(Fixture& fixture) {
  auto batch = calls_batch(step(-1, 7), {replied_row(1), replied_row(2), replied_row(3), failed_row(4)});
  batch.advances[0].to.claim = log_offset{2};
  batch.advances.push_back(step(-1, 3, 1));
  REQUIRE_FALSE(fixture.store().apply(batch));
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 9))));
  auto found = fixture.spending().find_spending(replied_row(2).recorded_at);
  REQUIRE(found);
  CHECK(found->spent == events::micro_dollars{2 * 72'850 + 50'000}); // failed_row(4) may have cost so much
  auto& progress = found->progress;
  std::sort(progress.begin(), progress.end(), [](auto& a, auto& b) { return a.partition < b.partition; });
  REQUIRE(progress.size() == 2);
  CHECK(progress[0].next == log_offset{7});
  CHECK(progress[0].claim == log_offset{2});
  CHECK(progress[1].next == log_offset{3});
  CHECK_FALSE(progress[1].claim);
}

template <class Fixture>
void where_nothing_was_spent_the_sum_is_nothing(Fixture& fixture) {
  auto found = fixture.spending().find_spending(sample_time());
  REQUIRE(found);
  CHECK(found->spent == events::micro_dollars{});
  CHECK(found->progress.empty());
}

template <class Fixture>
inline constexpr std::array of_language_model_rows{
  std::pair{"explanations come back as they were given", &explanations_come_back_as_they_were_given<Fixture>},
  std::pair{"a newer explanation replaces an older one", &a_newer_explanation_replaces_an_older_one<Fixture>},
  std::pair{"an equal or older explanation changes nothing",
            &an_equal_or_older_explanation_changes_nothing<Fixture>},
  std::pair{"a good explanation is only replaced by a newer good one",
            &a_good_explanation_is_only_replaced_by_a_newer_good_one<Fixture>},
  std::pair{"an explanation is found by its pick", &an_explanation_is_found_by_its_pick<Fixture>},
  std::pair{"calls come back as they were given", &calls_come_back_as_they_were_given<Fixture>},
  std::pair{"the first row of a call stays", &the_first_row_of_a_call_stays<Fixture>},
  std::pair{"what was spent is the sum of what is known",
            &what_was_spent_is_what_is_known_and_may_be<Fixture>},
  std::pair{"where nothing was spent the sum is nothing",
            &where_nothing_was_spent_the_sum_is_nothing<Fixture>},
};

} // namespace sonicmatch::tests::contract
