#pragma once

#include "actors/recommender/partition_owner.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_model.hpp"
#include "tests/actors/session_records.hpp"

namespace sonicmatch::tests {

/// An owner that only notes what it is told.
struct noting_owner {
  std::shared_ptr<std::vector<actors::call_admitted>> admitted =
    std::make_shared<std::vector<actors::call_admitted>>();
  std::shared_ptr<std::vector<actors::call_ended>> ended =
    std::make_shared<std::vector<actors::call_ended>>();
  actors::partition_owner actor;
};

struct gateway_fixture {
  explicit gateway_fixture(actors::language_model::gateway_settings settings = {}) {
    parts.settings = settings;
    parts.provider = sample_provider();
    parts.client = client;
    parts.clock = clock;
    parts.logger = logger;
    parts.health = health;
    parts.board = board;
    parts.reader = reader;
    parts.find_spending = [this](events::timestamp since, auto done) {
      asked_since.push_back(since);
      spending.push_back(std::move(done));
    };
    under_test = bench.spawn(actors::language_model::language_model_gateway_actor, parts);
    bench.settle();
  }

  noting_owner new_owner() {
    noting_owner out;
    out.actor =
      bench.spawn([out](actors::partition_owner::pointer) -> actors::partition_owner::behavior_type {
        return {
          [](const actors::owned_commands&) {},
          [](const actors::claim_partition&) {},
          [](const actors::claim_appended&) {},
          [](const actors::events_replayed&) {},
          [](const actors::commands_end_found&) {},
          [](const actors::record_appended&) {},
          [](const actors::owner_tick&) {},
          [out](const actors::call_admitted& told) { out.admitted->push_back(told); },
          [out](const actors::call_ended& told) { out.ended->push_back(told); },
          [](const actors::hand_off_partition&) {},
        };
      });
    return out;
  }

  static events::stream_id stream(std::uint8_t n) {
    return sample_id<events::stream_id>(n);
  }
  static events::call_id call(std::uint8_t n) {
    return sample_id<events::call_id>(n);
  }

  void ask(const noting_owner& owner, std::uint8_t n, const std::string& question = "",
           std::int32_t partition = 0, std::int64_t cost_max = 1'000) {
    bench.tell(under_test, actors::ask_admission{owner.actor,
                                                 0,
                                                 stream(n),
                                                 {partition},
                                                 call(n),
                                                 question,
                                                 {cost_max},
                                                 clock->time + std::chrono::seconds{58}});
  }
  void make(const noting_owner& owner, std::uint8_t n) {
    ports::http_request request;
    request.url = "http://model.test/v1/messages";
    bench.tell(under_test, actors::make_call{owner.actor, stream(n), call(n), std::move(request)});
  }
  void respond(std::size_t n, int status, const std::string& body) {
    client->respond(n, status, body);
    bench.settle();
  }
  void fail(std::size_t n, events::errc code) {
    client->fail(n, code);
    bench.settle();
  }
  /// The read model answers, and the tails read on to the log's end.
  void tell_spending(std::size_t n, ports::spending_reader::spending found) {
    spending.at(n)(std::move(found));
    bench.settle();
    for (auto& each : reader->follows)
      each.out.on_end(each.partition, each.from);
    bench.settle();
  }
  /// Five calls that fail open the breaker.
  void open_breaker(const noting_owner& owner) {
    for (std::uint8_t n = 100; n < 105; ++n) {
      ask(owner, n);
      make(owner, n);
      fail(client->calls.size() - 1, events::errc::peer_unreachable);
    }
    owner.admitted->clear();
    owner.ended->clear();
  }

  std::shared_ptr<recording_client> client = std::make_shared<recording_client>();
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  std::shared_ptr<recording_logger> logger = std::make_shared<recording_logger>();
  std::shared_ptr<recording_reader> reader = std::make_shared<recording_reader>();
  std::shared_ptr<actors::health_board> health = std::make_shared<actors::health_board>();
  std::shared_ptr<actors::language_model::gateway_board> board =
    std::make_shared<actors::language_model::gateway_board>();
  std::vector<events::timestamp> asked_since;
  std::vector<std::function<void(caf::expected<ports::spending_reader::spending>)>> spending;
  actors::language_model::gateway_parts parts;
  actor_bench bench;
  actors::language_model_gateway under_test;
};

} // namespace sonicmatch::tests
