#pragma once

#include "actors/catalog/catalog_view.hpp"
#include "actors/language_model/answer.hpp"
#include "actors/language_model/provider.hpp"
#include "events/explanation/comparison.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::actors {

/// What is put to the language model for one request, and what its replies are
/// checked against.
struct prepared_question {
  std::shared_ptr<const catalog_edition> edition; ///< null for an explanation
  std::vector<heuristic::candidate> candidates;   ///< pointing into the edition; none for an explanation
  std::size_t results = 0;                        ///< how many picks are wanted
  std::vector<events::explanation::comparison_point> points; ///< of an explanation
  std::string text;                                          ///< the user's turn
  std::string hash;                                          ///< the same for the same question
  std::shared_ptr<const std::string> opening;                ///< of its requests
};

/// What of a reply was accepted.
struct judged_reply {
  events::call_id call;
  std::string engine; ///< who replied: provider/model, as it was asked for
  int prompt_version = 0;
  std::vector<events::session::match> matches;
  std::vector<std::string> notes;
  std::string explanation;
  std::vector<std::string> reasons; ///< empty: all that was asked for is there
  language_model::stop_reason stopped = language_model::stop_reason::finished;
};

/// What the owner of a partition does about an open request, here and now. It is lost
/// with the process: what must outlive it is in the log, and it is made again from there.
struct inquiry {
  enum class stage : std::uint8_t {
    idle,      ///< nothing is under way: what comes next is to be decided
    admission, ///< the gateway has been asked for a call
    starting,  ///< the call's beginning is on its way to the log
    calling    ///< the call is being made
  };

  stage at = stage::idle;
  std::shared_ptr<const prepared_question> question;
  events::language_model::purpose next = events::language_model::purpose::answer; ///< of the call asked for
  /// The gateway has others wait for this answer.
  bool asks_for_others = false;
  /// The call shows whether the model is back; nobody waits for what it brings.
  bool is_trial = false;
  std::vector<judged_reply> replies;            ///< those that were judged, in the order they came
  std::optional<events::timestamp> retry_at;    ///< when a failed call is made again
  std::optional<events::call_id> retry_is_for;  ///< the failed call it was drawn for
  std::optional<std::string> refused;           ///< the gateway said no
  language_model::answer_ptr answer_of_another; ///< the gateway knows the answer

  [[nodiscard]] const judged_reply* find(const events::call_id& call) const noexcept;
  /// The newest reply, or nullptr.
  [[nodiscard]] const judged_reply* newest() const noexcept {
    return replies.empty() ? nullptr : &replies.back();
  }
  /// The reply of which most was accepted, a whole one above all; nullptr when there is none.
  [[nodiscard]] const judged_reply* best() const noexcept;
};

} // namespace sonicmatch::actors
