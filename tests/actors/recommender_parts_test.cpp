#include "actors/dead_letters.hpp"
#include "actors/health_board.hpp"
#include "actors/recommender/admission.hpp"
#include "actors/recommender/open_sessions.hpp"
#include "actors/recommender/recovery_point.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/session_records.hpp"
#include "tests/support/catch.hpp"

#include <thread>

using namespace sonicmatch;
using namespace sonicmatch::actors;
using events::claim_fence;

namespace {

const auto id = tests::sample_id<events::session_id>(1);
const auto other = tests::sample_id<events::session_id>(2);

} // namespace

// -- open sessions --------------------------------------------------------------

TEST_CASE("a session in the log is open until it ends", "[actors][open_sessions]") {
  open_sessions sessions;
  claim_fence fence;
  sessions.replay(tests::claim_record(0), fence);
  sessions.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  sessions.replay(tests::event_record(other, tests::sample_requested(), 1, 2, 0), fence);
  REQUIRE(sessions.size() == 2);
  REQUIRE(sessions.find(id) != nullptr);
  CHECK(sessions.find(id)->state.status == events::session::status::pending);
  CHECK(sessions.find(id)->state.preferences == tests::sample_preferences());
  CHECK(sessions.find(id)->command == tests::sample_envelope().causationid);
  CHECK(sessions.lowest_requested() == log_offset{1});
  sessions.replay(tests::event_record(id, tests::sample_completed(), 2, 3, 0), fence);
  CHECK(sessions.find(id) == nullptr);
  CHECK(sessions.has_ended(id));
  CHECK(sessions.lowest_requested() == log_offset{2});
  sessions.replay(tests::event_record(other, tests::sample_failed(), 2, 4, 0), fence);
  CHECK(sessions.size() == 0);
  CHECK_FALSE(sessions.lowest_requested());
}

TEST_CASE("void decisions open and end nothing", "[actors][open_sessions]") {
  open_sessions sessions;
  claim_fence fence;
  sessions.replay(tests::claim_record(0), fence);
  sessions.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  sessions.replay(tests::claim_record(2), fence);
  sessions.replay(tests::event_record(other, tests::sample_requested(), 1, 3, 0), fence);
  sessions.replay(tests::event_record(id, tests::sample_completed(), 2, 4, 0), fence);
  CHECK(sessions.size() == 1);
  CHECK(sessions.find(id) != nullptr);
}

TEST_CASE("a request read after its end does not open again", "[actors][open_sessions]") {
  open_sessions sessions;
  claim_fence fence;
  sessions.replay(tests::event_record(id, tests::sample_completed(), 2, 1, 0), fence);
  sessions.replay(tests::event_record(id, tests::sample_requested(), 1, 2, 0), fence);
  CHECK(sessions.size() == 0);
}

TEST_CASE("what cannot be read from the log changes nothing", "[actors][open_sessions]") {
  open_sessions sessions;
  claim_fence fence;
  auto broken = tests::event_record(id, tests::sample_requested(), 1, 1, 0);
  broken.value = "garbage";
  sessions.replay(broken, fence);
  auto tombstone = tests::event_record(id, tests::sample_requested(), 1, 2, 0);
  tombstone.value.reset();
  sessions.replay(tombstone, fence);
  auto keyless = tests::event_record(id, tests::sample_requested(), 1, 3, 0);
  keyless.key = "";
  sessions.replay(keyless, fence);
  CHECK(sessions.size() == 0);
}

TEST_CASE("ended sessions are remembered up to a bound", "[actors][open_sessions]") {
  open_sessions sessions;
  auto numbered = [](std::size_t n) { return events::session_id{events::uuid_v5({}, std::to_string(n))}; };
  for (std::size_t n = 0; n <= open_sessions::ended_max; ++n)
    sessions.close(numbered(n));
  CHECK_FALSE(sessions.has_ended(numbered(0)));
  CHECK(sessions.has_ended(numbered(1)));
  CHECK(sessions.has_ended(numbered(open_sessions::ended_max)));
  sessions.close(numbered(1));
  CHECK(sessions.has_ended(numbered(2)));
}

// -- recovery point --------------------------------------------------------------

TEST_CASE("a recovery point reads back from what was committed", "[actors][recovery_point]") {
  for (const recovery_point& point : {recovery_point{}, recovery_point{{7}, std::nullopt},
                                      recovery_point{{1'234'567'890'123}, log_offset{7}}})
    CHECK(parse_recovery_point(events::record::to_json(point)) == point);
}

TEST_CASE("metadata of another program means the beginning of the log", "[actors][recovery_point]") {
  for (auto metadata : {"", "garbage", "{}", "{\"events_low\":-1}", "{\"events_low\":\"7\"}", "[]", "7"})
    CHECK(parse_recovery_point(metadata) == recovery_point{});
  CHECK(parse_recovery_point(R"({"events_low":7,"later":true})") == recovery_point{{7}, std::nullopt});
}

