#pragma once

#include "actors/ports/account_store.hpp"
#include "events/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <array>
#include <string_view>
#include <utility>

/// What every account store keeps, as tests. A fixture is one empty database:
///
///     actors::ports::account_store& store();    // the same one every time
///     actors::ports::account_store& another();  // of another process
namespace sonicmatch::tests::contract {

using namespace actors::ports;
using events::errc;
using namespace std::chrono_literals;

inline events::user_id user(std::uint8_t n) {
  return sample_id<events::user_id>(n);
}

inline kept_account person(std::uint8_t n, std::string email) {
  return {{user(n), std::move(email), "Ünïcode \"Name\"", sample_time()},
          "$argon2id$v=19$of-" + std::to_string(n)};
}

inline token_hash hash(std::uint8_t n) {
  token_hash out{};
  out.fill(n);
  return out;
}

/// The n-th login of a user, used n seconds after the first, for an hour.
inline login login_of(std::uint8_t n, std::uint8_t of_user) {
  auto used_at = sample_time() + std::chrono::seconds{n};
  return {sample_id<login_id>(n), user(of_user), hash(n), used_at, used_at + 1h};
}

/// The next token of a login, brought `later`.
inline login next_of(const login& from, std::uint8_t n, std::chrono::seconds later) {
  return {from.id, {}, hash(n), from.used_at + later, from.used_at + later + 1h};
}

template <class Fixture>
void an_account_comes_back_as_it_was_given(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  auto nameless = person(2, "b@example.com");
  nameless.account.display_name.reset();
  REQUIRE_FALSE(fixture.store().add(nameless));
  CHECK((*fixture.another().find(user(1)) == person(1, "a@example.com")));
  CHECK((*fixture.another().find_by_email("b@example.com") == nameless));
  CHECK_FALSE(*fixture.store().find(user(3)));
  CHECK_FALSE(*fixture.store().find_by_email("c@example.com"));
}

template <class Fixture>
void of_two_accounts_with_one_email_one_is_refused(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  CHECK(events::code_of(fixture.another().add(person(2, "a@example.com"))) == errc::already_exists);
  CHECK_FALSE(*fixture.store().find(user(2)));
  CHECK((*fixture.store().find_by_email("a@example.com"))->account.id == user(1));
}

template <class Fixture>
void adding_the_same_account_again_is_no_error(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  CHECK_FALSE(fixture.store().add(person(1, "a@example.com")));
}

template <class Fixture>
void a_hash_is_replaced_unless_it_has_been(Fixture& fixture) {
  auto kept = person(1, "a@example.com");
  REQUIRE_FALSE(fixture.store().add(kept));
  REQUIRE_FALSE(fixture.store().replace_password_hash(user(1), kept.password_hash, "new"));
  REQUIRE_FALSE(fixture.store().replace_password_hash(user(1), kept.password_hash, "newer"));
  CHECK((*fixture.store().find(user(1)))->password_hash == "new");
}

template <class Fixture>
void a_refresh_token_is_exchanged_once(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  auto begun = login_of(1, 1);
  REQUIRE_FALSE(fixture.store().add_login(begun));
  auto first = fixture.another().rotate(hash(1), next_of(begun, 2, 10s));
  REQUIRE(first);
  CHECK(first->says == rotation::verdict::rotated);
  CHECK(first->user == user(1));
  auto second = fixture.store().rotate(hash(2), next_of(begun, 3, 20s));
  REQUIRE(second);
  CHECK(second->says == rotation::verdict::rotated);
}

template <class Fixture>
void a_token_that_comes_again_ends_its_login(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  auto begun = login_of(1, 1);
  REQUIRE_FALSE(fixture.store().add_login(begun));
  REQUIRE_FALSE(fixture.store().add_login(login_of(9, 1)));
  REQUIRE(fixture.store().rotate(hash(1), next_of(begun, 2, 10s)));
  auto again = fixture.another().rotate(hash(1), next_of(begun, 3, 11s));
  REQUIRE(again);
  CHECK(again->says == rotation::verdict::reused);
  CHECK(again->user == user(1));
  auto newest = fixture.store().rotate(hash(2), next_of(begun, 4, 12s));
  REQUIRE(newest);
  CHECK(newest->says == rotation::verdict::unknown);
  auto other = fixture.store().rotate(hash(9), next_of(login_of(9, 1), 5, 12s));
  REQUIRE(other);
  CHECK(other->says == rotation::verdict::rotated);
}

template <class Fixture>
void an_expired_login_is_unknown_and_removed(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  REQUIRE_FALSE(fixture.store().add_login(login_of(1, 1)));
  REQUIRE_FALSE(fixture.store().add_login(login_of(2, 1)));
  REQUIRE_FALSE(fixture.store().add_login(login_of(60, 1)));
  auto late = fixture.store().rotate(hash(1), next_of(login_of(1, 1), 3, 1h));
  REQUIRE(late);
  CHECK(late->says == rotation::verdict::unknown);
  CHECK(*fixture.store().remove_expired_logins(login_of(2, 1).expires_at) == 1);
  CHECK(*fixture.store().remove_expired_logins(login_of(2, 1).expires_at) == 0);
}

template <class Fixture>
void a_login_that_was_ended_is_unknown(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  REQUIRE_FALSE(fixture.store().add_login(login_of(1, 1)));
  REQUIRE_FALSE(fixture.store().end_login(login_of(1, 1).id));
  CHECK_FALSE(fixture.store().end_login(login_of(1, 1).id));
  CHECK(fixture.store().rotate(hash(1), next_of(login_of(1, 1), 2, 1s))->says == rotation::verdict::unknown);
}

template <class Fixture>
void logins_beyond_the_most_end_the_one_used_longest_ago(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  REQUIRE_FALSE(fixture.store().add(person(2, "b@example.com")));
  REQUIRE_FALSE(fixture.store().add_login(login_of(100, 2)));
  for (std::uint8_t n = 1; n <= logins_max; ++n)
    REQUIRE_FALSE(fixture.store().add_login(login_of(n, 1)));
  REQUIRE(fixture.store().rotate(hash(1), next_of(login_of(1, 1), 101, 60s)));
  REQUIRE_FALSE(fixture.store().add_login(login_of(50, 1)));
  auto says = [&](const token_hash& brought, const login& of) {
    return fixture.store().rotate(brought, next_of(of, 102, 61s))->says;
  };
  CHECK(says(hash(2), login_of(2, 1)) == rotation::verdict::unknown);
  CHECK(says(hash(101), login_of(1, 1)) == rotation::verdict::rotated);
  CHECK(says(hash(3), login_of(3, 1)) == rotation::verdict::rotated);
  CHECK(says(hash(50), login_of(50, 1)) == rotation::verdict::rotated);
  CHECK(says(hash(100), login_of(100, 2)) == rotation::verdict::rotated);
}

template <class Fixture>
void a_login_of_nobody_is_refused(Fixture& fixture) {
  CHECK(events::code_of(fixture.store().add_login(login_of(1, 1))) == errc::not_found);
}

template <class Fixture>
void an_erasure_forgets_the_person_at_once(Fixture& fixture) {
  REQUIRE_FALSE(fixture.store().add(person(1, "a@example.com")));
  REQUIRE_FALSE(fixture.store().add_login(login_of(1, 1)));
  REQUIRE_FALSE(fixture.store().begin_erasure(user(1), sample_time(5ms)));
  REQUIRE_FALSE(fixture.store().begin_erasure(user(1), sample_time(50ms)));
  REQUIRE_FALSE(fixture.store().begin_erasure(user(7), sample_time(5ms)));
  CHECK_FALSE(*fixture.another().find(user(1)));
  CHECK_FALSE(*fixture.another().find_by_email("a@example.com"));
  CHECK(events::code_of(fixture.another().add_login(login_of(2, 1))) == errc::not_found);
  CHECK(fixture.another().rotate(hash(1), next_of(login_of(1, 1), 2, 1s))->says
        == rotation::verdict::unknown);
  CHECK((*fixture.another().find_erasures(10) == std::vector<erasure>{{user(1), sample_time(5ms)}}));
  CHECK_FALSE(fixture.another().add(person(2, "a@example.com")));
}

template <class Fixture>
void erasures_are_found_oldest_first_until_they_are_removed(Fixture& fixture) {
  for (std::uint8_t n = 1; n <= 4; ++n)
    REQUIRE_FALSE(fixture.store().add(person(n, std::to_string(n) + "@example.com")));
  for (int n : {3, 1, 2})
    REQUIRE_FALSE(fixture.store().begin_erasure(user(static_cast<std::uint8_t>(n)),
                                                sample_time(std::chrono::milliseconds{10 - n})));
  auto found = *fixture.store().find_erasures(2);
  REQUIRE(found.size() == 2);
  CHECK(found[0].user == user(3));
  CHECK(found[1].user == user(2));
  REQUIRE_FALSE(fixture.store().remove(user(3)));
  REQUIRE_FALSE(fixture.store().remove(user(4))); // not being erased: it stays
  CHECK(fixture.another().find_erasures(9)->size() == 2);
  CHECK(*fixture.store().find(user(4)));
}

template <class Fixture>
inline constexpr std::array of_the_account_store{
  std::pair{"an account comes back as it was given", &an_account_comes_back_as_it_was_given<Fixture>},
  std::pair{"of two accounts with one e-mail, one is refused",
            &of_two_accounts_with_one_email_one_is_refused<Fixture>},
  std::pair{"adding the same account again is no error", &adding_the_same_account_again_is_no_error<Fixture>},
  std::pair{"a hash is replaced unless it has been", &a_hash_is_replaced_unless_it_has_been<Fixture>},
  std::pair{"a refresh token is exchanged once", &a_refresh_token_is_exchanged_once<Fixture>},
  std::pair{"a token that comes again ends its login", &a_token_that_comes_again_ends_its_login<Fixture>},
  std::pair{"an expired login is unknown, and removed", &an_expired_login_is_unknown_and_removed<Fixture>},
  std::pair{"a login that was ended is unknown", &a_login_that_was_ended_is_unknown<Fixture>},
  std::pair{"logins beyond the most end the one used longest ago",
            &logins_beyond_the_most_end_the_one_used_longest_ago<Fixture>},
  std::pair{"a login of nobody is refused", &a_login_of_nobody_is_refused<Fixture>},
  std::pair{"an erasure forgets the person at once", &an_erasure_forgets_the_person_at_once<Fixture>},
  std::pair{"erasures are found oldest first until they are removed",
            &erasures_are_found_oldest_first_until_they_are_removed<Fixture>},
};

} // namespace sonicmatch::tests::contract
