#pragma once

#include "actors/health_board.hpp"
#include "actors/language_model/answer_cache.hpp"
#include "actors/language_model/circuit_breaker.hpp"
#include "actors/language_model/daily_budget.hpp"
#include "actors/language_model/fair_queue.hpp"
#include "actors/language_model/gateway_board.hpp"
#include "actors/language_model/interfaces.hpp"
#include "actors/ports/clock.hpp"
#include "actors/ports/logger.hpp"

#include <deque>
#include <memory>
#include <set>
#include <unordered_map>
#include <vector>

namespace sonicmatch::actors::language_model {

/// The bounds that the gateway of a process keeps.
struct gateway_settings {
  std::size_t in_flight_max = 100;      ///< calls under way and places kept for calls, together
  std::size_t queue_max = 2'000;        ///< of those who wait for a place; more are refused: queue_full
  events::micro_dollars budget_per_day; ///< from midnight to midnight, UTC, of all processes; 0: no limit
  circuit_breaker::limits breaker;      ///< when a model counts as down, and for how long
  answer_cache::limits cache;           ///< how many answers are kept, and for how long
  std::int32_t partition_count = 32;    ///< of the events topic, which a budget makes it read
};

/// What the gateway works with. All outlive the actor.
struct gateway_parts {
  gateway_settings settings;
  std::shared_ptr<const language_model::provider> provider;
  std::shared_ptr<ports::http_client> client;
  std::shared_ptr<ports::clock> clock;
  std::shared_ptr<ports::logger> logger;
  std::shared_ptr<health_board> health;
  std::shared_ptr<gateway_board> board;
  /// Only a budget needs them: what others spend is read in the log, and what was spent
  /// before in the read model.
  std::shared_ptr<ports::log_reader> reader = nullptr;
  /// Asks the read model for what was spent from `since` on; never blocks.
  std::function<void(events::timestamp since,
                     std::function<void(caf::expected<ports::spending_reader::spending>)>)>
    find_spending = nullptr;
};

/// All calls of a process go through this actor: it bounds how many are under way,
/// lets partitions take turns, asks one question once at a time and not again for a
/// while, keeps the day's budget, and keeps calls away from a model that is down.
/// What is asked, and what follows from a reply, is the asker's. One per process;
/// scheduled.
///
/// Guarantee: an admitted asker has a place until it makes its call or withdraws; a
/// call's outcome is told once. With a budget, no call is admitted before it is known
/// what has been spent: those who ask wait a moment for it, and are refused then; calls under way count with
/// what they may cost at most, but two processes that admit a call within a moment of the log may overshoot
/// it together.
class gateway_state {
public:
  explicit gateway_state(language_model_gateway::pointer self)
    : self_(self) {}

  void begin(gateway_parts parts);
  void admit(const ask_admission& asked);
  void make(make_call wanted);
  void settle(const settle_question& done);
  void forget(const withdraw& asked);
  void cancel_all();
  void answered(const http_answered& report);
  void read_spending(const spending_batch& arrived);
  void found_spending(const spending_found& report);
  void caught_up(const spending_caught_up& at);
  void tick();
  void owner_ended(const caf::actor_addr& owner);

private:
  struct flight { ///< a question that is being asked
    ask_admission leader;
    std::deque<ask_admission> others;
  };
  /// Who goes, and of what they asked: all of an owner's, or one request of it.
  struct departure {
    explicit departure(caf::actor_addr whose)
      : owner(std::move(whose)) {}
    explicit departure(const withdraw& asked)
      : stream(asked.stream)
      , generation(asked.generation) {}
    explicit departure(const ask_admission& asked)
      : stream(asked.stream)
      , generation(asked.generation) {}

    [[nodiscard]] bool concerns(const ask_admission& each) const {
      return owner ? each.owner == owner : each.stream == stream && each.generation == generation;
    }

    caf::actor_addr owner;
    events::stream_id stream;
    std::uint64_t generation = 0;
  };
  struct call_under_way {
    partition_owner owner;
    events::timestamp sent_at;
    ports::http_client::ticket ticket = 0;
    bool tries_the_model = false; ///< the breaker let it through to see
  };

  void enqueue(const ask_admission& asked);
  void serve_queue();
  [[nodiscard]] std::string refusal_of(const ask_admission& asked, events::timestamp now);
  void refuse(const ask_admission& asked, const std::string& reason);
  void leave(const departure& who);
  void leave_flights(const departure& who);
  [[nodiscard]] std::string trouble() const;
  void answer_with(const ask_admission& asked, answer_ptr answer);
  void tell_breaker(const call_under_way& call, const call_outcome& outcome);
  void count(const call_outcome& outcome, std::chrono::milliseconds latency);
  void ask_for_spending();
  void follow_spending(const std::vector<ports::spending_reader::progress>& from);
  void take_in(const std::string& value);
  void watch(const partition_owner& owner);
  void report();

  language_model_gateway::pointer self_;
  gateway_parts parts_;
  circuit_breaker breaker_;
  daily_budget budget_;
  answer_cache cache_{{}};
  fair_queue<partition_id, ask_admission> queue_{0};
  std::unordered_map<std::string, flight> flights_;              ///< by question
  std::unordered_map<events::stream_id, ask_admission> granted_; ///< places kept
  std::unordered_map<events::call_id, call_under_way> under_way_;
  std::set<caf::actor_addr> watched_;
  std::vector<std::unique_ptr<ports::log_reader::subscription>> tails_;
  std::optional<events::stream_id> trying_; ///< the breaker let it through to see; not sent yet
  std::set<partition_id> behind_;           ///< partitions whose tails have not been at the end yet
  bool spending_is_known_ = false;
  events::timestamp sum_awaited_until_;
  bool asks_again_ = false; ///< for what was spent, at the next tick
  std::string said_of_health_;
  gateway_figures figures_;
};

language_model_gateway::behavior_type
language_model_gateway_actor(language_model_gateway::stateful_pointer<gateway_state> self,
                             gateway_parts parts);

} // namespace sonicmatch::actors::language_model
