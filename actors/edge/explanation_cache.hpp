#pragma once

#include "actors/interfaces.hpp"

#include <list>
#include <optional>
#include <unordered_map>

namespace sonicmatch::actors {

/// What an explanation is about: one pick of one session.
struct explained_pick {
  events::session_id session;
  events::headphone_id headphone;

  auto operator<=>(const explained_pick&) const = default;
};

[[nodiscard]] inline explained_pick pick_of(const explanation_answer& answer) noexcept {
  return {answer.session, answer.headphone};
}

/// Whether the explanation is one to keep: complete, and by whom it was meant to be.
/// Any other is asked for anew.
[[nodiscard]] inline bool is_good(const explanation_answer& answer) noexcept {
  return answer.status == events::explanation::document_status::complete && !answer.degraded;
}

/// The explanation after a terminal event in a record of the events topic. Errors:
/// those of events::decode_event; invalid_record for any other event.
[[nodiscard]] caf::expected<explanation_answer> explanation_of(std::string_view value);

/// The explanation of which only the command is known.
[[nodiscard]] explanation_answer pending_explanation(const explained_pick& pick,
                                                     const events::explanation_id& id,
                                                     const std::optional<events::user_id>& owner,
                                                     events::timestamp created_at);

/// Good explanations lately seen in the tails or the read model, bounded in bytes.
/// They never change while their session is there, so they have no age. Owned and used by the edge actor.
class explanation_cache {
public:
  explicit explanation_cache(std::size_t bytes_max) noexcept
    : bytes_max_(bytes_max) {}
  explanation_cache(const explanation_cache&) = delete;
  explanation_cache& operator=(const explanation_cache&) = delete;

  /// Keeps a good explanation, in the place of an older one of the same pick. The
  /// ones that were used least lately leave when there are too many bytes.
  void put(explanation_answer answer);

  /// Forgets all explanations of a session.
  void forget(const events::session_id& session);

  [[nodiscard]] std::optional<explanation_answer> find(const explained_pick& pick);

  [[nodiscard]] std::size_t bytes() const noexcept {
    return bytes_;
  }

private:
  using answers = std::list<explanation_answer>;
  struct hash_of_pick {
    std::size_t operator()(const explained_pick& pick) const noexcept {
      return std::hash<events::session_id>{}(pick.session) * 31
             + std::hash<events::headphone_id>{}(pick.headphone);
    }
  };

  static std::size_t size_of(const explanation_answer& held) noexcept;
  void remove(answers::iterator old);

  std::size_t bytes_max_;
  answers newest_first_;
  std::unordered_map<explained_pick, answers::iterator, hash_of_pick> by_pick_;
  std::size_t bytes_ = 0;
};

} // namespace sonicmatch::actors
