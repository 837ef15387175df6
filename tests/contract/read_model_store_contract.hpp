#pragma once

#include "events/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"
#include "tests/support/simulated_store.hpp"

#include <array>
#include <string_view>
#include <utility>

/// What every projections::read_model_store keeps, as tests; of the rows that language
/// models lead to: language_model_rows_contract.hpp. An adapter's test lists them all at
/// once:
///
///     TEST_CASE("the simulated store keeps the contract") {
///       for (auto [sentence, keep] : contract::of_the_store<simulated_store_fixture>)
///         DYNAMIC_SECTION(sentence) { simulated_store_fixture store; keep(store); }
///     }
///
/// A fixture is one empty database:
///
///     projections::read_model_store& store();    // the same one every time
///     projections::read_model_store& another();  // of another process
///     actors::ports::session_reader& sessions();
///     simulated_tables tables();                 // what is in it now
namespace sonicmatch::tests::contract {

using namespace projections;
using events::errc;
using events::log_position;
using events::session_id;
using events::stream_version;

inline session_id session_of(std::uint8_t n) {
  return sample_id<session_id>(n);
}

/// A step of partition 0 from `from` (-1: none yet) to `to`.
inline checkpoint_advance step(std::int64_t from, std::int64_t to, std::int32_t partition = 0) {
  return {from < 0 ? std::nullopt : std::optional{log_offset{from}}, {{partition}, {to}, {}}};
}

inline sessions::session_row session_row(std::uint8_t n, std::uint32_t version, std::uint32_t since = 0) {
  sessions::session_row out;
  out.id = session_of(n);
  out.status =
    version == 1 ? events::session::document_status::pending : events::session::document_status::complete;
  out.document = R"({"text":"a\tb\\n \"c\" Sigur Rós","version":)" + std::to_string(version) + "}";
  out.created_at = sample_time();
  if (version > 1) {
    out.completed_at = sample_time(std::chrono::milliseconds{3});
    out.answer = {"openai", "gpt-4o-mini", true, "incomplete\treply",           1,
                  2,        3'000'000'000, 640,  events::micro_dollars{72'850}, false};
  }
  out.version = {version};
  out.position = {{3}, {1'000'000'000'000 + version}};
  out.command = sample_id<events::record_id>(static_cast<std::uint8_t>(version));
  out.correlation = sample_id<events::correlation_id>(3);
  if (n % 2 == 0)
    out.origin = {sample_id<events::user_id>(7), "hash of " + std::to_string(n)};
  out.since = {since == 0 ? version : since};
  return out;
}

inline matches::session_matches matches_row(std::uint8_t n, std::uint32_t version, int count) {
  matches::session_matches out{session_of(n), {version}, {}};
  for (auto rank = 1; rank <= count; ++rank)
    out.rows.push_back({rank,
                        sample_headphone().id(),
                        {0.875, 1, 0, 0.5, 0.25, 0.0625},
                        "tab\t, line\nand \\ back, of " + std::to_string(version),
                        {"a \"quoted\" pro", "back\\slash", "{braces, and commas}", "NULL", ""},
                        {},
                        {"ünïcode"}});
  return out;
}

inline headphones::headphone_row headphone_row(std::int64_t at, bool listed, std::int64_t cents = 179'05) {
  headphones::headphone_row out{sample_headphone().id(), {at}, std::nullopt};
  if (listed) {
    out.listed = headphones::listed_headphone{sample_headphone(), R"({"slug":"sennheiser-hd-560s"})"};
    out.listed->headphone.price_usd = {cents};
  }
  return out;
}

template <class Row>
changes batch_of(std::string projection, checkpoint_advance advance, std::vector<Row> rows) {
  return {std::move(projection), {advance}, std::move(rows), {}, {}, {}};
}

inline changes sessions_batch(checkpoint_advance advance, std::vector<sessions::session_row> rows = {}) {
  return batch_of("sessions", advance, std::move(rows));
}

inline changes matches_batch(checkpoint_advance advance, std::vector<matches::session_matches> rows) {
  return batch_of("matches", advance, std::move(rows));
}

/// A row as the store gives it back: `since` is a hint and not kept.
inline sessions::session_row kept(sessions::session_row row) {
  row.since = {};
  return row;
}

