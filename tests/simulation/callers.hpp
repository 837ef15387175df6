#pragma once

#include "tests/simulation/process.hpp"

namespace sonicmatch::tests::simulation {

/// A request for a recommendation, and what its caller was told.
struct request {
  bool waits = false;
  std::optional<events::user_id> user; ///< who asks
  std::optional<std::string> key;      ///< its Idempotency-Key
  /// Of requests under one key: the same number, the same wishes.
  int wishes = 0;
  std::string asked_of;
  events::timestamp asked_at;
  int answers = 0;
  std::optional<caf::expected<actors::session_answer>> answer;
};

/// A question for a session, and what came back.
struct question {
  events::session_id id;
  bool id_is_known = true; ///< its command was confirmed before; else it was made up
  bool at_the_end = false; ///< asked after everything had healed
  std::string asked_of;
  std::optional<caf::expected<actors::session_answer>> answer;
};

/// A request to explain a pick, and what its caller was told.
struct explanation_request {
  events::session_id session;
  bool is_by_its_owner = true;
  std::string asked_of;
  int answers = 0;
  std::optional<caf::expected<actors::explanation_answer>> answer;
};

/// Feedback on a pick, and what its caller was told.
struct feedback_given {
  events::session_id session;
  bool is_by_its_owner = true;
  std::string kind;
  std::string asked_of;
  int answers = 0;
  std::optional<caf::expected<actors::feedback_answer>> answer;
};

/// A request to erase a session, and what its caller was told.
struct erasure {
  events::session_id session;
  bool is_by_its_owner = true;
  std::string asked_of;
  int answers = 0;
  std::optional<caf::error> answer;
};

/// The world's clients. A caller whose process dies never hears of it again.
class callers {
public:
  explicit callers(cluster& where)
    : cluster_(where) {}

  /// Asks for recommendations for random wishes.
  void request_recommendation(const process& of);

  /// The same under one of a few keys: mostly a repeat, and now and then for other
  /// wishes than the first under it.
  void request_under_some_key(const process& of);

  /// Asks for a session that was confirmed earlier, or for one that nobody has ever heard of.
  void ask_for_some_session(const process& of);
  void ask_for(const process& of, const events::session_id& id, bool at_the_end);

  /// Asks for the reasons of a pick, of some session that was answered with any.
  void ask_to_explain(const process& of);

  /// Says something of a pick, of some session that was answered with any.
  void give_feedback(const process& of);

  /// Asks to erase a session that was confirmed earlier.
  void erase_some_session(const process& of);

  /// Sessions whose command some edge has confirmed.
  [[nodiscard]] std::vector<events::session_id> confirmed() const;
  [[nodiscard]] const std::deque<request>& requests() const noexcept {
    return requests_;
  }
  [[nodiscard]] const std::deque<question>& questions() const noexcept {
    return questions_;
  }
  [[nodiscard]] const std::deque<explanation_request>& explanations() const noexcept {
    return explanations_;
  }
  [[nodiscard]] const std::deque<feedback_given>& feedback() const noexcept {
    return feedback_;
  }
  [[nodiscard]] const std::deque<erasure>& erasures() const noexcept {
    return erasures_;
  }

private:
  [[nodiscard]] const actors::session_answer* some_with_picks() const;
  void send(const process& of, request& fresh, actors::submit_recommendation asked);

  cluster& cluster_;
  std::deque<request> requests_; ///< answers refer to these
  /// By owner and key, what was asked for first.
  std::map<std::pair<std::optional<events::user_id>, std::string>, actors::submit_recommendation> keyed_;
  std::deque<question> questions_;
  std::deque<explanation_request> explanations_;
  std::deque<feedback_given> feedback_;
  std::deque<erasure> erasures_;
};

} // namespace sonicmatch::tests::simulation
