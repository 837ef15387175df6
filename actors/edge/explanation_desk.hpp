#pragma once

#include "actors/edge/explanation_cache.hpp"

#include <map>
#include <vector>

namespace sonicmatch::actors {

/// Somebody who asks for an explanation.
struct explanation_request {
  explained_pick pick;
  bool wait = true;
  std::string traceparent;
  answer_explanation answer;
  std::optional<events::user_id> asker{};
};

/// Which explanations an edge knows, which are being made, and who waits for those:
/// so that one pick is explained once, however many ask. Owned and used by the edge
/// actor, whose clock it is told; it calls the answers.
class explanation_desk {
public:
  struct limits {
    std::size_t bytes_max = 8u << 20;       ///< of the explanations kept
    std::size_t in_flight_max = 10'000;     ///< explanations being made
    std::chrono::seconds unclaimed_max{60}; ///< how long a poor answer waits for who was told to come back
  };

  explicit explanation_desk(limits bounds)
    : bounds_(bounds)
    , known_(bounds.bytes_max) {}

  /// Serves the request from what is known or being made; false when there is neither.
  /// What belongs to somebody else is not_found.
  /// It then waits until `give_up_at` at most.
  [[nodiscard]] bool serve(const explanation_request& asked, events::timestamp give_up_at);

  [[nodiscard]] bool is_full() const noexcept {
    return in_flight_.size() >= bounds_.in_flight_max;
  }

  /// Notes that the explanation `id` of a session of `owner` is being made, until
  /// `deadline`, for the request, and for who asks for the same meanwhile.
  void open(const events::explanation_id& id, const explanation_request& asked,
            const std::optional<events::user_id>& owner, events::timestamp now, events::timestamp deadline,
            events::timestamp give_up_at);

  /// The command's delivery report.
  void delivered(const explanation_delivered& report);

  /// An explanation has ended, whoever asked for it.
  void ended(const explanation_answer& answer, events::timestamp now);

  /// Notes what the read model knows; keeps it if it is good.
  void put(explanation_answer answer);

  /// The session is not there any more: forgets its explanations, and tells `reason` to
  /// whoever waits for one.
  void forget(const events::session_id& session, const caf::error& reason);

  /// Answers those whose time is over with what is known: accepted, not done. An
  /// explanation is still being made then, and who asks again joins it.
  void expire(events::timestamp now);

  /// Nobody waits longer than until `latest`.
  void hasten(events::timestamp latest);

  /// Whether there is anything that expire() may have to look at.
  [[nodiscard]] bool is_idle() const noexcept {
    return in_flight_.empty();
  }

private:
  struct waiter {
    answer_explanation answer;
    bool wait = true;
    events::timestamp give_up_at;
  };
  struct in_flight {
    events::explanation_id id;
    std::optional<events::user_id> owner;
    events::timestamp created_at;
    events::timestamp forget_at; ///< when nobody waits
    bool durable = false;
    std::vector<waiter> waiters;
    /// How it ended, when that is not worth keeping and nobody was there to be told.
    std::optional<explanation_answer> unclaimed;
  };
  using explanations = std::map<explained_pick, in_flight>;

  limits bounds_;
  explanation_cache known_;
  explanations in_flight_;
};

} // namespace sonicmatch::actors
