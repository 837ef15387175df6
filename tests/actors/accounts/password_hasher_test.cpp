#include "actors/accounts/password_hasher.hpp"
#include "tests/actors/accounts/plain_ports.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::accounts;

namespace {

struct hasher_fixture {
  std::shared_ptr<tests::plain_hashing> hashing = std::make_shared<tests::plain_hashing>();
  tests::actor_bench bench;
  password_hasher hasher = bench.spawn(password_hasher_actor, hashing);

  password_checked check(std::string password, std::optional<std::string> hash) {
    std::optional<password_checked> out;
    bench.spawn([&](caf::event_based_actor* self) {
      self->request(hasher, caf::infinite, check_password{secret{std::move(password)}, std::move(hash)})
        .then([&](const password_checked& checked) { out = checked; });
    });
    bench.settle();
    return *out;
  }
};

} // namespace

TEST_CASE("a password is checked against its hash", "[accounts]") {
  hasher_fixture fixture;
  CHECK(fixture.check("right", "today:right").matches == true);
  CHECK(fixture.check("wrong", "today:right").matches == false);
  CHECK_FALSE(fixture.check("right", "today:right").renewed);
}

TEST_CASE("where there is no account it is as much work, and never right", "[accounts]") {
  hasher_fixture fixture;
  fixture.bench.settle();
  auto before = fixture.hashing->verified;
  CHECK(fixture.check("nobody's password", std::nullopt).matches == false);
  CHECK(fixture.hashing->verified == before + 1);
}

TEST_CASE("a right password whose hash is outdated is hashed anew", "[accounts]") {
  hasher_fixture fixture;
  CHECK(fixture.check("right", "former:right").renewed == "today:right");
  CHECK_FALSE(fixture.check("wrong", "former:right").renewed);
}

TEST_CASE("a password is wiped when nobody needs it any more", "[accounts]") {
  std::string text(40, 'p');
  wipe(text);
  CHECK(text.empty());
  std::string taken(40, 'p');
  secret kept{std::move(taken)};
  auto copy = kept;
  CHECK(copy.view() == std::string(40, 'p'));
}
