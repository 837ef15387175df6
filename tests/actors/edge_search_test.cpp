#include "tests/actors/edge_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
using tests::code_in;
using tests::edge_fixture;
using tests::tailed;

namespace {

const auto id = tests::sample_id<events::session_id>();

caf::error away() {
  return events::make_error(errc::log_unavailable, "away");
}

} // namespace

TEST_CASE("a session in the cache is answered without asking anybody", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.read(tailed::events, {tests::event_record(id, tests::sample_completed(), 2, 1, 0)});
  auto got = edge.find(id);
  REQUIRE(got->size() == 1);
  CHECK(got->at(0)->terminal);
  CHECK(edge.reader->ends.empty());
  CHECK(edge.sessions->finds == 0);
}

TEST_CASE("an unknown session is looked for once the tails have read up to the request",
          "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->stored[id] = {"{\"stored\":true}", {2}, true};
  auto got = edge.find(id);
  edge.answer_ends(log_offset{5}, log_offset{3});
  CHECK(got->empty());
  edge.at_end(tailed::events, 5);
  CHECK(got->empty());
  CHECK(edge.sessions->finds == 0);
  edge.at_end(tailed::commands, 3);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(*got->at(0)->document == "{\"stored\":true}");
  CHECK(edge.cache->find(id, edge.clock->time));
}

TEST_CASE("a session that the tails bring while it is looked for is answered", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.at_end(tailed::commands, 0);
  edge.at_end(tailed::commands, 0);
  auto got = edge.find(id);
  edge.answer_ends(log_offset{2}, log_offset{1});
  edge.at_end(tailed::events, 2);
  edge.read(tailed::commands, {tests::command_record(id, 0)});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
}

TEST_CASE("only what is in neither log nor read model is not found", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{0});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::not_found);
  CHECK(edge.sessions->finds == 1);
}

TEST_CASE("a session that was issued long ago and is not worked on yet is not lost",
          "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.at_end(tailed::commands, 0);
  auto old = tests::command_record(id, 0);
  old.time -= 2h;
  edge.read(tailed::commands, {old});
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
  CHECK(got->at(0)->document->find("2026-11-22T12:15:39") != std::string::npos);
}

TEST_CASE("a session issued before the tails began is what the read model says of it",
          "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->stored[id] = {"{\"stored\":true}", {2}, true};
  edge.read(tailed::commands, {tests::command_record(id, 0)});
  auto got = edge.find(id);
  CHECK(got->empty());
  edge.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->terminal);
}

TEST_CASE("a session issued before the tails began is pending when nothing else is known",
          "[actors][edge][search]") {
  for (bool is_store_away : {false, true}) {
    edge_fixture edge;
    edge.start();
    edge.sessions->away = is_store_away;
    edge.read(tailed::commands, {tests::command_record(id, 0)});
    auto got = edge.find(id);
    edge.answer_ends(log_offset{0}, log_offset{1});
    REQUIRE(got->size() == 1);
    REQUIRE(got->at(0));
    CHECK_FALSE(got->at(0)->terminal);
  }
}

TEST_CASE("what the read model had of a session before the edge began is not hidden by its command",
          "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->stored[id] = {"{\"stored\":true}", {2}, true};
  edge.read(tailed::commands, {tests::command_record(id, 0)});
  CHECK_FALSE(edge.cache->find(id, edge.clock->time));
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(*got->at(0)->document == "{\"stored\":true}");
  CHECK(edge.cache->find(id, edge.clock->time)->terminal);
}

TEST_CASE("without PostgreSQL a session of which the command was read is pending", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->away = true;
  edge.read(tailed::commands, {tests::command_record(id, 0)});
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK_FALSE(got->at(0)->terminal);
}

TEST_CASE("a command that repeats an ended session's does not hide how it ended", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.at_end(tailed::commands, 0);
  edge.sessions->stored[id] = {"{\"stored\":true}", {2}, true};
  edge.read(tailed::commands, {tests::command_record(id, 0)}); // appended after the edge began
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{1});
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->terminal);
}

TEST_CASE("without Kafka a session that the read model knows is answered", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->stored[id] = {"{}", {2}, true};
  auto got = edge.find(id);
  edge.answer_ends(away(), away());
  REQUIRE(got->size() == 1);
  CHECK(got->at(0));
}

TEST_CASE("without Kafka nobody can say that a session does not exist", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.find(id);
  edge.answer_ends(away(), log_offset{0});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::log_unavailable);
}

TEST_CASE("without PostgreSQL an unknown session is unavailable", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  edge.sessions->away = true;
  auto got = edge.find(id);
  edge.answer_ends(log_offset{0}, log_offset{0});
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::store_unavailable);
}

TEST_CASE("a search that the tails do not catch up with ends at its deadline", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.find(id);
  edge.answer_ends(log_offset{9}, log_offset{9});
  edge.advance(1'900ms);
  CHECK(got->empty());
  edge.advance(150ms);
  REQUIRE(got->size() == 1);
  CHECK(code_in(*got) == errc::deadline_exceeded);
  edge.at_end(tailed::events, 9);
  edge.at_end(tailed::commands, 9);
  CHECK(got->size() == 1);
}

TEST_CASE("an answer about an end that comes after the search is dropped", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.find(id);
  edge.advance(2'050ms);
  CHECK(got->size() == 1);
  edge.answer_ends(log_offset{0}, log_offset{0});
  CHECK(got->size() == 1);
}

TEST_CASE("an edge refuses more searches than it may hold", "[actors][edge][search]") {
  actors::edge_settings settings;
  settings.waiting_max = 1;
  edge_fixture edge{settings};
  edge.start();
  auto first = edge.find(id);
  auto second = edge.find(tests::sample_id<events::session_id>(9));
  CHECK(first->empty());
  REQUIRE(second->size() == 1);
  CHECK(code_in(*second) == errc::overloaded);
}

TEST_CASE("a draining edge waits for its searches", "[actors][edge][search]") {
  edge_fixture edge;
  edge.start();
  auto got = edge.find(id);
  int drained = 0;
  edge.bench.tell(edge.under_test, actors::drain_edge{[&] { ++drained; }});
  CHECK(drained == 0);
  edge.answer_ends(log_offset{0}, log_offset{0});
  CHECK(got->size() == 1);
  CHECK(drained == 1);
}
