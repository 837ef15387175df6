#include "actors/dead_letters.hpp"
#include "actors/health_board.hpp"
#include "actors/recommender/admission.hpp"
#include "actors/recommender/open_requests.hpp"
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

// -- open requests --------------------------------------------------------------

namespace {

events::stream_id stream_of(const events::session_id& session) {
  return {session.value};
}

/// A reply to the sample's call, in whosever name.
events::language_model::event reply_to(const events::call_id& call) {
  auto out = tests::sample_reply_recorded();
  out.call = call;
  return out;
}

} // namespace

TEST_CASE("a session in the log is open until it ends", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  requests.replay(tests::claim_record(0), fence);
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  requests.replay(tests::event_record(other, tests::sample_requested(), 1, 2, 0), fence);
  REQUIRE(requests.size() == 2);
  const auto* request = requests.find(stream_of(id));
  REQUIRE(request != nullptr);
  const auto& state = std::get<events::session::state>(request->state);
  CHECK(state.status == events::session::status::pending);
  CHECK(state.preferences == tests::sample_preferences());
  CHECK(request->command == tests::sample_envelope().causationid);
  CHECK(requests.lowest_requested() == log_offset{1});
  requests.replay(tests::event_record(id, tests::sample_completed(), 2, 3, 0), fence);
  CHECK(requests.find(stream_of(id)) == nullptr);
  CHECK(requests.has_ended(stream_of(id)));
  CHECK(requests.lowest_requested() == log_offset{2});
  requests.replay(tests::former_end_record(other, 2, 4, 0), fence);
  CHECK(requests.size() == 0);
  CHECK_FALSE(requests.lowest_requested());
}

TEST_CASE("an explanation is a request of its own beside its session", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  const events::explanation::event requested = tests::sample_explanation_requested();
  const events::explanation::event completed = tests::sample_explanation_completed();
  auto explained = tests::sample_explanation_requested().id;
  events::stream_id stream{explained.value};
  requests.replay(tests::explanation_record(id, explained, requested, 1, 2, 0), fence);
  REQUIRE(requests.size() == 2);
  REQUIRE(requests.find(stream) != nullptr);
  CHECK(requests.find(stream)->is_explanation());
  CHECK(requests.find(stream)->session == id);
  requests.replay(tests::explanation_record(id, explained, completed, 2, 3, 0), fence);
  CHECK(requests.has_ended(stream));
  CHECK(requests.find(stream_of(id)) != nullptr);
}

TEST_CASE("void decisions open and end nothing", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  requests.replay(tests::claim_record(0), fence);
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  requests.replay(tests::claim_record(2), fence);
  requests.replay(tests::event_record(other, tests::sample_requested(), 1, 3, 0), fence);
  requests.replay(tests::event_record(id, tests::sample_completed(), 2, 4, 0), fence);
  requests.replay(tests::call_record(id, tests::sample_call_started(), 2, 5, 0), fence);
  CHECK(requests.size() == 1);
  REQUIRE(requests.find(stream_of(id)) != nullptr);
  CHECK(requests.find(stream_of(id))->calls().calls().empty());
}

TEST_CASE("a reply counts whoever recorded it, and is told of", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  requests.replay(tests::call_record(id, tests::sample_call_started(), 2, 2, 0), fence);
  requests.replay(tests::claim_record(3), fence);
  auto call = tests::sample_call_started().call;
  CHECK(requests.replay(tests::call_record(id, reply_to(call), std::nullopt, 4, 0), fence) == call);
  CHECK(fence.newest() == log_offset{3});
  REQUIRE(requests.find(stream_of(id))->calls().newest()->outcome);
}

TEST_CASE("a call is awaited when its owner said that it finishes it", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  auto handed_off = [](std::vector<events::call_id> calls) {
    events::partition::event happened = events::partition::partition_handed_off{"test", std::move(calls)};
    return ports::log_record{{},
                             {9},
                             tests::sample_time(),
                             "partition/0",
                             events::encode(tests::sample_envelope(), happened),
                             {{"type", std::string{events::type_of(happened)}}}};
  };
  auto call = tests::sample_call_started().call;
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 1, 0), fence);
  requests.replay(tests::call_record(id, tests::sample_call_started(), 2, 2, 0), fence);
  requests.replay(handed_off({}), fence);
  CHECK_FALSE(requests.any_awaited());
  requests.replay(handed_off({tests::sample_id<events::call_id>(77)}), fence);
  CHECK_FALSE(requests.any_awaited());
  requests.replay(handed_off({tests::sample_id<events::call_id>(77), call}), fence);
  CHECK(requests.any_awaited());
  requests.replay(tests::call_record(id, reply_to(call), std::nullopt, 10, 0), fence);
  CHECK_FALSE(requests.any_awaited());
}

TEST_CASE("a request read after its end does not open again", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  requests.replay(tests::event_record(id, tests::sample_completed(), 2, 1, 0), fence);
  requests.replay(tests::event_record(id, tests::sample_requested(), 1, 2, 0), fence);
  CHECK(requests.size() == 0);
}

TEST_CASE("what cannot be read from the log changes nothing", "[actors][open_requests]") {
  open_requests requests;
  claim_fence fence;
  auto broken = tests::event_record(id, tests::sample_requested(), 1, 1, 0);
  broken.value = "garbage";
  requests.replay(broken, fence);
  auto tombstone = tests::event_record(id, tests::sample_requested(), 1, 2, 0);
  tombstone.value.reset();
  requests.replay(tombstone, fence);
  auto keyless = tests::event_record(id, tests::sample_requested(), 1, 3, 0);
  keyless.key = "";
  requests.replay(keyless, fence);
  auto broken_reply = tests::call_record(id, reply_to(tests::sample_call_started().call), std::nullopt, 4, 0);
  broken_reply.value = "garbage";
  CHECK_FALSE(requests.replay(broken_reply, fence));
  CHECK(requests.size() == 0);
}

TEST_CASE("ended requests are remembered up to a bound", "[actors][open_requests]") {
  open_requests requests;
  auto numbered = [](std::size_t n) { return events::stream_id{events::uuid_v5({}, std::to_string(n))}; };
  for (std::size_t n = 0; n <= open_requests::ended_max; ++n)
    requests.close(numbered(n));
  CHECK_FALSE(requests.has_ended(numbered(0)));
  CHECK(requests.has_ended(numbered(1)));
  CHECK(requests.has_ended(numbered(open_requests::ended_max)));
  requests.close(numbered(1));
  CHECK(requests.has_ended(numbered(2)));
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
