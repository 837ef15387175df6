#include "events/error.hpp"
#include "tests/actors/explaining_edge.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::tailed;
using events::errc;
using tests::code_in;
using tests::event_record;
using tests::explained_session;

namespace {

using failures = std::vector<caf::error>;

struct erasing_edge : tests::explaining_edge {
  using explaining_edge::explaining_edge;

  std::shared_ptr<failures> erase(const events::session_id& id = explained_session,
                                  std::optional<events::user_id> asker = std::nullopt) {
    auto out = std::make_shared<failures>();
    bench.tell(under_test,
               actors::erase_session{id, asker, events::session::erasure_reason::account_deleted, "trace",
                                     [out](caf::error failed) { out->push_back(std::move(failed)); }});
    return out;
  }

  /// The erasure comes through the tail, from whoever owned the partition.
  void read_erasure(std::int64_t offset, std::int64_t claim = 0) {
    read(tailed::events, {tests::erasure_record(explained_session, offset, claim)});
  }
};

errc code_of(const failures& got) {
  return got.at(0) ? events::code_of(got.at(0)) : errc::none;
}

} // namespace

TEST_CASE("an erasure is answered once its command is durable, and the session is not found from then on",
          "[actors][edge][erasure]") {
  erasing_edge edge;
  auto got = edge.erase();
  CHECK(got->empty());
  CHECK(edge.cache->find(explained_session, edge.clock->time));
  REQUIRE(edge.producer->calls.size() == 1);
  auto decoded = events::decode_command(edge.producer->calls[0].record.value);
  REQUIRE(decoded);
  CHECK(std::get<events::session::erase_session>(std::get<events::session::command>(decoded->body)).reason
        == events::session::erasure_reason::account_deleted);
  CHECK(decoded->head.subject == to_string(explained_session));
  CHECK(edge.producer->calls[0].record.key == to_string(explained_session));
  edge.deliver(0, 1);
  CHECK(code_of(*got) == errc::none);
  CHECK_FALSE(edge.cache->find(explained_session, edge.clock->time));
  CHECK(code_in(*edge.find(explained_session)) == errc::erased);
  CHECK(code_of(*edge.erase()) == errc::erased);
  CHECK(code_in(*edge.explain(explained_session)) == errc::erased);
  CHECK(edge.producer->calls.size() == 1);
}

TEST_CASE("a session is erased by its owner alone", "[actors][edge][erasure]") {
  const auto owner = tests::sample_id<events::user_id>(1);
  erasing_edge edge;
  auto id = tests::sample_id<events::session_id>(4);
  edge.read(tailed::events, {tests::with_origin(event_record(id, tests::sample_completed(), 2, 2, 0),
                                                {owner, std::nullopt})});
  CHECK(code_of(*edge.erase(id)) == errc::not_found);
  CHECK(code_of(*edge.erase(id, tests::sample_id<events::user_id>(2))) == errc::not_found);
  CHECK(edge.producer->calls.empty());
  auto got = edge.erase(id, owner);
  edge.deliver(0, 1);
  CHECK(code_of(*got) == errc::none);
  CHECK(edge.producer->calls[0].header("user") == to_string(owner));
}

TEST_CASE("an erasure that Kafka does not take leaves the session", "[actors][edge][erasure]") {
  erasing_edge edge;
  auto got = edge.erase();
  edge.producer->fail(0);
  edge.bench.settle();
  CHECK(code_of(*got) == errc::log_unavailable);
  CHECK(code_in(*edge.find(explained_session)) == errc::none);
}

TEST_CASE("an edge forgets a session that the log says is erased, whoever wrote that",
          "[actors][edge][erasure]") {
  erasing_edge edge;
  edge.read(tailed::events, {tests::claim_record(2)});
  edge.read_erasure(3, 0); // under a claim that is over
  CHECK(code_in(*edge.find(explained_session)) == errc::erased);
  edge.read(tailed::events, {event_record(explained_session, tests::sample_completed(), 3, 4, 2)});
  CHECK(code_in(*edge.find(explained_session)) == errc::erased);
}

TEST_CASE("who waits for a session that is erased is told so", "[actors][edge][erasure]") {
  erasing_edge edge;
  auto waiting = edge.submit();
  edge.deliver(0, 1);
  CHECK(waiting->empty());
  edge.read(tailed::events, {tests::erasure_record(edge.session(0), 5, 0)});
  CHECK(code_in(*waiting) == errc::erased);
}

TEST_CASE("who waits for an explanation of an erased session is told so, and it is not kept",
          "[actors][edge][erasure]") {
  erasing_edge edge;
  auto waiting = edge.explain(explained_session);
  edge.at_end(tailed::events, 2);
  REQUIRE(edge.producer->calls.size() == 1);
  edge.deliver(0, 1);
  CHECK(waiting->empty());
  edge.read_erasure(2);
  CHECK(code_in(*waiting) == errc::erased);
  edge.complete(0, 3);
  CHECK(waiting->size() == 1);
  CHECK(code_in(*edge.explain(explained_session)) == errc::erased);
}

TEST_CASE("an explanation that is known is forgotten with its session", "[actors][edge][erasure]") {
  erasing_edge edge;
  auto first = edge.explain(explained_session);
  edge.deliver(0, 1);
  edge.complete(0, 2);
  REQUIRE(code_in(*first) == errc::none);
  edge.read_erasure(3);
  CHECK(code_in(*edge.explain(explained_session)) == errc::erased);
}

TEST_CASE("what the read model still holds of an erased session is not shown", "[actors][edge][erasure]") {
  erasing_edge edge;
  edge.sessions->stored[explained_session] = {"{}", {2}, true};
  edge.read_erasure(2);
  CHECK(code_in(*edge.find(explained_session)) == errc::erased);
}

TEST_CASE("a session that the read model knows to be erased is erased, though its command is known",
          "[actors][edge][erasure]") {
  erasing_edge edge;
  auto id = tests::sample_id<events::session_id>(5);
  edge.sessions->erased.insert(id);
  edge.read(tailed::commands, {tests::command_record(id, 0)});
  auto got = edge.find(id);
  edge.at_end(tailed::events, 2);
  edge.answer_ends(events::log_offset{2}, events::log_offset{1});
  CHECK(code_in(*got) == errc::erased);
}

TEST_CASE("a command to erase issues no session", "[actors][edge][erasure]") {
  erasing_edge edge;
  auto got = edge.erase();
  auto id = tests::sample_id<events::session_id>(5);
  auto record = tests::read_back(edge.producer->calls.at(0).record, 0);
  record.key = to_string(id);
  edge.read(tailed::commands, {record});
  CHECK_FALSE(edge.cache->find_issued(id));
}
