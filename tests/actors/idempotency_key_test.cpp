#include "actors/edge/idempotency_key.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <set>

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::owned_key;
using actors::sessions_of_key;
using tests::sample_time;

namespace {

constexpr std::string_view secret = "a secret of the tests";
const owned_key key{std::nullopt, "0123456789abcdef"};

bool contains(const std::vector<events::session_id>& all, const events::session_id& one) {
  return std::find(all.begin(), all.end(), one) != all.end();
}

} // namespace

TEST_CASE("a key stands for the same sessions everywhere", "[actors][idempotency]") {
  CHECK(sessions_of_key(secret, key, sample_time()) == sessions_of_key(secret, key, sample_time()));
}

TEST_CASE("another secret, owner or key stands for other sessions", "[actors][idempotency]") {
  auto somebody = tests::sample_id<events::user_id>(1);
  std::set<events::session_id> seen;
  std::size_t count = 0;
  for (const auto& [with, of] : {std::pair{secret, key},
                                 {"another secret", key},
                                 {secret, {somebody, key.key}},
                                 {secret, {tests::sample_id<events::user_id>(2), key.key}},
                                 {secret, {std::nullopt, key.key + "0"}}}) {
    auto ids = sessions_of_key(with, of, sample_time());
    count += ids.size();
    seen.insert(ids.begin(), ids.end());
  }
  CHECK(seen.size() == count);
}

TEST_CASE("a key's session id is a uuid of version 8", "[actors][idempotency]") {
  for (const auto& id : sessions_of_key(secret, key, sample_time())) {
    CHECK(to_string(id)[14] == '8');
    CHECK(std::string_view{"89ab"}.find(to_string(id)[19]) != std::string_view::npos);
  }
}

TEST_CASE("a session is found as long as it holds its key, and replaced after that",
          "[actors][idempotency]") {
  for (auto offset = 0h; offset < 24h; ++offset) { // wherever the key's period begins
    auto opened_at = sample_time() + offset;
    auto id = sessions_of_key(secret, key, opened_at).front();
    for (auto later : {0h, 1h, 12h, 23h})
      CHECK(contains(sessions_of_key(secret, key, opened_at + later), id));
    CHECK(contains(sessions_of_key(secret, key, opened_at + 24h - 1us), id));
    CHECK(actors::holds_key(opened_at, opened_at + 24h - 1us));
    CHECK_FALSE(actors::holds_key(opened_at, opened_at + 24h));
    CHECK(sessions_of_key(secret, key, opened_at + 24h).front() != id);
  }
}

TEST_CASE("an edge whose clock is a little ahead or behind finds what another has opened",
          "[actors][idempotency]") {
  for (auto minute = 0min; minute < 24h; ++minute) {
    auto now = sample_time() + minute;
    for (auto other : {now - 50s, now + 50s})
      CHECK(contains(sessions_of_key(secret, key, now), sessions_of_key(secret, key, other).front()));
  }
}

TEST_CASE("the hash of a request is that of its wishes", "[actors][idempotency]") {
  auto wishes = tests::sample_preferences();
  auto hash = actors::request_hash_of(wishes, 3);
  CHECK(hash.size() == 64);
  CHECK(hash.find_first_not_of("0123456789abcdef") == std::string::npos);
  CHECK(actors::request_hash_of(wishes, 3) == hash);
  CHECK(actors::request_hash_of(wishes, 4) != hash);
  wishes.budget_max = events::record::usd{events::record::usd{123'00}};
  CHECK(actors::request_hash_of(wishes, 3) != hash);
}
