#include "actors/edge/session_cache.hpp"
#include "events/error.hpp"
#include "tests/actors/session_records.hpp"
#include "tests/support/catch.hpp"

#include <thread>

using namespace sonicmatch;
using namespace sonicmatch::actors;
using namespace std::chrono_literals;
using events::stream_version;
using tests::sample_time;

namespace {

const log_position place{{0}, {5}};

events::session_id numbered(int n) {
  std::array<std::uint8_t, 10> bytes{};
  bytes[1] = static_cast<std::uint8_t>(n);
  bytes[2] = static_cast<std::uint8_t>(n >> 8);
  return {events::uuid_v7(sample_time(), bytes)};
}

const auto id = numbered(1);

std::string bytes_of(const events::session::event& happened, std::uint32_t version) {
  return *tests::event_record(id, happened, version, 5, 1).value;
}

session_answer answer(std::uint32_t version, std::string text = "{}") {
  return {id, std::make_shared<const std::string>(std::move(text)), {version}, true};
}

std::string document_in(session_cache& cache, events::timestamp now = sample_time()) {
  auto found = cache.find(id, now);
  REQUIRE(found);
  REQUIRE(found->document);
  return *found->document;
}

} // namespace

TEST_CASE("a session nobody has noted is not known", "[actors][session_cache]") {
  session_cache cache{{}};
  CHECK_FALSE(cache.find(id, sample_time()));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("a session of which only the command is known is pending", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_issued(id, {}, sample_time(), sample_time());
  auto found = cache.find(id, sample_time(1s));
  REQUIRE(found);
  CHECK_FALSE(found->terminal);
  CHECK(found->version == stream_version{0});
  CHECK(document_in(cache).find(R"("status":"pending")") != std::string::npos);
  CHECK(document_in(cache).find(R"("created_at":"2026-11-22T14:15:39.000000Z")") != std::string::npos);
}

TEST_CASE("a session issued before the tails began is found as issued only", "[actors][session_cache]") {
  session_cache cache{{}};
  CHECK_FALSE(cache.find_issued(id));
  cache.put_issued_elsewhere(id, {}, sample_time(), sample_time());
  CHECK_FALSE(cache.find(id, sample_time()));
  REQUIRE(cache.find_issued(id));
  CHECK_FALSE(cache.find_issued(id)->terminal);
  cache.put_answer(id, answer(1), sample_time());
  CHECK(cache.find(id, sample_time()));
  CHECK_FALSE(cache.find_issued(id));
}

TEST_CASE("an event is rendered when it is asked for", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_event(id, {2}, bytes_of(tests::sample_completed(), 2), place, sample_time());
  auto found = cache.find(id, sample_time());
  REQUIRE(found);
  CHECK(found->terminal);
  CHECK(found->version == stream_version{2});
  CHECK(found->document->find(R"("position":"0:5")") != std::string::npos);
  CHECK(cache.find(id, sample_time())->document == found->document);
}

TEST_CASE("an event's bytes are given back once it is rendered", "[actors][session_cache]") {
  session_cache cache{{}};
  auto bytes = bytes_of(tests::sample_completed(), 2);
  auto size = bytes.capacity();
  cache.put_event(id, {2}, std::move(bytes), place, sample_time());
  auto overhead = cache.bytes() - size;
  auto found = cache.find(id, sample_time());
  REQUIRE(found);
  CHECK(cache.bytes() <= overhead + found->document->capacity() + 32);
}

TEST_CASE("only a newer version replaces what is known", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_answer(id, answer(2, "two"), sample_time());
  cache.put_answer(id, answer(2, "again"), sample_time());
  cache.put_answer(id, answer(1, "one"), sample_time());
  cache.put_issued(id, {}, sample_time(), sample_time());
  cache.put_event(id, {1}, bytes_of(tests::sample_requested(), 1), place, sample_time());
  CHECK(document_in(cache) == "two");
  cache.put_answer(id, answer(3, "three"), sample_time());
  CHECK(document_in(cache) == "three");
}

TEST_CASE("a pending session becomes what its events say", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_issued(id, {}, sample_time(), sample_time());
  CHECK_FALSE(cache.find(id, sample_time())->terminal);
  cache.put_event(id, {1}, bytes_of(tests::sample_requested(), 1), place, sample_time());
  CHECK_FALSE(cache.find(id, sample_time())->terminal);
  cache.put_event(id, {2}, bytes_of(tests::sample_failed(), 2), place, sample_time());
  CHECK(cache.find(id, sample_time())->terminal);
  CHECK(document_in(cache).find(R"("status":"error")") != std::string::npos);
}

TEST_CASE("a session is processing once the language model is asked", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_event(id, {1}, bytes_of(tests::sample_requested(), 1), place, sample_time());
  cache.put_event(id, {2}, *tests::call_record(id, tests::sample_call_started(), 2, 5, 1).value, place,
                  sample_time());
  auto found = cache.find(id, sample_time());
  REQUIRE(found);
  CHECK_FALSE(found->terminal);
  CHECK(found->version == stream_version{2});
  CHECK(document_in(cache).find(R"("status":"processing")") != std::string::npos);
}

TEST_CASE("an event that cannot be read is forgotten when it is asked for", "[actors][session_cache]") {
  session_cache cache{{}};
  cache.put_event(id, {2}, "garbage", place, sample_time());
  CHECK_FALSE(cache.find(id, sample_time()));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("a session is forgotten when it is too old", "[actors][session_cache]") {
  session_cache cache{{1u << 20, 60s}};
  cache.put_answer(id, answer(1), sample_time());
  CHECK(cache.find(id, sample_time(60s)));
  CHECK_FALSE(cache.find(id, sample_time(60s + 1ms)));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("old sessions leave when new ones come", "[actors][session_cache]") {
  session_cache cache{{1u << 20, 60s}};
  cache.put_answer(numbered(1), answer(1), sample_time());
  auto one = cache.bytes();
  cache.put_answer(numbered(2), answer(1), sample_time(61s));
  CHECK(cache.bytes() == one);
}

TEST_CASE("the oldest sessions leave when there are too many bytes", "[actors][session_cache]") {
  constexpr std::size_t bytes_max = 20'000;
  session_cache cache{{bytes_max, 3600s}};
  std::string big(1'000, 'x');
  for (int i = 0; i < 100; ++i) {
    cache.put_answer(numbered(i), answer(1, big), sample_time());
    REQUIRE(cache.bytes() <= bytes_max);
  }
  CHECK_FALSE(cache.find(numbered(0), sample_time()));
  CHECK(cache.find(numbered(99), sample_time()));
  CHECK(cache.bytes() > bytes_max / 2);
}

TEST_CASE("what is larger than the whole bound is not kept", "[actors][session_cache]") {
  session_cache cache{{1'000, 3600s}};
  cache.put_answer(id, answer(1, std::string(2'000, 'x')), sample_time());
  CHECK_FALSE(cache.find(id, sample_time()));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("asking does not take the cache over its bound", "[actors][session_cache]") {
  constexpr std::size_t bytes_max = 40'000;
  session_cache cache{{bytes_max, 3600s}};
  for (int i = 0; i < 200; ++i)
    cache.put_issued(numbered(i), {}, sample_time(), sample_time());
  for (int i = 0; i < 200; ++i) {
    (void)cache.find(numbered(i), sample_time());
    REQUIRE(cache.bytes() <= bytes_max);
  }
}

TEST_CASE("several threads use one cache", "[actors][session_cache]") {
  session_cache cache{{100'000, 3600s}};
  auto bytes = bytes_of(tests::sample_requested(), 1);
  std::atomic<std::size_t> found = 0;
  auto work = [&](int seed) {
    for (int i = 0; i < 2'000; ++i) {
      auto some = numbered((i * 7 + seed) % 300);
      cache.put_issued(some, {}, sample_time(), sample_time());
      cache.put_event(some, {static_cast<std::uint32_t>(i % 5)}, bytes, place, sample_time());
      if (cache.find(some, sample_time()))
        ++found;
    }
  };
  std::vector<std::thread> workers;
  for (int seed = 0; seed < 4; ++seed)
    workers.emplace_back(work, seed * 71);
  for (auto& each : workers)
    each.join();
  CHECK(found > 0);
  CHECK(cache.bytes() <= 100'000);
}

TEST_CASE("an answer is made from a session's decision only", "[actors][session_cache]") {
  CHECK(answer_of(bytes_of(tests::sample_completed(), 2), place)->terminal);
  auto garbage = answer_of("garbage", place);
  REQUIRE_FALSE(garbage);
  CHECK(events::code_of(garbage.error()) == events::errc::unreadable_record);
  auto claim = answer_of(*tests::claim_record(5).value, place);
  REQUIRE_FALSE(claim);
  CHECK(events::code_of(claim.error()) == events::errc::invalid_record);
  auto fact = answer_of(*tests::call_record(id, tests::sample_reply_recorded(), 2, 5, 1).value, place);
  REQUIRE_FALSE(fact);
  CHECK(events::code_of(fact.error()) == events::errc::invalid_record);
  events::language_model::event called = tests::sample_call_started();
  auto other_stream = answer_of(
    *tests::explanation_record(id, tests::sample_explanation_completed().id, called, 2, 5, 1).value, place);
  REQUIRE_FALSE(other_stream);
  CHECK(events::code_of(other_stream.error()) == events::errc::invalid_record);
}