// -- the checkpoints ------------------------------------------------------------

template <class Fixture>
void an_empty_store_has_no_progress(Fixture& fixture) {
  auto progress = fixture.store().load("sessions");
  REQUIRE(progress);
  CHECK(progress->checkpoints.empty());
  CHECK(progress->parked.empty());
}

template <class Fixture>
void checkpoints_come_back_with_their_claims(Fixture& fixture) {
  changes batch = sessions_batch(step(-1, 5));
  batch.advances.push_back(step(-1, 7, 1));
  batch.advances[1].to.claim = log_offset{4};
  REQUIRE_FALSE(fixture.store().apply(batch));
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(5, 8))));
  auto progress = fixture.another().load("sessions");
  REQUIRE(progress);
  auto& found = progress->checkpoints;
  std::sort(found.begin(), found.end(), [](auto& a, auto& b) { return a.partition < b.partition; });
  CHECK((found == std::vector<checkpoint>{{{0}, {8}, {}}, {{1}, {7}, log_offset{4}}}));
}

template <class Fixture>
void each_projection_has_its_own_progress(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5))));
  auto progress = fixture.store().load("matches");
  REQUIRE(progress);
  CHECK(progress->checkpoints.empty());
  CHECK_FALSE(fixture.store().apply(matches_batch(step(-1, 3), {})));
}

template <class Fixture>
void of_two_owners_only_one_advances(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5), {session_row(1, 1)})));
  auto first = fixture.another().apply(sessions_batch(step(-1, 5), {session_row(2, 1)}));
  auto later = fixture.another().apply(sessions_batch(step(4, 9), {session_row(2, 1)}));
  CHECK(events::code_of(first) == errc::checkpoint_conflict);
  CHECK(events::code_of(later) == errc::checkpoint_conflict);
  CHECK(fixture.tables().sessions.size() == 1);
  CHECK_FALSE(fixture.another().apply(sessions_batch(step(5, 9), {session_row(2, 1)})));
}

template <class Fixture>
void one_conflict_takes_the_whole_batch_with_it(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5))));
  changes batch = sessions_batch(step(5, 6), {session_row(1, 1)});
  batch.advances.push_back(step(3, 4, 1)); // partition 1 has no checkpoint
  batch.parked.push_back({{{0}, {5}}, session_of(9), "key", "error"});
  CHECK(events::code_of(fixture.store().apply(batch)) == errc::checkpoint_conflict);
  auto tables = fixture.tables();
  CHECK(tables.sessions.empty());
  CHECK(tables.parked.empty());
  CHECK((tables.checkpoints.at({"sessions", {0}}).next == log_offset{5}));
}

// -- the rows ---------------------------------------------------------------------

template <class Fixture>
void a_session_comes_back_as_it_was_given(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5), {session_row(1, 1), session_row(2, 2)})));
  auto tables = fixture.tables();
  REQUIRE(tables.sessions.size() == 2);
  CHECK((tables.sessions.at(session_of(1)) == kept(session_row(1, 1))));
  CHECK((tables.sessions.at(session_of(2)) == kept(session_row(2, 2))));
}

template <class Fixture>
void a_newer_session_replaces_but_keeps_its_first_command(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 1), {session_row(1, 1)})));
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(1, 2), {session_row(1, 2)})));
  auto expected = kept(session_row(1, 2));
  expected.command = session_row(1, 1).command;
  CHECK((fixture.tables().sessions.at(session_of(1)) == expected));
}

template <class Fixture>
void an_equal_or_older_session_changes_nothing(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 1), {session_row(1, 2)})));
  auto again = session_row(1, 2);
  again.document = "{}";
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(1, 2), {again})));
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(2, 3), {session_row(1, 1)})));
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(3, 4), {session_row(2, 2, 1), session_row(1, 1)})));
  auto tables = fixture.tables();
  CHECK((tables.sessions.at(session_of(1)) == kept(session_row(1, 2))));
  CHECK(tables.sessions.size() == 2);
}

