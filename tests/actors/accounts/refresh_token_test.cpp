#include "actors/accounts/refresh_token.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace sonicmatch;
using actors::accounts::make_refresh_token;
using actors::accounts::read_refresh_token;

namespace {

const auto login = tests::sample_id<actors::ports::login_id>(7);

} // namespace

TEST_CASE("a refresh token names its login and is known by its hash", "[accounts]") {
  tests::counting_entropy entropy;
  auto made = make_refresh_token(login, entropy);
  CHECK(made.text.size() == actors::accounts::refresh_token_size);
  auto read = read_refresh_token(made.text);
  REQUIRE(read);
  CHECK(read->login == login);
  CHECK(read->hash == made.hash);
}

TEST_CASE("each refresh token of a login is another", "[accounts]") {
  tests::counting_entropy entropy;
  std::set<std::string> texts;
  std::set<actors::ports::token_hash> hashes;
  for (int i = 0; i < 20; ++i) {
    auto made = make_refresh_token(login, entropy);
    texts.insert(made.text);
    hashes.insert(made.hash);
  }
  CHECK(texts.size() == 20);
  CHECK(hashes.size() == 20);
}

TEST_CASE("what no refresh token looks like is none", "[accounts]") {
  tests::counting_entropy entropy;
  auto text = make_refresh_token(login, entropy).text;
  CHECK_FALSE(read_refresh_token(""));
  CHECK_FALSE(read_refresh_token(text.substr(1)));
  CHECK_FALSE(read_refresh_token(text + "A"));
  for (const auto* wrong : {"+", "/", "=", " ", "\n", "."})
    CHECK_FALSE(read_refresh_token(text.substr(1) + wrong));
  CHECK_FALSE(read_refresh_token(std::string(64, '\0')));
}
