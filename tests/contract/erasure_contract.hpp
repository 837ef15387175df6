#pragma once

#include "tests/contract/language_model_rows_contract.hpp"

/// What every store keeps of feedback and of erased sessions, as tests. The fixture is that
/// of language_model_rows_contract.hpp.
namespace sonicmatch::tests::contract {

inline feedback::feedback_row feedback_row(std::uint8_t n) {
  feedback::feedback_row out;
  out.id = sample_id<events::feedback_id>(n);
  out.session = session_of(n);
  out.user = sample_id<events::user_id>(7);
  out.headphone = sample_headphone().id();
  out.slug = "sennheiser-hd-560s";
  out.rank = 2;
  out.overall_score = 0.875;
  out.kind = events::feedback::kind::rated;
  out.rating = 4;
  out.created_at = sample_time(std::chrono::milliseconds{n});
  out.position = {{3}, {1'000'000'000'000 + n}};
  return out;
}

inline feedback::feedback_row anonymous_feedback_row(std::uint8_t n) {
  auto out = feedback_row(n);
  out.user.reset();
  out.kind = events::feedback::kind::dismissed;
  out.rating.reset();
  return out;
}

/// A row of each kind for the session, by the name of its projection.
inline std::vector<std::pair<std::string, row_set>> rows_of(std::uint8_t n) {
  matches::session_matches picks{session_of(n), {2}, {}};
  picks.rows.push_back({1, sample_headphone().id(), {}, "It fits.", {}, {}, {}});
  auto explained = explanation_row(explanation_status::complete, n);
  explained.session = session_of(n);
  return {{"sessions", std::vector{session_row(n, 2)}},
          {"matches", std::vector{picks}},
          {"explanations", std::vector{explained}},
          {"feedback", std::vector{feedback_row(n)}},
          {"language_model_calls", std::vector{replied_row(n)}}};
}

template <class Rows>
changes erasing_batch(const std::string& projection, checkpoint_advance advance, Rows rows,
                      std::vector<session_id> erased) {
  changes out;
  out.projection = projection;
  out.advances = {advance};
  out.rows = std::move(rows);
  out.erased = std::move(erased);
  return out;
}

inline row_set without_rows(row_set rows) {
  std::visit([](auto& each) { each.clear(); }, rows);
  return rows;
}

/// Whether only the second session is there, and both calls.
inline void check_that_the_first_is_gone(const simulated_tables& tables) {
  CHECK(tables.sessions.size() == 1);
  CHECK(tables.sessions.contains(session_of(2)));
  CHECK(tables.matches.size() == 1);
  CHECK(tables.matches.contains(session_of(2)));
  REQUIRE(tables.explanations.size() == 1);
  CHECK(tables.explanations.begin()->first.first == session_of(2));
  REQUIRE(tables.feedback.size() == 1);
  CHECK(tables.feedback.begin()->second.session == session_of(2));
  REQUIRE(tables.language_model_calls.size() == 2);
  auto unlinked = replied_row(1);
  unlinked.session.reset();
  CHECK((tables.language_model_calls.at(unlinked.id) == unlinked));
  CHECK((tables.language_model_calls.at(replied_row(2).id) == replied_row(2)));
}

template <class Fixture>
void feedback_comes_back_as_it_was_given(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(
    batch_of("feedback", step(-1, 5), std::vector{feedback_row(1), anonymous_feedback_row(2)})));
  auto tables = fixture.tables();
  REQUIRE(tables.feedback.size() == 2);
  CHECK((tables.feedback.at(feedback_row(1).id) == feedback_row(1)));
  CHECK((tables.feedback.at(feedback_row(2).id) == anonymous_feedback_row(2)));
}

template <class Fixture>
void the_first_row_of_a_feedback_stays(Fixture& fixture) {
  auto apply = [&](checkpoint_advance advance, std::vector<feedback::feedback_row> rows) {
    REQUIRE_FALSE(fixture.store().apply(batch_of("feedback", advance, std::move(rows))));
  };
  apply(step(-1, 1), {feedback_row(1)});
  apply(step(1, 2), {anonymous_feedback_row(1), anonymous_feedback_row(2)});
  apply(step(2, 3), {feedback_row(2), feedback_row(3)});
  auto tables = fixture.tables();
  REQUIRE(tables.feedback.size() == 3);
  CHECK((tables.feedback.at(feedback_row(1).id) == feedback_row(1)));
  CHECK((tables.feedback.at(feedback_row(2).id) == anonymous_feedback_row(2)));
}

