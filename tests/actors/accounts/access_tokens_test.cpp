#include "actors/accounts/access_tokens.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/accounts/plain_ports.hpp"
#include "tests/actors/recording_ports.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::accounts::access_claims;
using actors::accounts::access_tokens;

namespace {

const auto ann = tests::sample_id<events::user_id>(1);
const auto now = tests::sample_time();

struct tokens_fixture {
  std::shared_ptr<tests::plain_signer> signer = std::make_shared<tests::plain_signer>();
  access_tokens tokens{{}, signer};
  tests::counting_entropy entropy;

  std::string issued() {
    return *tokens.issue(ann, now, entropy);
  }

  /// Whether somebody with the key could make a token of these claims that is taken.
  bool takes(const access_claims& claims, events::timestamp at = now) {
    return tokens.verify("signed." + events::record::to_json(claims), at).engaged();
  }
};

access_claims good() {
  auto at = now.time_since_epoch() / 1s;
  return {"sonicmatch", "sonicmatch", ann, at + 900, at, at, "1"};
}

template <class Change>
access_claims with(Change change) {
  auto out = good();
  change(out);
  return out;
}

} // namespace

TEST_CASE("an access token says whose it is while it holds", "[accounts]") {
  tokens_fixture fixture;
  auto token = fixture.issued();
  CHECK(fixture.tokens.verify(token, now) == ann);
  CHECK(fixture.tokens.verify(token, now + 15min + 29s) == ann);
  auto late = fixture.tokens.verify(token, now + 15min + 31s);
  REQUIRE_FALSE(late);
  CHECK(events::code_of(late.error()) == events::errc::unauthenticated);
}

TEST_CASE("two access tokens of the same moment differ", "[accounts]") {
  tokens_fixture fixture;
  CHECK(fixture.issued() != fixture.issued());
}

TEST_CASE("claims of others, of before or of later are refused", "[accounts]") {
  tokens_fixture fixture;
  CHECK(fixture.takes(good()));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.issuer = "another"; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.issuer = ""; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.audience = "another"; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.expires_at = c.issued_at - 30; })));
  CHECK(fixture.takes(with([](auto& c) { c.expires_at = c.issued_at - 29; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.not_before += 31; })));
  CHECK(fixture.takes(with([](auto& c) { c.not_before += 30; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.issued_at += 31; })));
  CHECK_FALSE(fixture.takes(with([](auto& c) { c.id = ""; })));
}

TEST_CASE("claims that are missing or of another type are refused", "[accounts]") {
  tokens_fixture fixture;
  auto whole = events::record::to_json(good());
  for (const auto* name : {"iss", "aud", "sub", "exp", "nbf", "iat", "jti"}) {
    auto renamed = whole;
    renamed.replace(renamed.find(name), 3, "zzz");
    CHECK_FALSE(fixture.tokens.verify("signed." + renamed, now));
  }
  for (const auto* text : {"", "{}", "null", "[]", "{\"sub\":", "\xff"})
    CHECK_FALSE(fixture.tokens.verify(std::string{"signed."} + text, now));
  auto forever = whole;
  forever.replace(forever.find("\"exp\":") + 6, 10, "1e30");
  CHECK_FALSE(fixture.tokens.verify("signed." + forever, now));
  CHECK_FALSE(fixture.tokens.verify("signed." + whole + std::string(3'000, ' '), now));
}

TEST_CASE("a signature is verified once, and what it does not cover never passes for it", "[accounts]") {
  tokens_fixture fixture;
  auto token = fixture.issued();
  for (int i = 0; i < 5; ++i)
    CHECK(fixture.tokens.verify(token, now));
  CHECK(fixture.signer->opened == 1);
  for (int i = 0; i < 3; ++i)
    CHECK_FALSE(fixture.tokens.verify(token.substr(1), now));
  CHECK(fixture.signer->opened == 4);
}

TEST_CASE("of verified tokens the first are forgotten first", "[accounts]") {
  using actors::accounts::verified_tokens;
  verified_tokens known{2};
  auto digest = [](const char* text) { return verified_tokens::digest_of(text); };
  known.put(digest("1"), {ann, now});
  known.put(digest("2"), {ann, now});
  known.put(digest("2"), {ann, now});
  known.put(digest("3"), {ann, now});
  CHECK_FALSE(known.find(digest("1")));
  CHECK(known.find(digest("2")));
  CHECK(known.find(digest("3")));
}
