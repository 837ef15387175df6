// An owner and the language model: what is asked, and how a request ends.

#include "actors/language_model/prompt.hpp"
#include "tests/actors/asking_owner_fixture.hpp"
#include "tests/support/catch.hpp"

#include <set>

using namespace sonicmatch;
using namespace std::chrono_literals;
using events::errc;
using events::log_offset;
namespace ports = actors::ports;
using tests::asking_owner_fixture;
using tests::pick_of;
using tests::picks_of;
using types = std::vector<std::string>;

namespace {

const auto first = tests::sample_id<events::session_id>(1);
const auto second = tests::sample_id<events::session_id>(2);

using journal = events::language_model::event;
using events::language_model::language_model_call_failed;
using events::language_model::language_model_call_started;
using events::language_model::language_model_reply_recorded;

const auto both_picks = picks_of({pick_of("a", "0.9"), pick_of("b", "0.8")});

} // namespace

TEST_CASE("a call is made once the log knows of it, and not before", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({tests::command_record(first, 0)});
  CHECK(owner.appended(1) == types{"recommendation_requested"});
  owner.deliver_next();
  CHECK(owner.appended(2) == types{"language_model_call_started"});
  CHECK(owner.client->calls.empty());
  owner.deliver_next();
  REQUIRE(owner.client->calls.size() == 1);
  auto started = owner.event_at<language_model_call_started, journal>(2);
  CHECK(started.attempt == 1);
  CHECK(started.model == "claude-opus-4-5");
  CHECK(started.prompt_version == actors::language_model::prompt_version);
  CHECK(started.deadline == tests::sample_time(30s));
  CHECK(started.reserved_micro_usd > 0);
  CHECK(owner.producer->calls[2].header("sequence") == "2");
  const auto& request = owner.client->calls[0].request;
  CHECK(request.url == "http://model.test/v1/messages");
  CHECK(request.timeout == 30s);
  CHECK(request.rest.find(R"(\"headphone\":\"a\")") != std::string::npos);
}

