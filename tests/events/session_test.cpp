#include "events/session/state.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <random>

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::session;
using namespace std::chrono_literals;

namespace {

const std::vector<event> every_event{tests::sample_requested(), tests::sample_completed(),
                                     tests::sample_failed()};

/// The state after a request, and perhaps an end.
state pending() {
  return evolve({}, tests::sample_requested(), {1}, tests::sample_time());
}
state complete() {
  return evolve(pending(), tests::sample_completed(), {2}, tests::sample_time(1s));
}
state error() {
  return evolve(pending(), tests::sample_failed(), {2}, tests::sample_time(1s));
}

request_recommendation request() {
  return {tests::sample_preferences(), 7, tests::sample_time(60s)};
}

} // namespace

TEST_CASE("a request opens a session that nobody knows", "[events][session]") {
  auto happened = decide(state{}, request(), tests::sample_time());
  REQUIRE(happened.size() == 1);
  CHECK(std::get<recommendation_requested>(happened.front())
        == recommendation_requested{tests::sample_preferences(), 7, tests::sample_time(60s)});
}

TEST_CASE("a repeated request changes nothing", "[events][session]") {
  for (const auto& known : {pending(), complete(), error()})
    CHECK(decide(known, request(), tests::sample_time()).empty());
}

TEST_CASE("a pending session completes, with the time it took", "[events][session]") {
  auto picks = tests::sample_completed();
  picks.calls = {};
  auto happened = decide(pending(),
                         complete_recommendation{picks.matches, picks.relaxations, picks.notes, picks.engine,
                                                 picks.degraded, picks.degraded_reason, picks.catalog_version,
                                                 picks.prompt_version, picks.reused_call},
                         tests::sample_time(12ms));
  REQUIRE(happened.size() == 1);
  CHECK(std::get<recommendation_completed>(happened.front()) == picks);
}

