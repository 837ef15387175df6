#include "actors/accounts/account_eraser.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/simulated_accounts.hpp"

#include <set>

using namespace sonicmatch;
using namespace sonicmatch::actors::accounts;
using namespace std::chrono_literals;

namespace {

/// An edge and a read model that know some sessions, newest last, and a database.
struct eraser_fixture {
  eraser_fixture() {
    parts.settings.page_size = 2;
    parts.clock = clock;
    parts.logger = logger;
    parts.store = store;
    parts.find_sessions = [this](const events::user_id& user,
                                 const std::optional<actors::ports::session_place>& after,
                                 std::size_t count_max, const std::function<void(found_sessions)>& on_found) {
      if (read_model_is_away)
        return on_found(events::make_error(events::errc::store_unavailable, "away"));
      if (read_model_is_silent)
        return;
      std::vector<actors::ports::listed_session> out;
      for (auto each = sessions[user].rbegin(); each != sessions[user].rend(); ++each)
        if (out.size() < count_max && (!after || *each < after->id))
          out.push_back({*each, {"{}", {}, false, {}, {}}});
      on_found(std::move(out));
    };
    parts.erase_session = [this](const events::user_id& user, const events::session_id& session,
                                 const std::function<void(caf::error)>& on_accepted) {
      asked.push_back(session);
      if (edge_is_full)
        return on_accepted(events::make_error(events::errc::overloaded, "full"));
      if (read_model_follows)
        sessions[user].erase(session);
      on_accepted({});
    };
  }

  void close(std::uint8_t n) {
    auto user = sample_user(n);
    REQUIRE_FALSE(store->add({{user, std::to_string(n) + "@example.com", {}, clock->time}, "hash"}));
    REQUIRE_FALSE(store->begin_erasure(user, clock->time));
  }
  void give(std::uint8_t user, std::uint8_t count) {
    for (std::uint8_t n = 1; n <= count; ++n)
      sessions[sample_user(user)].insert(tests::sample_id<events::session_id>(n));
  }
  void begin() {
    eraser = bench.spawn(account_eraser_actor, parts);
    bench.settle();
  }
  /// One pause goes by.
  void next_round() {
    clock->time += parts.settings.pause;
    bench.advance(parts.settings.pause);
  }
  static events::user_id sample_user(std::uint8_t n) {
    return tests::sample_id<events::user_id>(n);
  }

  std::map<events::user_id, std::set<events::session_id>> sessions;
  std::vector<events::session_id> asked;
  bool read_model_is_away = false;
  bool read_model_is_silent = false;
  bool read_model_follows = true;
  bool edge_is_full = false;
  std::shared_ptr<tests::set_clock> clock = std::make_shared<tests::set_clock>();
  std::shared_ptr<tests::recording_logger> logger = std::make_shared<tests::recording_logger>();
  std::shared_ptr<tests::simulated_people> people = std::make_shared<tests::simulated_people>();
  std::shared_ptr<tests::simulated_accounts> store = std::make_shared<tests::simulated_accounts>(people);
  eraser_parts parts;
  account_eraser eraser;
  tests::actor_bench bench;
};

} // namespace

TEST_CASE("all sessions of a closed account are erased, and of no other", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 5);
  fixture.give(2, 3);
  fixture.begin();
  CHECK(fixture.asked.size() == 5);
  CHECK(fixture.sessions[fixture.sample_user(1)].empty());
  CHECK(fixture.sessions[fixture.sample_user(2)].size() == 3);
}

TEST_CASE("an erasure that a former process began goes on, and the account goes when nothing is left",
          "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 3);
  fixture.clock->time += 30min;
  fixture.begin();
  CHECK(fixture.asked.size() == 3);
  CHECK(fixture.people->accounts.size() == 1);
  fixture.next_round();
  CHECK(fixture.people->accounts.empty());
}

TEST_CASE("an account's id is kept until no token of it holds, and a late session is found", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.begin();
  fixture.next_round();
  CHECK(fixture.people->accounts.size() == 1);
  fixture.give(1, 1);
  fixture.next_round();
  CHECK(fixture.asked.size() == 1);
  fixture.clock->time += 20min;
  fixture.next_round();
  CHECK(fixture.people->accounts.empty());
}

TEST_CASE("what the edge does not take is asked of it again", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 3);
  fixture.edge_is_full = true;
  fixture.clock->time += 30min;
  fixture.begin();
  CHECK(fixture.people->accounts.size() == 1);
  CHECK(fixture.logger->has("could not be erased yet"));
  fixture.edge_is_full = false;
  fixture.next_round();
  fixture.next_round();
  CHECK(fixture.sessions[fixture.sample_user(1)].empty());
  CHECK(fixture.people->accounts.empty());
}

TEST_CASE("a session is erased again until the read model has forgotten it", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 1);
  fixture.read_model_follows = false;
  fixture.clock->time += 30min;
  fixture.begin();
  fixture.next_round();
  CHECK(fixture.asked.size() == 2);
  CHECK(fixture.people->accounts.size() == 1);
}

TEST_CASE("a read model that is away or silent holds nobody else up for good", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.close(2);
  fixture.give(1, 1);
  fixture.give(2, 1);
  fixture.read_model_is_away = true;
  fixture.begin();
  CHECK(fixture.asked.empty());
  fixture.read_model_is_away = false;
  fixture.read_model_is_silent = true;
  fixture.next_round();
  fixture.read_model_is_silent = false;
  fixture.bench.advance(fixture.parts.settings.page_timeout);
  CHECK(fixture.asked.size() == 1); // of the second account
  fixture.next_round();
  CHECK(fixture.asked.size() == 2);
}

TEST_CASE("a database that is away is asked again", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 1);
  fixture.people->away = true;
  fixture.begin();
  CHECK(fixture.asked.empty());
  fixture.people->away = false;
  fixture.next_round();
  CHECK(fixture.asked.size() == 1);
}

TEST_CASE("being told of erasures many times does not make the eraser look more often later", "[accounts]") {
  eraser_fixture fixture;
  fixture.close(1);
  fixture.give(1, 1);
  fixture.read_model_follows = false;
  fixture.begin();
  for (int i = 0; i < 5; ++i)
    fixture.bench.tell(fixture.eraser, continue_erasures{});
  CHECK(fixture.asked.size() == 6);
  fixture.next_round();
  CHECK(fixture.asked.size() == 7);
}
