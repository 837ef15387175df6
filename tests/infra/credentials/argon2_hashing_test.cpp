#include "events/error.hpp"
#include "infra/credentials/argon2_hashing.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using infra::credentials::argon2_parameters;
using infra::credentials::make_argon2_hashing;

namespace {

/// As little as Argon2 allows, so that the test is quick.
constexpr argon2_parameters light{8, 1, 1};

} // namespace

TEST_CASE("a password's hash is a PHC string with the parameters of today", "[infra][credentials]") {
  auto hash = make_argon2_hashing()->hash("correct horse battery");
  REQUIRE(hash);
  CHECK(hash->starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
  CHECK_FALSE(make_argon2_hashing()->is_outdated(*hash));
}

TEST_CASE("the right password is known again, and no other", "[infra][credentials]") {
  auto hashing = make_argon2_hashing(light);
  auto hash = hashing->hash("correct horse battery");
  REQUIRE(hash);
  CHECK(hashing->verify("correct horse battery", *hash) == true);
  CHECK(hashing->verify("correct horse batterx", *hash) == false);
  CHECK(hashing->verify("", *hash) == false);
  CHECK(hashing->verify(std::string_view{"correct horse battery\0", 22}, *hash) == false);
}

TEST_CASE("the same password never has the same hash", "[infra][credentials]") {
  auto hashing = make_argon2_hashing(light);
  CHECK(*hashing->hash("correct horse battery") != *hashing->hash("correct horse battery"));
}

TEST_CASE("a hash of other parameters is outdated, and still holds", "[infra][credentials]") {
  auto former = make_argon2_hashing(light)->hash("correct horse battery");
  auto today = make_argon2_hashing({16, 1, 1});
  CHECK(today->is_outdated(*former));
  CHECK(today->verify("correct horse battery", *former) == true);
}

TEST_CASE("what is no hash is an error, not a wrong password", "[infra][credentials]") {
  auto hashing = make_argon2_hashing(light);
  for (const auto* text : {"", "x", "$argon2id$v=19$m=8,t=1,p=1$", "$2b$12$abcdefghijklmnopqrstuv"}) {
    auto checked = hashing->verify("correct horse battery", text);
    REQUIRE_FALSE(checked);
    CHECK(events::code_of(checked.error()) == events::errc::invalid_record);
  }
}
