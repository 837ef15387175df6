#include "events/error.hpp"
#include "tests/support/catch.hpp"

#include <caf/sec.hpp>

#include <set>

using namespace sonicmatch::events;

namespace {

constexpr auto last = errc::not_a_match;

template <class Visit>
void for_each_code(Visit visit) {
  for (auto i = 0; i <= static_cast<int>(last); ++i)
    visit(static_cast<errc>(i));
}

} // namespace

TEST_CASE("every error has a name of its own", "[events][error]") {
  std::set<std::string_view> names;
  for_each_code([&](errc code) {
    CHECK_FALSE(to_string(code).empty());
    CHECK(names.insert(to_string(code)).second);
  });
  CHECK(to_string(errc::none) == "none");
  CHECK(to_string(errc::checkpoint_conflict) == "checkpoint_conflict");
  CHECK(to_string(last) == "not_a_match");
}

TEST_CASE("only what may pass by itself is worth a retry", "[events][error]") {
  const std::set<errc> passing{errc::log_unavailable,   errc::log_full,       errc::store_unavailable,
                               errc::deadline_exceeded, errc::overloaded,     errc::shutting_down,
                               errc::peer_unreachable,  errc::connection_lost};
  for_each_code([&](errc code) {
    CAPTURE(to_string(code));
    CHECK(retriable(code) == passing.contains(code));
  });
}

TEST_CASE("an error keeps its code and detail", "[events][error]") {
  for_each_code([](errc code) {
    if (code == errc::none)
      return;
    auto error = make_error(code, "what was attempted");
    CHECK(error);
    CHECK(code_of(error) == code);
    CHECK(detail_of(error) == "what was attempted");
    CHECK(describe(error) == std::string{to_string(code)} + ": what was attempted");
  });
}

TEST_CASE("an error without detail is described by its name", "[events][error]") {
  CHECK(describe(make_error(errc::log_full)) == "log_full");
  CHECK(describe(caf::error{}) == "none");
}

TEST_CASE("another library's error has no code of ours and is described all the same", "[events][error]") {
  caf::error other = caf::make_error(caf::sec::request_timeout);
  CHECK(code_of(other) == errc::none);
  CHECK(describe(other).find("request_timeout") != std::string::npos);
}

TEST_CASE("no error has no code and no detail", "[events][error]") {
  CHECK(code_of(caf::error{}) == errc::none);
  CHECK(detail_of(caf::error{}).empty());
}
