#pragma once

#include "actors/language_model/provider.hpp"
#include "events/explanation/comparison.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <string>
#include <string_view>
#include <vector>

/// "Why this one?": what a model is asked, what of its answer is accepted, and the answer
/// that needs no model. The explained headphone is one of `matches`.
namespace sonicmatch::actors::language_model {

/// The user's turn, which is JSON and nothing else:
/// {"wishes":{…},"explain":"slug","pick":{…},"others":[…],"comparison":[…]}.
[[nodiscard]] std::string explanation_question(
  const events::session::preferences& wanted, const std::vector<events::session::match>& matches,
  const events::headphone_id& explained, const std::vector<events::explanation::comparison_point>& points);

/// What of a reply to explanation_question() is accepted.
struct checked_explanation {
  std::string text;                 ///< one paragraph; empty when it is not accepted
  std::vector<std::string> reasons; ///< for the model; empty when it is
};

/// Checks a reply to explanation_question(), as lenient in form and as strict in content
/// as check_recommendation(). Nothing is thrown, whatever the reply holds.
[[nodiscard]] checked_explanation check_explanation(std::string_view reply_text, stop_reason stopped);

/// The explanation without a model: the pick's own text, what the figures make of the
/// wishes, what speaks for and against it, and how it compares. At most 8,000 bytes, which
/// is what the event takes.
[[nodiscard]] std::string heuristic_explanation(
  const events::session::preferences& wanted, const std::vector<events::session::match>& matches,
  const events::headphone_id& explained, const std::vector<events::explanation::comparison_point>& points);

} // namespace sonicmatch::actors::language_model