/// The ids of a page of the sessions of user 7.
template <class Fixture>
std::vector<session_id> page_of(Fixture& fixture, std::optional<actors::ports::session_place> after,
                                std::size_t count_max) {
  auto found = fixture.sessions().find_sessions_of(sample_id<events::user_id>(7), after, count_max);
  REQUIRE(found);
  std::vector<session_id> out;
  for (const auto& each : *found)
    out.push_back(each.id);
  return out;
}

template <class Fixture>
void sessions_of_a_user_are_found_page_by_page(Fixture& fixture) {
  std::vector<sessions::session_row> rows;
  for (auto n : std::initializer_list<std::uint8_t>{1, 2, 4, 6, 8, 10}) {
    rows.push_back(session_row(n, 2));
    rows.back().created_at = sample_time() + std::chrono::microseconds{n < 6 ? 1 : 6}; // equals, by id
  }
  rows[1].origin.user = sample_id<events::user_id>(9);
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5), rows)));
  CHECK((page_of(fixture, std::nullopt, 9)
         == std::vector{session_of(10), session_of(8), session_of(6), session_of(4)}));
  CHECK((page_of(fixture, std::nullopt, 2) == std::vector{session_of(10), session_of(8)}));
  auto behind = [&](const sessions::session_row& row) {
    return actors::ports::session_place{row.created_at, row.id};
  };
  CHECK((page_of(fixture, behind(rows[4]), 2) == std::vector{session_of(6), session_of(4)}));
  CHECK(page_of(fixture, behind(rows[2]), 2).empty());
}

template <class Fixture>
void a_session_is_found_with_its_origin(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(sessions_batch(step(-1, 5), {session_row(1, 1), session_row(2, 2)})));
  auto ones = fixture.sessions().find(session_of(2));
  REQUIRE(ones);
  REQUIRE(*ones);
  CHECK((**ones).origin == session_row(2, 2).origin);
  CHECK((**ones).created_at == session_row(2, 2).created_at);
  CHECK((**ones).terminal);
  auto nobodys = fixture.sessions().find(session_of(1));
  REQUIRE(nobodys);
  REQUIRE(*nobodys);
  CHECK((**nobodys).origin == events::stream_origin{});
  CHECK_FALSE((**nobodys).terminal);
}

template <class Fixture>
void matches_come_back_as_they_were_given(Fixture& fixture) {
  REQUIRE_FALSE(
    fixture.store().apply(matches_batch(step(-1, 1), {matches_row(1, 2, 5), matches_row(2, 2, 0)})));
  auto tables = fixture.tables();
  REQUIRE(tables.matches.size() == 1);
  CHECK((tables.matches.at(session_of(1)) == kept_matches{{2}, matches_row(1, 2, 5).rows}));
}

template <class Fixture>
void newer_matches_replace_all_older_ones(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(
    matches_batch(step(-1, 1), {matches_row(1, 2, 5), matches_row(2, 2, 5), matches_row(3, 2, 1)})));
  REQUIRE_FALSE(fixture.store().apply(
    matches_batch(step(1, 2), {matches_row(1, 3, 2), matches_row(2, 3, 0), matches_row(3, 2, 4)})));
  auto tables = fixture.tables();
  CHECK((tables.matches.at(session_of(1)) == kept_matches{{3}, matches_row(1, 3, 2).rows}));
  CHECK_FALSE(tables.matches.contains(session_of(2)));
  CHECK((tables.matches.at(session_of(3)) == kept_matches{{2}, matches_row(3, 2, 1).rows}));
}

template <class Fixture>
void matches_without_rows_replace_too(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().apply(matches_batch(step(-1, 1), {matches_row(1, 2, 5)})));
  REQUIRE_FALSE(fixture.store().apply(matches_batch(step(1, 2), {matches_row(1, 3, 0)})));
  CHECK(fixture.tables().matches.empty());
}

