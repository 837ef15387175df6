#pragma once

#include "actors/edge/edge.hpp"
#include "actors/session_store/session_store.hpp"
#include "events/codec.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/session_records.hpp"

#include <string>

namespace sonicmatch::tests {

using actors::tailed;

/// An edge with one partition between recording ports.
struct edge_fixture {
  explicit edge_fixture(actors::edge_settings settings = {}) {
    settings.partition_count = 1;
    health = std::make_shared<actors::health_board>();
    auto store = bench.spawn(actors::session_store_actor, sessions);
    under_test = bench.spawn(actors::edge_actor, actors::edge_parts{settings, producer, reader, clock,
                                                                    entropy, logger, cache, health, store});
    bench.settle();
  }

  /// Begins to tail, as after a start with an empty log.
  void start() {
    bench.tell(under_test, actors::begin_tailing{});
    reader->committed.at(0)(std::vector<std::optional<log_offset>>(1));
    bench.settle();
  }

  using answers = std::vector<caf::expected<actors::session_answer>>;

  std::shared_ptr<answers> submit(bool wait = true, std::optional<events::user_id> user = std::nullopt) {
    auto out = std::make_shared<answers>();
    auto note = [out](caf::expected<actors::session_answer> each) { out->push_back(std::move(each)); };
    bench.tell(under_test, actors::submit_recommendation{sample_preferences(), 3, wait, "trace", note, user});
    return out;
  }

  std::shared_ptr<answers> find(const events::session_id& id) {
    auto out = std::make_shared<answers>();
    bench.tell(under_test, actors::find_session{id, [out](caf::expected<actors::session_answer> each) {
                                                  out->push_back(std::move(each));
                                                }});
    return out;
  }

  using explanations = std::vector<caf::expected<actors::explanation_answer>>;

  /// Asks to explain the sample headphone, or another.
  std::shared_ptr<explanations> explain(const events::session_id& id, bool wait = true,
                                        std::string headphone = "sennheiser-hd-560s",
                                        std::optional<events::user_id> asker = std::nullopt) {
    auto out = std::make_shared<explanations>();
    auto note = [out](caf::expected<actors::explanation_answer> each) { out->push_back(std::move(each)); };
    bench.tell(under_test, actors::submit_explanation{id, std::move(headphone), wait, "trace", note, asker});
    return out;
  }

  void deliver(std::size_t n, std::int64_t offset) {
    producer->deliver(n, offset);
    bench.settle();
  }

  void read(tailed topic, std::vector<ports::log_record> records) {
    bench.tell(under_test, actors::tail_batch{topic, batch_of(std::move(records))});
  }

  void at_end(tailed topic, std::int64_t next) {
    bench.tell(under_test, actors::tail_reached_end{topic, {0}, {next}});
  }

  /// Answers what the edge last asked about the ends of events and commands.
  void answer_ends(caf::expected<log_offset> events_end, caf::expected<log_offset> commands_end) {
    for (auto& each : std::exchange(reader->ends, {}))
      each.answer(each.topic == "sonicmatch.events" ? events_end : commands_end);
    bench.settle();
  }

  void advance(std::chrono::milliseconds time) {
    clock->time += time;
    bench.advance(time);
  }

  /// The session of the n-th command that was appended.
  [[nodiscard]] events::session_id session(std::size_t n = 0) const {
    return *events::session_id::parse(producer->calls.at(n).record.key);
  }

  std::shared_ptr<recording_producer> producer = std::make_shared<recording_producer>();
  std::shared_ptr<recording_reader> reader = std::make_shared<recording_reader>();
  std::shared_ptr<recording_logger> logger = std::make_shared<recording_logger>();
  std::shared_ptr<recording_sessions> sessions = std::make_shared<recording_sessions>();
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::shared_ptr<counting_entropy> entropy = std::make_shared<counting_entropy>();
  std::shared_ptr<actors::session_cache> cache =
    std::make_shared<actors::session_cache>(actors::session_cache::limits{});
  std::shared_ptr<actors::health_board> health;
  actor_bench bench;
  actors::edge under_test;
};

/// The code of the only answer, none when it is no error.
template <class Answer>
[[nodiscard]] events::errc code_in(const std::vector<caf::expected<Answer>>& got) {
  return got.at(0) ? events::errc::none : events::code_of(got.at(0).error());
}

} // namespace sonicmatch::tests