TEST_CASE("a pending session fails, with the time it took", "[events][session]") {
  auto happened =
    decide(pending(), fail_recommendation{"deadline_exceeded", "too late"}, tests::sample_time(60s));
  REQUIRE(happened.size() == 1);
  CHECK(std::get<recommendation_failed>(happened.front())
        == recommendation_failed{
          "deadline_exceeded", "too late", std::nullopt, {}, tests::sample_time(), 60'000});
}

TEST_CASE("a clock that went back makes no negative time", "[events][session]") {
  auto happened = decide(pending(), fail_recommendation{"a", "b"}, tests::sample_time(-5s));
  REQUIRE(happened.size() == 1);
  CHECK(std::get<recommendation_failed>(happened.front()).processing_time_ms == 0);
}

TEST_CASE("what never began or has ended does not end", "[events][session]") {
  for (const auto& current : {state{}, complete(), error()}) {
    CHECK(decide(current, complete_recommendation{}, tests::sample_time()).empty());
    CHECK(decide(current, fail_recommendation{}, tests::sample_time()).empty());
  }
}

TEST_CASE("a request makes a session pending, and is what it remembers", "[events][session]") {
  CHECK(pending()
        == state{status::pending,
                 {1},
                 tests::sample_preferences(),
                 5,
                 tests::sample_time(),
                 tests::sample_time(60s),
                 {}});
}

TEST_CASE("an end makes a pending session complete or an error", "[events][session]") {
  CHECK(complete().status == status::complete);
  CHECK(error().status == status::error);
  for (const auto& ended : {complete(), error()}) {
    CHECK(ended.version == stream_version{2});
    CHECK(ended.requested_at == tests::sample_time());
  }
}

TEST_CASE("an event that cannot follow changes nothing", "[events][session]") {
  CHECK(evolve({}, tests::sample_completed(), {1}, tests::sample_time()) == state{});
  CHECK(evolve({}, tests::sample_failed(), {1}, tests::sample_time()) == state{});
  CHECK(evolve(pending(), tests::sample_requested(), {2}, tests::sample_time(1s)) == pending());
  for (const auto& happened : every_event) {
    CHECK(evolve(complete(), happened, {3}, tests::sample_time(2s)) == complete());
    CHECK(evolve(error(), happened, {3}, tests::sample_time(2s)) == error());
  }
}

TEST_CASE("an event at or below the state's version is a repeat", "[events][session]") {
  for (const auto& happened : every_event) {
    CHECK(evolve(pending(), happened, {1}, tests::sample_time(1s)) == pending());
    CHECK(evolve(pending(), happened, {0}, tests::sample_time(1s)) == pending());
  }
}

TEST_CASE("any sequence of events gives a legal state and at most one end", "[events][session][property]") {
  std::mt19937_64 random{99};
  for (int run = 0; run < 2'000; ++run) {
    state current;
    int ends = 0;
    for (int step = 0; step < 12; ++step) {
      auto before = current;
      const auto& happened = every_event[random() % every_event.size()];
      stream_version version{static_cast<std::uint32_t>(random() % 5)};
      current = evolve(before, happened, version, tests::sample_time());
      if (current == before)
        continue;
      auto began = before.status == status::unknown && current.status == status::pending;
      auto ended = before.status == status::pending
                   && (current.status == status::complete || current.status == status::error);
      REQUIRE((began || ended));
      REQUIRE(current.version == version);
      REQUIRE(current.version > before.version);
      REQUIRE(is_terminal(happened) == ended);
      ends += ended ? 1 : 0;
    }
    REQUIRE(ends <= 1);
  }
}

TEST_CASE("replaying a history again and again adds up to the same", "[events][session][property]") {
  std::vector<std::pair<event, stream_version>> history{{tests::sample_requested(), {1}},
                                                        {tests::sample_completed(), {2}}};
  std::mt19937_64 random{5};
  for (int run = 0; run < 200; ++run) {
    state current;
    // Repeats of any part already seen, in order: what at-least-once delivery makes of a log.
    std::size_t seen = 0;
    while (seen < history.size() || random() % 4 != 0) {
      auto i = random() % (std::min(seen, history.size() - 1) + 1);
      current = evolve(current, history[i].first, history[i].second, tests::sample_time());
      seen = std::max(seen, i + 1);
    }
    REQUIRE(current.status == status::complete);
    REQUIRE(current.version == stream_version{2});
  }
}

TEST_CASE("what is decided can always follow", "[events][session][property]") {
  for (const auto& current : {state{}, pending(), complete(), error()}) {
    std::vector<std::vector<event>> decisions{
      decide(current, request(), tests::sample_time()),
      decide(current, complete_recommendation{}, tests::sample_time()),
      decide(current, fail_recommendation{}, tests::sample_time())};
    for (const auto& decision : decisions)
      for (const auto& happened : decision)
        CHECK(evolve(current, happened, current.version.next(), tests::sample_time()) != current);
  }
}

// -- calls of a language model ------------------------------------------------------

namespace {

const auto opened_by = tests::sample_id<command_id>(4);

state processing() {
  return evolve(pending(), *decide(pending(), language_model::start_call{}, opened_by), {2});
}

language_model::language_model_reply_recorded reply_to(const state& current) {
  auto out = tests::sample_reply_recorded();
  out.call = current.calls.newest()->id;
  return out;
}

} // namespace

TEST_CASE("a call that starts makes its session processing, and has a version", "[events][session]") {
  auto started = decide(pending(), language_model::start_call{}, opened_by);
  REQUIRE(started);
  CHECK(started->call == call_id_of(opened_by, 0));
  CHECK(started->attempt == 1);
  CHECK(started->requested_at == tests::sample_time());
  CHECK(processing().status == status::processing);
  CHECK(processing().version == stream_version{2});
  auto again = decide(processing(), language_model::start_call{}, opened_by);
  REQUIRE(again);
  CHECK(again->call == call_id_of(opened_by, 1));
  CHECK(again->attempt == 2);
}

TEST_CASE("nothing is asked for a session that never began or has ended", "[events][session]") {
  for (const auto& current : {state{}, complete(), error()})
    CHECK_FALSE(decide(current, language_model::start_call{}, opened_by));
}

TEST_CASE("an end sums up what the session's calls came to", "[events][session]") {
  auto current = evolve(processing(), language_model::fact{reply_to(processing())});
  CHECK(current.version == stream_version{2}); // a fact has none
  auto happened = decide(current, complete_recommendation{}, tests::sample_time(5s));
  REQUIRE(happened.size() == 1);
  const auto& ended = std::get<recommendation_completed>(happened.front());
  CHECK(ended.calls == language_model::calls_summary{1, tests::sample_usage(), 72'850, true});
  CHECK(ended.preferences == tests::sample_preferences());
  CHECK(evolve(current, happened.front(), {3}, tests::sample_time(5s)).status == status::complete);
}

TEST_CASE("a session is erased from any state, and once", "[events][session]") {
  session::erase_session asked{session::erasure_reason::account_deleted};
  const session::fact expected = session::session_erased{session::erasure_reason::account_deleted};
  auto requested = evolve(session::state{}, session::event{tests::sample_requested()}, stream_version{1},
                          tests::sample_time());
  auto completed =
    evolve(requested, session::event{tests::sample_completed()}, stream_version{2}, tests::sample_time());
  for (const auto& each : {session::state{}, requested, completed}) {
    auto happened = decide(each, asked);
    REQUIRE(happened.size() == 1);
    CHECK(happened[0] == expected);
    auto after = evolve(each, session::session_erased{});
    CHECK(after.status == session::status::erased);
    CHECK(after.preferences == session::preferences{});
    CHECK(decide(after, asked).empty());
  }
}

TEST_CASE("nothing brings an erased session back", "[events][session]") {
  auto erased = evolve(session::state{}, session::session_erased{});
  CHECK(decide(erased, session::request_recommendation{}, tests::sample_time()).empty());
  CHECK(decide(erased, session::complete_recommendation{}, tests::sample_time()).empty());
  CHECK(decide(erased, session::fail_recommendation{}, tests::sample_time()).empty());
  for (const auto& happened :
       {session::event{tests::sample_requested()}, session::event{tests::sample_completed()},
        session::event{tests::sample_failed()}})
    CHECK(evolve(erased, happened, stream_version{9}, tests::sample_time()) == erased);
  CHECK(evolve(erased, tests::sample_call_started(), stream_version{9}) == erased);
}