TEST_CASE("a clean reply completes the session, and what it cost is recorded", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.clock->time += 1'500ms;
  owner.reply(0, both_picks);
  REQUIRE(owner.appended(3) == types{"language_model_reply_recorded", "recommendation_completed"});
  auto reply = owner.event_at<language_model_reply_recorded, journal>(3);
  CHECK(reply.cost_micro_usd == tests::message_cost_micro_usd);
  CHECK(reply.latency_ms == 1'500);
  CHECK(reply.reply == both_picks);
  CHECK(reply.response_id == "msg_1");
  CHECK(owner.producer->calls[3].header("sequence").empty()); // a fact has no version
  CHECK(owner.producer->calls[4].header("sequence") == "3");
  auto completed = owner.completed_at(4);
  CHECK(completed.engine == "anthropic/claude-opus-4-5");
  CHECK_FALSE(completed.degraded);
  CHECK(completed.prompt_version == actors::language_model::prompt_version);
  CHECK(completed.calls.attempts == 1);
  CHECK(completed.calls.cost_micro_usd == tests::message_cost_micro_usd);
  REQUIRE(completed.matches.size() == 2);
  CHECK(completed.matches[0].headphone.slug == "a");
  CHECK(completed.matches[0].explanation == "It suits you.");
  owner.deliver_all();
  owner.advance(50ms);
  CHECK(owner.consumer->commits.back().next == log_offset{1});
}

TEST_CASE("a reply with a headphone that is no candidate is repaired", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.reply(0, picks_of({pick_of("a"), pick_of("bose-of-my-dreams")}));
  REQUIRE(owner.appended(3) == types{"language_model_reply_recorded", "language_model_call_started"});
  owner.deliver_all();
  REQUIRE(owner.client->calls.size() == 2);
  const auto& repair = owner.client->calls[1].request;
  CHECK(repair.opening == owner.client->calls[0].request.opening);
  CHECK(repair.rest.find("bose-of-my-dreams") != std::string::npos); // its own words, as the assistant's
  owner.reply(1, both_picks);
  REQUIRE(owner.appended(5) == types{"language_model_reply_recorded", "recommendation_completed"});
  auto completed = owner.completed_at(6);
  CHECK_FALSE(completed.degraded);
  CHECK(completed.calls.attempts == 2);
  CHECK(completed.calls.cost_micro_usd == 2 * tests::message_cost_micro_usd);
}

TEST_CASE("what is still missing after the repair is the heuristic's, and said so",
          "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.reply(0, picks_of({pick_of("b")}));
  owner.deliver_all();
  owner.reply(1, "no JSON at all");
  REQUIRE(owner.appended(6) == types{"recommendation_completed"});
  auto completed = owner.completed_at(6);
  CHECK(completed.degraded);
  CHECK(completed.degraded_reason == "invalid_reply");
  CHECK(completed.engine == "anthropic/claude-opus-4-5");
  REQUIRE(completed.matches.size() == 2);
  std::set<std::string> slugs{completed.matches[0].headphone.slug, completed.matches[1].headphone.slug};
  CHECK(slugs == std::set<std::string>{"a", "b"});
}

TEST_CASE("a refusal leads to the heuristic's picks without another call", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.reply(0, "I would rather not.", "refusal");
  REQUIRE(owner.appended(3) == types{"language_model_reply_recorded", "recommendation_completed"});
  auto completed = owner.completed_at(4);
  CHECK(completed.engine == "heuristic");
  CHECK(completed.degraded_reason == "refused");
  CHECK(completed.calls.cost_micro_usd == tests::message_cost_micro_usd); // it was billed
}

TEST_CASE("a failed call is recorded and made again, within its retries", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.respond(0, 529, tests::overloaded_body);
  REQUIRE(owner.appended(3) == types{"language_model_call_failed"});
  auto failed = owner.event_at<language_model_call_failed, journal>(3);
  CHECK(failed.code == "overloaded");
  CHECK(failed.http_status == 529);
  CHECK_FALSE(failed.may_have_been_billed);
  owner.deliver_all();
  owner.advance(300ms);
  CHECK(owner.appended(4).empty());
  owner.advance(250ms);
  REQUIRE(owner.appended(4) == types{"language_model_call_started"});
  CHECK(owner.event_at<language_model_call_started, journal>(4).attempt == 2);
  owner.deliver_all();
  owner.respond(1, 529, tests::overloaded_body);
  owner.deliver_all();
  owner.advance(1'100ms);
  owner.deliver_all();
  owner.respond(2, 529, tests::overloaded_body);
  REQUIRE(owner.appended(7) == types{"language_model_call_failed", "recommendation_completed"});
  auto completed = owner.completed_at(8);
  CHECK(completed.degraded_reason == "overloaded");
  CHECK(completed.engine == "heuristic");
  CHECK(completed.calls.attempts == 3);
  CHECK(completed.calls.cost_is_known);
}

TEST_CASE("a timed-out call is recorded as one that may have been billed", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.parts.model->policy.retries_max = 0;
  owner.own_from_the_start();
  owner.ask(first);
  owner.fail_call(0, errc::deadline_exceeded);
  REQUIRE(owner.appended(3) == types{"language_model_call_failed", "recommendation_completed"});
  CHECK(owner.event_at<language_model_call_failed, journal>(3).may_have_been_billed);
  CHECK_FALSE(owner.completed_at(4).calls.cost_is_known);
}

TEST_CASE("what is wrong with a request is not tried again", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first);
  owner.respond(0, 400, R"({"type":"error","error":{"type":"invalid_request_error","message":"too hot"}})");
  REQUIRE(owner.appended(3) == types{"language_model_call_failed", "recommendation_completed"});
  CHECK(owner.completed_at(4).degraded_reason == "invalid_request");
}

TEST_CASE("with nothing that meets the constraints nobody is asked", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  auto wishes = tests::sample_preferences();
  wishes.budget_min.reset();
  wishes.budget_max = events::usd{100};
  owner.give({tests::command_record(first, 0, {}, wishes)});
  owner.deliver_all();
  REQUIRE(owner.appended(2) == types{"recommendation_completed"});
  auto completed = owner.completed_at(2);
  CHECK(completed.matches.empty());
  CHECK_FALSE(completed.relaxations.empty());
  CHECK_FALSE(completed.degraded);
  CHECK(owner.client->calls.empty());
}

TEST_CASE("the same question of another session is answered without a call", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.ask(first, 0);
  owner.give({tests::command_record(second, 1)});
  owner.deliver_all();
  CHECK(owner.client->calls.size() == 1); // it waits for the first one's answer
  owner.reply(0, both_picks);
  owner.deliver_all();
  auto ends = owner.appended(4);
  REQUIRE(ends
          == types{"language_model_reply_recorded", "recommendation_completed", "recommendation_completed"});
  auto completed = owner.completed_at(6);
  CHECK(completed.engine == "anthropic/claude-opus-4-5");
  CHECK_FALSE(completed.degraded);
  CHECK(completed.calls.attempts == 0);
  REQUIRE(completed.reused_call);
  CHECK(*completed.reused_call == owner.event_at<language_model_reply_recorded, journal>(4).call);
}

TEST_CASE("behind an open breaker a session completes at once, degraded", "[actors][owner][model]") {
  actors::language_model::gateway_settings settings;
  settings.breaker.failures_max = 1;
  asking_owner_fixture owner{settings};
  owner.parts.model->policy.retries_max = 0;
  owner.own_from_the_start();
  owner.ask(first);
  owner.fail_call(0, errc::peer_unreachable);
  owner.deliver_all();
  auto before = owner.producer->calls.size();
  owner.give({tests::command_record(second, 1)});
  owner.deliver_next();
  REQUIRE(owner.appended(before + 1) == types{"recommendation_completed"});
  CHECK(owner.completed_at(before + 1).degraded_reason == "breaker_open");
  CHECK(owner.client->calls.size() == 1);
}

TEST_CASE("a retry that is refused ends the question for all who wait for it", "[actors][owner][model]") {
  actors::language_model::gateway_settings settings;
  settings.breaker.failures_max = 2;
  asking_owner_fixture owner{settings};
  owner.own_from_the_start();
  owner.ask(first, 0);
  owner.give({tests::command_record(second, 1)}); // the same question
  owner.deliver_all();
  owner.respond(0, 529, tests::overloaded_body); // once: to be tried again
  owner.deliver_all();
  owner.bench.tell(owner.parts.model->gateway, // meanwhile somebody else's failure opens the breaker
                   actors::ask_admission{owner.under_test,
                                         99,
                                         tests::sample_id<events::stream_id>(50),
                                         {},
                                         tests::sample_id<events::call_id>(50),
                                         "",
                                         {},
                                         owner.clock->time + 58s});
  owner.bench.tell(owner.parts.model->gateway,
                   actors::withdraw{owner.under_test, 99, tests::sample_id<events::stream_id>(50)});
  auto before = owner.producer->calls.size();
  owner.advance(600ms);
  owner.deliver_all();
  owner.respond(1, 529, tests::overloaded_body);
  owner.deliver_all();
  auto ends = owner.appended(before);
  CHECK(std::count(ends.begin(), ends.end(), "recommendation_completed") == 2);
  auto third = tests::sample_id<events::session_id>(3);
  before = owner.producer->calls.size();
  owner.give({tests::command_record(third, 2)}); // and nobody waits for an asker that is gone
  owner.deliver_all();
  ends = owner.appended(before);
  CHECK(std::count(ends.begin(), ends.end(), "recommendation_completed") == 1);
}

TEST_CASE("the call that shows whether the model is back keeps nobody waiting", "[actors][owner][model]") {
  actors::language_model::gateway_settings settings;
  settings.breaker.failures_max = 1;
  asking_owner_fixture owner{settings};
  owner.own_from_the_start();
  owner.ask(first, 0);
  owner.fail_call(0, errc::peer_unreachable);
  REQUIRE(owner.appended(3) == types{"language_model_call_failed", "recommendation_completed"}); // no retry
  CHECK(owner.completed_at(4).degraded_reason == "breaker_open");
  owner.deliver_all();
  owner.clock->time += 1s;
  auto before = owner.producer->calls.size();
  owner.give({tests::command_record(second, 1)});
  owner.deliver_next();
  REQUIRE(owner.appended(before + 1) == types{"language_model_call_started"});
  owner.deliver_next();
  REQUIRE(owner.appended(before + 2) == types{"recommendation_completed"});
  CHECK(owner.completed_at(before + 2).degraded_reason == "breaker_open");
  REQUIRE(owner.client->calls.size() == 2);
  owner.deliver_all();
  owner.reply(1, both_picks); // it was paid for, and recorded; and the model is back
  CHECK(owner.appended(before + 3) == types{"language_model_reply_recorded"});
  CHECK(owner.board->figures().breaker == actors::language_model::circuit_breaker::state::closed);
}

TEST_CASE("whoever waits for a call's place too long gets the heuristic's picks in time",
          "[actors][owner][model]") {
  asking_owner_fixture owner{[] {
    actors::language_model::gateway_settings out;
    out.in_flight_max = 1;
    return out;
  }()};
  owner.own_from_the_start();
  owner.ask(first, 0);
  auto other_wishes = tests::sample_preferences();
  other_wishes.genres = {"jazz"};
  owner.give({tests::command_record(second, 1, {}, other_wishes)});
  owner.deliver_all();
  CHECK(owner.client->calls.size() == 1);
  auto before = owner.producer->calls.size();
  owner.advance(57'900ms);
  CHECK(owner.appended(before).empty());
  owner.advance(200ms);
  REQUIRE(owner.appended(before) == types{"recommendation_completed"});
  CHECK(owner.completed_at(before).degraded_reason == "deadline_exceeded");
}

// -- explanations -----------------------------------------------------------------------

namespace {

ports::log_record explanation_command(std::int64_t offset) {
  auto asked = tests::sample_request_explanation();
  auto head = tests::sample_envelope();
  head.sequence.reset();
  head.claim.reset();
  return {{0},
          {offset},
          tests::sample_time(),
          to_string(first),
          events::encode(head, events::explanation::command{asked}),
          {}};
}

} // namespace

TEST_CASE("an explanation is asked for in a stream of its own, under its session's key",
          "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({explanation_command(0)});
  owner.deliver_all();
  REQUIRE(owner.appended(1) == types{"explanation_requested", "language_model_call_started"});
  for (std::size_t n : {1u, 2u}) {
    CHECK(owner.producer->calls[n].record.key == to_string(first));
    CHECK(owner.producer->calls[n].header("stream") == to_string(tests::sample_request_explanation().id));
  }
  owner.reply(0, R"({"detailed_explanation":"It is even, and that is what jazz asks for."})");
  REQUIRE(owner.appended(3) == types{"language_model_reply_recorded", "explanation_completed"});
  auto completed = owner.event_at<events::explanation::explanation_completed, events::explanation::event>(4);
  CHECK(completed.detailed_explanation == "It is even, and that is what jazz asks for.");
  CHECK_FALSE(completed.degraded);
  CHECK(completed.calls.attempts == 1);
}

TEST_CASE("an explanation that the model fails to give is the heuristic's", "[actors][owner][model]") {
  asking_owner_fixture owner;
  owner.own_from_the_start();
  owner.give({explanation_command(0)});
  owner.deliver_all();
  owner.reply(0, "", "refusal");
  REQUIRE(owner.appended(3) == types{"language_model_reply_recorded", "explanation_completed"});
  auto completed = owner.event_at<events::explanation::explanation_completed, events::explanation::event>(4);
  CHECK(completed.engine == "heuristic");
  CHECK(completed.degraded_reason == "refused");
  CHECK_FALSE(completed.detailed_explanation.empty());
}
