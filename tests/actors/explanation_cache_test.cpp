#include "actors/edge/explanation_cache.hpp"
#include "actors/edge/explanation_draft.hpp"
#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "events/session/document.hpp"
#include "tests/actors/session_records.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors;
using events::errc;
using events::explanation::document_status;

namespace {

const auto session = tests::sample_id<events::session_id>();
const auto headphone = tests::sample_headphone().id();

explained_pick numbered(std::uint8_t n) {
  return {tests::sample_id<events::session_id>(n), headphone};
}

explanation_answer answer(std::uint8_t n, std::string text = "{}") {
  return {numbered(n).session,
          headphone,
          tests::sample_id<events::explanation_id>(n),
          std::make_shared<const std::string>(std::move(text)),
          document_status::complete,
          false,
          std::nullopt};
}

std::string document_of(const events::session::event& happened) {
  return events::record::to_json(
    events::session::document_of(session, happened, {2}, tests::sample_time(), {}));
}

} // namespace

// -- the cache -------------------------------------------------------------------

TEST_CASE("an explanation is found by its pick", "[actors][explanation_cache]") {
  explanation_cache cache{1u << 20};
  cache.put(answer(1, "one"));
  REQUIRE(cache.find(numbered(1)));
  CHECK(*cache.find(numbered(1))->document == "one");
  CHECK_FALSE(cache.find(numbered(2)));
  CHECK_FALSE(cache.find({numbered(1).session, events::headphone_id_of("other")}));
}

TEST_CASE("a newer explanation takes the place of the older", "[actors][explanation_cache]") {
  explanation_cache cache{1u << 20};
  cache.put(answer(1, "one"));
  auto bytes = cache.bytes();
  cache.put(answer(1, "two"));
  CHECK(*cache.find(numbered(1))->document == "two");
  CHECK(cache.bytes() == bytes);
}

TEST_CASE("the explanation used least lately leaves first", "[actors][explanation_cache]") {
  constexpr std::size_t bytes_max = 10'000;
  explanation_cache cache{bytes_max};
  std::string big(1'000, 'x');
  cache.put(answer(0, big));
  for (std::uint8_t n = 1; n < 50; ++n) {
    cache.put(answer(n, big));
    REQUIRE(cache.find(numbered(0)));
    REQUIRE(cache.bytes() <= bytes_max);
  }
  CHECK(cache.find(numbered(49)));
  CHECK_FALSE(cache.find(numbered(1)));
  CHECK(cache.bytes() > bytes_max / 2);
}

TEST_CASE("an explanation larger than the whole bound is not kept", "[actors][explanation_cache]") {
  explanation_cache cache{1'000};
  cache.put(answer(1, std::string(2'000, 'x')));
  CHECK_FALSE(cache.find(numbered(1)));
  CHECK(cache.bytes() == 0);
}

TEST_CASE("an explanation is made from the event that ended it only", "[actors][explanation_cache]") {
  auto stream = tests::sample_explanation_completed().id;
  auto value = [&](const events::explanation::event& happened) {
    return *tests::explanation_record(session, stream, happened, 2, 5, 1).value;
  };
  auto completed = explanation_of(value(tests::sample_explanation_completed()));
  REQUIRE(completed);
  CHECK(pick_of(*completed) == explained_pick{session, headphone});
  CHECK(completed->id == stream);
  CHECK(completed->degraded);
  CHECK_FALSE(is_good(*completed));
  auto failed = explanation_of(value(tests::sample_explanation_failed()));
  REQUIRE(failed);
  CHECK(failed->status == document_status::error);
  CHECK(failed->failure->code == "deadline_exceeded");
  CHECK_FALSE(is_good(*failed));
  CHECK(events::code_of(explanation_of("garbage").error()) == errc::unreadable_record);
  CHECK(events::code_of(explanation_of(value(tests::sample_explanation_requested())).error())
        == errc::invalid_record);
  auto other = tests::event_record(session, tests::sample_completed(), 2, 5, 1);
  CHECK(events::code_of(explanation_of(*other.value).error()) == errc::invalid_record);
}

// -- the draft of a command --------------------------------------------------------

TEST_CASE("a draft says what the session was asked for and got", "[actors][explanation_draft]") {
  auto draft = draft_explanation(document_of(tests::sample_completed()), headphone);
  REQUIRE(draft);
  CHECK(draft->headphone == headphone);
  CHECK(draft->preferences == tests::sample_preferences());
  CHECK(draft->matches == std::vector{tests::sample_match()});
}

TEST_CASE("a session that has lost its wishes is explained by its best pick", "[actors][explanation_draft]") {
  auto happened = tests::sample_completed();
  happened.preferences.reset();
  auto draft = draft_explanation(document_of(happened), headphone);
  REQUIRE(draft);
  CHECK(draft->preferences.genres == std::vector<std::string>{"classical", "jazz"});
  happened.matches.at(0).headphone.genres.clear();
  draft = draft_explanation(document_of(happened), headphone);
  REQUIRE(draft);
  CHECK(draft->preferences.budget_max == events::usd{179'00});
}

TEST_CASE("only a pick of a complete session is drafted", "[actors][explanation_draft]") {
  auto code = [](const std::string& document, const events::headphone_id& wanted = headphone) {
    return events::code_of(draft_explanation(document, wanted).error());
  };
  CHECK(code(document_of(tests::sample_requested())) == errc::not_complete);
  CHECK(code(document_of(tests::sample_failed())) == errc::not_complete);
  CHECK(code(document_of(tests::sample_completed()), events::headphone_id_of("other")) == errc::not_a_match);
  CHECK(code("{}") == errc::invalid_record);
  CHECK(code("garbage") == errc::invalid_record);
}

TEST_CASE("a headphone is named by its id or its slug", "[actors][explanation_draft]") {
  CHECK(headphone_named("sennheiser-hd-560s") == headphone);
  CHECK(headphone_named(to_string(headphone)) == headphone);
}