template <class Fixture>
void an_erased_session_leaves_only_what_its_calls_cost(Fixture& fixture) {
  auto second = rows_of(2);
  std::size_t n = 0;
  for (auto& [projection, rows] : rows_of(1)) {
    auto& store = fixture.store();
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(-1, 1), rows, {})));
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(1, 2), second[n++].second, {session_of(1)})));
  }
  check_that_the_first_is_gone(fixture.tables());
}

template <class Fixture>
void what_comes_later_of_an_erased_session_is_left_out(Fixture& fixture) {
  auto second = rows_of(2);
  std::size_t n = 0;
  for (auto& [projection, rows] : rows_of(1)) {
    auto& store = fixture.store();
    REQUIRE_FALSE(store.apply(
      erasing_batch(projection, step(-1, 1), without_rows(rows), {session_of(1), session_of(1)})));
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(1, 2), without_rows(rows), {session_of(1)})));
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(2, 3), rows, {})));
    REQUIRE_FALSE(fixture.another().apply(erasing_batch(projection, step(3, 4), second[n++].second, {})));
  }
  check_that_the_first_is_gone(fixture.tables());
}

template <class Fixture>
void rows_and_erasure_in_one_batch_leave_nothing(Fixture& fixture) {
  auto second = rows_of(2);
  std::size_t n = 0;
  for (auto& [projection, rows] : rows_of(1)) {
    auto& store = fixture.store();
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(-1, 1), rows, {session_of(1)})));
    REQUIRE_FALSE(store.apply(erasing_batch(projection, step(1, 2), second[n++].second, {})));
  }
  check_that_the_first_is_gone(fixture.tables());
}

template <class Fixture>
void each_projection_erases_for_itself(Fixture& fixture) {
  auto rows = rows_of(1);
  REQUIRE_FALSE(fixture.store().apply(
    erasing_batch("matches", step(-1, 1), without_rows(rows[1].second), {session_of(1)})));
  REQUIRE_FALSE(fixture.store().apply(erasing_batch("sessions", step(-1, 1), rows[0].second, {})));
  auto tables = fixture.tables();
  CHECK(tables.sessions.contains(session_of(1)));
  CHECK(tables.erased.at("matches") == std::set{session_of(1)});
}

template <class Fixture>
void an_erasure_that_loses_the_race_changes_nothing(Fixture& fixture) {
  auto rows = rows_of(1);
  REQUIRE_FALSE(fixture.store().apply(erasing_batch("sessions", step(-1, 1), rows[0].second, {})));
  auto late = fixture.another().apply(
    erasing_batch("sessions", step(-1, 2), without_rows(rows[0].second), {session_of(1)}));
  CHECK(events::code_of(late) == errc::checkpoint_conflict);
  CHECK(fixture.tables().sessions.contains(session_of(1)));
}

template <class Fixture>
void a_session_that_was_erased_is_found_as_such(Fixture& fixture) {
  auto rows = rows_of(1);
  REQUIRE_FALSE(fixture.store().apply(erasing_batch("sessions", step(-1, 1), rows[0].second, {})));
  REQUIRE(fixture.sessions().find(session_of(1)));
  REQUIRE_FALSE(fixture.store().apply(
    erasing_batch("sessions", step(1, 2), without_rows(rows[0].second), {session_of(1)})));
  auto found = fixture.sessions().find(session_of(1));
  REQUIRE_FALSE(found);
  CHECK(events::code_of(found.error()) == errc::erased);
  auto unknown = fixture.sessions().find(session_of(2));
  REQUIRE(unknown);
  CHECK_FALSE(*unknown);
}

template <class Fixture>
inline constexpr std::array of_erasures{
  std::pair{"feedback comes back as it was given", &feedback_comes_back_as_it_was_given<Fixture>},
  std::pair{"the first row of a feedback stays", &the_first_row_of_a_feedback_stays<Fixture>},
  std::pair{"an erased session leaves only what its calls cost",
            &an_erased_session_leaves_only_what_its_calls_cost<Fixture>},
  std::pair{"what comes later of an erased session is left out",
            &what_comes_later_of_an_erased_session_is_left_out<Fixture>},
  std::pair{"rows and erasure in one batch leave nothing",
            &rows_and_erasure_in_one_batch_leave_nothing<Fixture>},
  std::pair{"each projection erases for itself", &each_projection_erases_for_itself<Fixture>},
  std::pair{"an erasure that loses the race changes nothing",
            &an_erasure_that_loses_the_race_changes_nothing<Fixture>},
  std::pair{"a session that was erased is found as such",
            &a_session_that_was_erased_is_found_as_such<Fixture>},
};

} // namespace sonicmatch::tests::contract
