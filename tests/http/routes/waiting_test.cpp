#include "events/error.hpp"
#include "http/routes/waiting.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using http::idempotency_key_of;
using http::preferred_waiting_of;
using tests::asking;
using tests::request_of;

namespace {

using fields = decltype(asking::fields);

http::request with(fields sent) {
  asking out{http::method::post, "/", {}};
  out.fields = std::move(sent);
  return request_of(out);
}

std::string applied(fields sent) {
  return preferred_waiting_of(with(std::move(sent))).applied();
}

bool refuses(fields sent) {
  auto key = idempotency_key_of(with(std::move(sent)));
  return !key && events::code_of(key.error()) == events::errc::unreadable_record
         && events::detail_of(key.error()).find("Idempotency-Key") != std::string::npos;
}

} // namespace

TEST_CASE("preferences about waiting are read from all of Prefer", "[http][waiting]") {
  CHECK(applied({}).empty());
  CHECK(applied({{"Prefer", "handling=strict"}}).empty());
  CHECK(applied({{"Prefer", "respond-async"}}) == "respond-async");
  CHECK(applied({{"prefer", "a=b;c=d , Respond-Async;x, wait = 10"}}) == "respond-async, wait=10");
  CHECK(applied({{"Prefer", "wait=10, wait=20"}}) == "wait=10");
  CHECK(applied({{"Prefer", "respond-async"}, {"Prefer", "wait=\"7\""}}) == "respond-async, wait=7");
}

TEST_CASE("a preference that makes no sense is none", "[http][waiting]") {
  for (auto value : {"wait", "wait=", "wait=-1", "wait=x", "wait=1x", "wait=12345678901", "respond-asyn"})
    CHECK(applied({{"Prefer", value}}).empty());
}

TEST_CASE("who prefers not to wait waits no longer than said", "[http][waiting]") {
  auto waits = [](std::string value) { return preferred_waiting_of(with({{"Prefer", value}})).waits(true); };
  CHECK_FALSE(waits("respond-async"));
  CHECK(waits("respond-async, wait=5"));
  CHECK(waits("wait=5"));
  CHECK_FALSE(waits("wait=0"));
  CHECK_FALSE(preferred_waiting_of(with({{"Prefer", "wait=5"}})).waits(false));
}

TEST_CASE("a key may be quoted or bare", "[http][idempotency]") {
  CHECK_FALSE(*idempotency_key_of(with({})));
  CHECK(**idempotency_key_of(with({{"Idempotency-Key", "0123456789abcdef"}})) == "0123456789abcdef");
  CHECK(**idempotency_key_of(with({{"idempotency-key", "\"0123456789abcdef\""}})) == "0123456789abcdef");
  CHECK(**idempotency_key_of(with({{"Idempotency-Key", R"("0123456789ab\"\\cdef")"}}))
        == R"(0123456789ab"\cdef)");
  CHECK(**idempotency_key_of(with({{"Idempotency-Key", std::string(255, 'k')}})) == std::string(255, 'k'));
}

TEST_CASE("a key that is none is refused, and the header is named", "[http][idempotency]") {
  for (const auto& value : {std::string{}, std::string{"\"\""}, std::string(15, 'k'), std::string(256, 'k'),
                            '"' + std::string(15, 'k') + '"', std::string{"\"0123456789abcdef"},
                            std::string{"0123456789 abcdef"}, std::string{"\"0123456789 abcdef\""},
                            std::string{"\"0123456789\"abcdef\""}, std::string{R"("0123456789abcdef\")"},
                            std::string{R"("0123456789\abcdef")"}, std::string{"0123456789abcdef\xc3\xa9"}}) {
    CAPTURE(value);
    CHECK(refuses({{"Idempotency-Key", value}}));
  }
  CHECK(refuses({{"Idempotency-Key", "0123456789abcdef"}, {"Idempotency-Key", "0123456789abcdef"}}));
}