// -- admission -------------------------------------------------------------------

TEST_CASE("no more sessions are admitted than may be open", "[actors][admission]") {
  admission limit{4};
  for (int i = 0; i < 4; ++i)
    CHECK(limit.try_enter());
  CHECK_FALSE(limit.try_enter());
  CHECK(limit.open() == 4);
}

TEST_CASE("after being full, sessions come in again below three quarters only", "[actors][admission]") {
  admission limit{4};
  for (int i = 0; i < 4; ++i)
    REQUIRE(limit.try_enter());
  REQUIRE_FALSE(limit.try_enter());
  limit.leave();
  CHECK_FALSE(limit.try_enter());
  limit.leave();
  CHECK(limit.try_enter());
  CHECK(limit.try_enter());
  CHECK_FALSE(limit.try_enter());
}

TEST_CASE("a limit of one lets one after the other in", "[actors][admission]") {
  admission limit{1};
  for (int i = 0; i < 3; ++i) {
    CHECK(limit.try_enter());
    CHECK_FALSE(limit.try_enter());
    limit.leave();
  }
}

TEST_CASE("sessions found in the log count whatever the bound", "[actors][admission]") {
  admission limit{2};
  for (int i = 0; i < 5; ++i)
    limit.enter();
  CHECK(limit.open() == 5);
  CHECK_FALSE(limit.try_enter());
  limit.leave(4);
  CHECK(limit.try_enter());
}

TEST_CASE("several threads never have more open than the bound", "[actors][admission]") {
  constexpr std::size_t open_max = 8;
  admission limit{open_max};
  std::atomic<std::size_t> inside = 0;
  std::atomic<std::size_t> most = 0;
  std::atomic<std::size_t> entered = 0;
  auto work = [&] {
    for (int i = 0; i < 20'000; ++i) {
      if (!limit.try_enter())
        continue;
      ++entered;
      auto now = ++inside;
      for (auto seen = most.load(); now > seen && !most.compare_exchange_weak(seen, now);) {
      }
      --inside;
      limit.leave();
    }
  };
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i)
    workers.emplace_back(work);
  for (auto& each : workers)
    each.join();
  CHECK(entered > 0);
  CHECK(most <= open_max);
  CHECK(limit.open() == 0);
}

// -- dead letters, health ---------------------------------------------------------

TEST_CASE("a dead letter has the record's bytes, and says where it came from and why",
          "[actors][dead_letters]") {
  auto poison = tests::garbage_record("key", 44);
  poison.partition = {3};
  poison.headers = {{"type", "x"}};
  auto letter = dead_letter_of(poison, "sonicmatch.commands",
                               events::make_error(events::errc::unreadable_record, "why"), "group", 2);
  CHECK(letter.topic == "sonicmatch.dead-letters");
  CHECK(letter.key == "key");
  CHECK(letter.value == "garbage");
  std::map<std::string, std::string> headers{letter.headers.begin(), letter.headers.end()};
  CHECK(headers.at("origin-topic") == "sonicmatch.commands");
  CHECK(headers.at("origin-partition") == "3");
  CHECK(headers.at("origin-offset") == "44");
  CHECK(headers.at("group") == "group");
  CHECK(headers.at("attempts") == "2");
  CHECK(headers.at("error") == "unreadable_record: why");
  CHECK(headers.at("origin-header-type") == "x");
  CHECK_FALSE(headers.contains("origin-tombstone"));
  CHECK(events::parse_uuid(headers.at("id")));
}

TEST_CASE("the same record has the same dead letter, another one has another", "[actors][dead_letters]") {
  auto id_of = [](std::int64_t offset, std::string_view topic) {
    auto letter = dead_letter_of(tests::garbage_record("k", offset), topic, caf::error{}, "g");
    return letter.headers.front().second;
  };
  CHECK(id_of(1, "a") == id_of(1, "a"));
  CHECK(id_of(1, "a") != id_of(2, "a"));
  CHECK(id_of(1, "a") != id_of(1, "b"));
}

TEST_CASE("a tombstone's dead letter says that it was one", "[actors][dead_letters]") {
  auto tombstone = tests::garbage_record("k", 1);
  tombstone.value.reset();
  auto letter = dead_letter_of(tombstone, "t", caf::error{}, "g");
  CHECK(letter.value.empty());
  CHECK(std::count(letter.headers.begin(), letter.headers.end(), ports::header{"origin-tombstone", "true"})
        == 1);
}

TEST_CASE("a process is ready when each part it expects is", "[actors][health]") {
  health_board board;
  CHECK(board.ready());
  board.expect("tails", "starting");
  CHECK_FALSE(board.ready());
  board.report("catalog", true);
  CHECK_FALSE(board.ready());
  board.report("tails", true, "reading");
  CHECK(board.ready());
  board.report("tails", false, "away");
  CHECK_FALSE(board.ready());
  REQUIRE(board.parts().size() == 2);
  CHECK(board.parts()[1].detail == "away");
}
