#pragma once

#include "events/language_model/events.hpp"

#include <optional>
#include <vector>

namespace sonicmatch::events::language_model {

/// A call is to be made. Given by the recommender to itself; it never travels.
struct start_call {
  language_model::purpose purpose = purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  std::string request_hash;
  timestamp deadline;
  micro_dollars reserved;
};

/// One call as far as the log knows it.
struct call {
  call_id id;
  int attempt = 1;
  language_model::purpose purpose = purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  timestamp deadline;
  std::optional<fact> outcome;

  bool operator==(const call&) const = default;
};

[[nodiscard]] const call_id& call_of(const fact& happened) noexcept;

/// The calls made for one request: a fold of its call events. Pure.
class call_journal {
public:
  /// The event that begins the next call for `command`. Changes nothing.
  [[nodiscard]] language_model_call_started next(const command_id& command, start_call asked,
                                                 timestamp requested_at) const;

  /// A call was started. One that is known changes nothing.
  void apply(const language_model_call_started& happened);

  /// A call has its outcome; the first counts. Returns whether it was news.
  bool apply(const fact& happened);

  /// In order of their attempts.
  [[nodiscard]] const std::vector<call>& calls() const noexcept {
    return calls_;
  }
  /// The newest, or nullptr.
  [[nodiscard]] const call* newest() const noexcept {
    return calls_.empty() ? nullptr : &calls_.back();
  }
  [[nodiscard]] const call* find(const call_id& id) const noexcept;

  [[nodiscard]] calls_summary summary() const;

  /// Of the newest call's question; nothing when there was no call.
  [[nodiscard]] std::optional<int> prompt_version() const;

  bool operator==(const call_journal&) const = default;

private:
  std::vector<call> calls_;
};

} // namespace sonicmatch::events::language_model