template <class Fixture>
void the_newest_record_of_a_headphone_is_its_row(Fixture& fixture) {
  auto put = [&](checkpoint_advance advance, headphones::headphone_row row) {
    REQUIRE_FALSE(fixture.store().apply(batch_of("headphones", advance, std::vector{std::move(row)})));
  };
  put(step(-1, 1), headphone_row(0, true));
  put(step(1, 2), headphone_row(1, true, 149'00));
  put(step(2, 3), headphone_row(0, true));
  auto tables = fixture.tables();
  REQUIRE(tables.headphones.size() == 1);
  const auto& row = tables.headphones.begin()->second;
  CHECK(row.at == log_offset{1});
  REQUIRE(row.listed);
  CHECK(row.listed->headphone.price_usd.cents == 149'00);
  CHECK(row.listed->headphone.slug == "sennheiser-hd-560s");
  put(step(3, 4), headphone_row(3, false));
  CHECK(fixture.tables().headphones.empty());
}

// -- what is refused, and what is parked -----------------------------------------

template <class Fixture>
void a_refused_row_changes_nothing(Fixture& fixture) {
  auto twice = matches_row(1, 2, 2);
  twice.rows[1].rank = 1;
  auto error = fixture.store().apply(matches_batch(step(-1, 1), {matches_row(2, 2, 2), twice}));
  CHECK(events::code_of(error) == errc::store_rejected);
  CHECK(fixture.tables().matches.empty());
  CHECK(fixture.tables().checkpoints.empty());
  CHECK_FALSE(fixture.store().apply(matches_batch(step(-1, 1), {matches_row(2, 2, 2)})));
}

template <class Fixture>
void parked_sessions_come_back_and_count(Fixture& fixture) {
  changes batch = sessions_batch(step(-1, 5));
  batch.parked.push_back({{{0}, {2}}, session_of(1), to_string(session_of(1)), "unreadable_record"});
  batch.parked.push_back({{{0}, {3}}, std::nullopt, "key", "invalid_record"});
  REQUIRE_FALSE(fixture.store().apply(batch));
  batch = sessions_batch(step(5, 9));
  batch.left_out.push_back({session_of(1), 3});
  REQUIRE_FALSE(fixture.store().apply(batch));
  auto progress = fixture.store().load("sessions");
  REQUIRE(progress);
  CHECK((progress->parked == std::vector<parked_session>{{session_of(1), {0}}}));
  auto tables = fixture.tables();
  REQUIRE(tables.parked.size() == 2);
  CHECK(tables.parked.at({"sessions", {{0}, {2}}}).left_out == 3);
  CHECK(tables.parked.at({"sessions", {{0}, {2}}}).record.error == "unreadable_record");
  CHECK(tables.parked.at({"sessions", {{0}, {3}}}).record.key == "key");
}

template <class Fixture>
inline constexpr std::array of_the_store{
  std::pair{"an empty store has no progress", &an_empty_store_has_no_progress<Fixture>},
  std::pair{"checkpoints come back with their claims", &checkpoints_come_back_with_their_claims<Fixture>},
  std::pair{"each projection has its own progress", &each_projection_has_its_own_progress<Fixture>},
  std::pair{"of two owners only one advances", &of_two_owners_only_one_advances<Fixture>},
  std::pair{"one conflict takes the whole batch with it",
            &one_conflict_takes_the_whole_batch_with_it<Fixture>},
  std::pair{"a session comes back as it was given", &a_session_comes_back_as_it_was_given<Fixture>},
  std::pair{"a newer session replaces, but keeps its first command",
            &a_newer_session_replaces_but_keeps_its_first_command<Fixture>},
  std::pair{"an equal or older session changes nothing", &an_equal_or_older_session_changes_nothing<Fixture>},
  std::pair{"sessions of a user are found page by page", &sessions_of_a_user_are_found_page_by_page<Fixture>},
  std::pair{"a session is found with its origin", &a_session_is_found_with_its_origin<Fixture>},
  std::pair{"matches come back as they were given", &matches_come_back_as_they_were_given<Fixture>},
  std::pair{"newer matches replace all older ones", &newer_matches_replace_all_older_ones<Fixture>},
  std::pair{"matches without rows replace too", &matches_without_rows_replace_too<Fixture>},
  std::pair{"the newest record of a headphone is its row",
            &the_newest_record_of_a_headphone_is_its_row<Fixture>},
  std::pair{"a refused row changes nothing", &a_refused_row_changes_nothing<Fixture>},
  std::pair{"parked sessions come back and count", &parked_sessions_come_back_and_count<Fixture>},
};

} // namespace sonicmatch::tests::contract
