#include "events/error.hpp"
#include "tests/actors/explaining_edge.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::tailed;
using events::errc;
using events::feedback::kind;
using tests::code_in;
using tests::event_record;
using tests::explained_headphone;
using tests::explained_session;

namespace {

const auto owner = tests::sample_id<events::user_id>(1);
const auto stranger = tests::sample_id<events::user_id>(2);

using receipts = std::vector<caf::expected<actors::feedback_answer>>;

struct rated_edge : tests::explaining_edge {
  using explaining_edge::explaining_edge;

  std::shared_ptr<receipts> give(const events::session_id& id = explained_session,
                                 std::string headphone = "sennheiser-hd-560s",
                                 std::optional<events::user_id> asker = std::nullopt) {
    auto out = std::make_shared<receipts>();
    auto note = [out](caf::expected<actors::feedback_answer> each) { out->push_back(std::move(each)); };
    bench.tell(under_test,
               actors::submit_feedback{id, std::move(headphone), kind::rated, 4, "trace", note, asker});
    return out;
  }
};

} // namespace

TEST_CASE("feedback is answered once its command is durable, and says what the pick was",
          "[actors][edge][feedback]") {
  rated_edge edge;
  auto got = edge.give();
  CHECK(got->empty());
  REQUIRE(edge.producer->calls.size() == 1);
  const auto& record = edge.producer->calls[0].record;
  auto decoded = events::decode_command(record.value);
  REQUIRE(decoded);
  const auto& asked =
    std::get<events::feedback::record_feedback>(std::get<events::feedback::command>(decoded->body));
  CHECK(asked.headphone == explained_headphone);
  CHECK(asked.slug == "sennheiser-hd-560s");
  CHECK(asked.rank == 1);
  CHECK(asked.overall_score == tests::sample_match().overall_score);
  CHECK(asked.kind == kind::rated);
  CHECK(asked.rating == 4);
  CHECK(record.key == to_string(explained_session));
  CHECK(decoded->head.subject == to_string(asked.id));
  CHECK(decoded->head.traceparent == "trace");
  CHECK(edge.producer->calls[0].header("stream") == to_string(asked.id));
  edge.deliver(0, 1);
  REQUIRE(got->size() == 1);
  REQUIRE(got->at(0));
  CHECK(got->at(0)->id == asked.id);
  CHECK(got->at(0)->session == explained_session);
}

TEST_CASE("feedback may name the pick by its id", "[actors][edge][feedback]") {
  rated_edge edge;
  auto got = edge.give(explained_session, to_string(explained_headphone));
  edge.deliver(0, 1);
  CHECK(code_in(*got) == errc::none);
}

TEST_CASE("feedback on what is no pick, or of no complete session, is refused", "[actors][edge][feedback]") {
  rated_edge edge;
  CHECK(code_in(*edge.give(explained_session, "another-headphone")) == errc::not_a_match);
  auto failed = tests::sample_id<events::session_id>(2);
  edge.read(tailed::events, {event_record(failed, tests::sample_failed(), 2, 2, 0)});
  CHECK(code_in(*edge.give(failed)) == errc::not_complete);
  auto unknown = edge.give(tests::sample_id<events::session_id>(3));
  CHECK(unknown->empty());
  edge.at_end(tailed::events, 3);
  edge.answer_ends(events::log_offset{3}, events::log_offset{0});
  CHECK(code_in(*unknown) == errc::not_found);
  CHECK(edge.producer->calls.empty());
}

TEST_CASE("feedback on a session of somebody else is not found, and an owner's says whose it is",
          "[actors][edge][feedback]") {
  rated_edge edge;
  auto id = tests::sample_id<events::session_id>(4);
  edge.read(tailed::events, {tests::with_origin(event_record(id, tests::sample_completed(), 2, 2, 0),
                                                {owner, std::nullopt})});
  CHECK(code_in(*edge.give(id, "sennheiser-hd-560s", stranger)) == errc::not_found);
  CHECK(code_in(*edge.give(id)) == errc::not_found);
  CHECK(edge.producer->calls.empty());
  auto got = edge.give(id, "sennheiser-hd-560s", owner);
  edge.deliver(0, 1);
  CHECK(code_in(*got) == errc::none);
  CHECK(events::decode_command(edge.producer->calls[0].record.value)->head.userid == owner);
  CHECK(edge.producer->calls[0].header("user") == to_string(owner));
}

TEST_CASE("feedback that Kafka does not take in time is not said to be accepted",
          "[actors][edge][feedback]") {
  actors::edge_settings settings;
  settings.sync_timeout = 5s;
  rated_edge edge{settings};
  SECTION("because it fails") {
    auto got = edge.give();
    edge.producer->fail(0);
    edge.bench.settle();
    CHECK(code_in(*got) == errc::log_unavailable);
  }
  SECTION("because nothing is heard of it") {
    auto got = edge.give();
    edge.advance(5'100ms);
    CHECK(code_in(*got) == errc::log_unavailable);
    edge.deliver(0, 1);
    CHECK(got->size() == 1);
  }
}

TEST_CASE("an edge that drains waits for the feedback it has taken, and takes no more",
          "[actors][edge][feedback]") {
  rated_edge edge;
  auto got = edge.give();
  auto drained = std::make_shared<bool>(false);
  edge.bench.tell(edge.under_test, actors::drain_edge{[drained] { *drained = true; }});
  CHECK_FALSE(*drained);
  CHECK(code_in(*edge.give()) == errc::shutting_down);
  edge.deliver(0, 1);
  CHECK(code_in(*got) == errc::none);
  CHECK(*drained);
}

TEST_CASE("feedback beyond the bound is refused", "[actors][edge][feedback]") {
  actors::edge_settings settings;
  settings.waiting_max = 1;
  rated_edge edge{settings};
  auto first = edge.give();
  CHECK(code_in(*edge.give()) == errc::overloaded);
  edge.deliver(0, 1);
  CHECK(code_in(*first) == errc::none);
}
