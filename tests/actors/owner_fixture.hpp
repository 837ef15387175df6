#pragma once

#include "actors/recommender/partition_owner.hpp"
#include "events/codec.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/session_records.hpp"

namespace sonicmatch::tests {

/// The owner of partition 0 between recording ports.
struct owner_fixture {
  explicit owner_fixture(std::size_t open_max = 100, bool has_catalog = true)
    : open_limit(std::make_shared<actors::admission>(open_max)) {
    if (has_catalog)
      publish_catalog();
    parts.producer = producer;
    parts.reader = reader;
    parts.clock = clock;
    parts.logger = logger;
    parts.catalog = catalog;
    parts.open_limit = open_limit;
    parts.health = health;
  }

  void publish_catalog() {
    catalog->publish(std::make_shared<const events::catalog::snapshot>(
      std::vector{sample_headphone("a"), sample_headphone("b")}, 7));
  }

  /// Given the partition, as the group does.
  void assign(ports::assignment given = {}) {
    under_test = bench.spawn(actors::partition_owner_actor, parts, consumer, given);
    bench.settle();
  }

  /// The claim is in the log at `token`, and so is what stands before it.
  void own(std::int64_t token = 100, std::vector<ports::log_record> history = {}) {
    deliver(producer->calls.size() - 1, token);
    history.push_back(claim_record(token));
    replay(std::move(history));
  }

  /// Gives history; no command is from before the claim.
  void replay(std::vector<ports::log_record> history) {
    for (auto& question : std::exchange(reader->ends, {}))
      question.answer(log_offset{0});
    reader->follows.back().out.on_batch(batch_of(std::move(history)));
    bench.settle();
  }

  void give(std::vector<ports::log_record> commands) {
    std::vector<std::uint32_t> indexes;
    for (std::uint32_t i = 0; i < commands.size(); ++i)
      indexes.push_back(i);
    bench.tell(under_test, actors::owned_commands{batch_of(std::move(commands)), std::move(indexes)});
  }

  void deliver(std::size_t n, std::int64_t offset) {
    producer->deliver(n, offset);
    bench.settle();
  }
  void fail(std::size_t n) {
    producer->fail(n);
    bench.settle();
  }
  void advance(std::chrono::milliseconds time) {
    clock->time += time;
    bench.advance(time);
  }
  void hand_off() {
    bench.tell(under_test, actors::hand_off_partition{});
  }

  /// The types of what was appended from the n-th on, without the project's name and version.
  [[nodiscard]] std::vector<std::string> appended(std::size_t from = 0) const {
    std::vector<std::string> out;
    for (auto i = from; i < producer->calls.size(); ++i) {
      const auto& call = producer->calls[i];
      auto type = call.type();
      out.push_back(call.record.topic == "sonicmatch.dead-letters" ? "dead_letter"
                                                                   : type.substr(11, type.size() - 14));
    }
    return out;
  }

  std::shared_ptr<recording_producer> producer = std::make_shared<recording_producer>();
  std::shared_ptr<recording_reader> reader = std::make_shared<recording_reader>();
  std::shared_ptr<recording_logger> logger = std::make_shared<recording_logger>();
  std::shared_ptr<recording_consumer> consumer = std::make_shared<recording_consumer>();
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::shared_ptr<actors::catalog_view> catalog = std::make_shared<actors::catalog_view>();
  std::shared_ptr<actors::health_board> health = std::make_shared<actors::health_board>();
  std::shared_ptr<actors::admission> open_limit;
  actors::recommender_parts parts;
  actor_bench bench;
  actors::partition_owner under_test;
};

} // namespace sonicmatch::tests
