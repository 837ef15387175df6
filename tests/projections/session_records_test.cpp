#include "projections/session_records.hpp"

#include "events/error.hpp"
#include "tests/projections/log_builder.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace sonicmatch::projections;
using events::errc;
using events::log_offset;

namespace {

constexpr events::partition_id p0{0};

bool is_no_type(std::string_view) {
  return false;
}

struct session_records {
  log_builder log;
  events::claim_fence fence;
  events::session_id session = sample_id<events::session_id>(9);
  events::explanation_id explanation = sample_explanation_requested().id;

  session_records() {
    log.claim(p0);
    REQUIRE_FALSE(*read());
  }

  /// What the newest record says.
  caf::expected<std::optional<effective_event>> read(type_filter wanted = is_any_type) {
    return read_session_record(log.records.back(), fence, wanted);
  }

  effective_event event() {
    auto found = read();
    REQUIRE(found);
    REQUIRE(*found);
    return **found;
  }

  errc error(type_filter wanted = is_any_type) {
    auto found = read(wanted);
    REQUIRE_FALSE(found);
    return events::code_of(found.error());
  }

  void replace(std::string_view old, std::string_view fresh) {
    auto& value = *log.records.back().value;
    auto at = value.find(old);
    REQUIRE(at != std::string::npos);
    value.replace(at, old.size(), fresh);
  }
};

} // namespace

TEST_CASE_METHOD(session_records, "a decision of a session has a version in the session's stream") {
  log.event(p0, session, 3, sample_call_started());
  auto found = event();
  CHECK(found.session == session);
  CHECK(found.position == events::log_position{p0, {1}});
  const auto& decision = std::get<session_decision>(found.body);
  CHECK(decision.version.value == 3);
  CHECK(std::get<events::language_model::language_model_call_started>(decision.body)
        == sample_call_started());
}

TEST_CASE_METHOD(session_records, "a decision of an explanation has a version in the explanation's stream") {
  SECTION("its own events") {
    log.event(p0, session, explanation, 1, sample_explanation_requested());
    auto found = event();
    CHECK(found.session == session);
    const auto& decision = std::get<explanation_decision>(found.body);
    CHECK(decision.explanation == explanation);
    CHECK(std::get<events::explanation::event>(decision.body)
          == events::explanation::event{sample_explanation_requested()});
  }
  SECTION("and the calls for it") {
    log.event(p0, session, explanation, 2, sample_call_started());
    auto found = event();
    const auto& decision = std::get<explanation_decision>(found.body);
    CHECK(decision.explanation == explanation);
    CHECK(decision.version.value == 2);
  }
}

TEST_CASE_METHOD(session_records, "a fact says what it is about, and has no version") {
  log.fact(p0, session, sample_reply_recorded());
  auto of_session = event();
  CHECK_FALSE(std::get<call_ended>(of_session.body).explanation);
  log.fact(p0, session, sample_call_failed(), explanation);
  auto of_explanation = event();
  CHECK(of_explanation.session == session);
  CHECK(std::get<call_ended>(of_explanation.body).explanation == explanation);
  CHECK(std::get<call_ended>(of_explanation.body).fact == events::language_model::fact{sample_call_failed()});
}

TEST_CASE_METHOD(session_records, "decisions of all streams are void under an older claim, facts are not") {
  auto old = log_offset{0};
  log.claim(p0);
  REQUIRE_FALSE(*read());
  log.event(p0, session, 1, sample_requested(), old);
  CHECK_FALSE(*read());
  log.event(p0, session, 1, sample_call_started(), old);
  CHECK_FALSE(*read());
  log.event(p0, session, explanation, 1, sample_explanation_requested(), old);
  CHECK_FALSE(*read());
  log.fact(p0, session, sample_reply_recorded(), std::nullopt, old);
  CHECK(*read());
}

TEST_CASE_METHOD(session_records,
                 "a decision's claim moves the fence, read or passed over; a fact's does not") {
  auto wanted = GENERATE(as<type_filter>{}, &is_any_type, &is_no_type);
  log.fact(p0, session, sample_reply_recorded(), std::nullopt, log_offset{50});
  REQUIRE(read(wanted));
  CHECK(fence.newest() == log_offset{0});
  log.event(p0, session, 1, sample_requested(), log_offset{60});
  REQUIRE(read(wanted));
  CHECK(fence.newest() == log_offset{60});
  log.event(p0, session, explanation, 2, sample_call_started(), log_offset{70});
  REQUIRE(read(wanted));
  CHECK(fence.newest() == log_offset{70});
}

TEST_CASE_METHOD(session_records, "what a header says is of no use is not looked at") {
  SECTION("a decision") {
    log.event(p0, session, 1, sample_requested());
  }
  SECTION("a fact") {
    log.fact(p0, session, sample_reply_recorded());
  }
  SECTION("a former version") {
    log.event(p0, session, 1, sample_requested());
    log.records.back().headers[0].second = "sonicmatch.recommendation_failed.v1";
  }
  log.records.back().value = "not JSON";
  CHECK_FALSE(*read(is_no_type));
  CHECK(error() == errc::unreadable_record);
}

TEST_CASE_METHOD(session_records, "a claim is never passed over") {
  log.claim(p0);
  REQUIRE_FALSE(*read(is_no_type));
  CHECK(fence.newest() == log_offset{1});
}

TEST_CASE_METHOD(session_records, "a record is read where its headers do not say enough to pass it over") {
  log.event(p0, session, 1, sample_requested());
  auto& record = log.records.back();
  SECTION("there are none") {
    record.headers.clear();
    CHECK(*read(is_no_type));
  }
  SECTION("a decision without its claim") {
    std::erase_if(record.headers, [](const auto& each) { return each.first == events::headers::claim; });
    CHECK(*read(is_no_type));
  }
  SECTION("an unknown type") {
    record.headers[0].second = "sonicmatch.unheard_of.v1";
    record.value = "{}";
    CHECK(error(is_no_type) == errc::unreadable_record);
  }
  SECTION("a key that is no session's") {
    record.key = "nobody";
    CHECK(error(is_no_type) == errc::invalid_record);
  }
  SECTION("no value") {
    record.value.reset();
    CHECK(error(is_no_type) == errc::invalid_record);
  }
}

TEST_CASE_METHOD(session_records, "an event whose subject is not the id of its stream is invalid") {
  SECTION("an explanation's") {
    log.event(p0, session, sample_id<events::explanation_id>(77), 1, sample_explanation_requested());
    CHECK(error() == errc::invalid_record);
  }
  SECTION("a call's") {
    log.fact(p0, session, sample_reply_recorded());
    replace(R"("subject":")", R"("subject":"no-)");
    CHECK(error() == errc::invalid_record);
  }
}

TEST_CASE_METHOD(session_records, "a decision without a sequence is invalid, in any stream") {
  log.event(p0, session, 1, sample_call_started());
  replace(R"("sequence":1)", R"("sequence":0)");
  CHECK(error() == errc::invalid_record);
  log.event(p0, session, explanation, 1, sample_explanation_requested());
  replace(R"("sequence":1)", R"("sequence":0)");
  CHECK(error() == errc::invalid_record);
}
