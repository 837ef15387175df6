#pragma once

#include "events/explanation/comparison.hpp"
#include "events/language_model/events.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <string>
#include <variant>
#include <vector>

namespace sonicmatch::events {
/// A stream of its own: one explanation that was asked for.
using explanation_id = uuid_id<struct explanation_tag>;
} // namespace sonicmatch::events

/// What can be asked of an explanation.
namespace sonicmatch::events::explanation {

/// Explain one pick of a session. It carries what an answer needs, so that whoever
/// owns the partition can answer without knowing the session.
struct request_explanation {
  explanation_id id;
  headphone_id headphone; ///< one of `matches`
  session::preferences preferences;
  std::vector<session::match> matches; ///< the session's picks, in order of rank
  timestamp deadline;

  bool operator==(const request_explanation&) const = default;

  static constexpr std::string_view record_name = "request_explanation";
  static constexpr std::string_view type_name = "sonicmatch.request_explanation.v1";
  static constexpr auto declaration() {
    using record::field;
    using c = request_explanation;
    return record::fields(field("explanation_id", &c::id),
                          field("headphone_id", &c::headphone).doc("the pick to explain"),
                          field("preferences", &c::preferences).doc("what the session was asked for"),
                          field("matches", &c::matches).size(1, 100).doc("the session's picks"),
                          field("deadline", &c::deadline).doc("when an answer is of no more use"));
  }

  /// The headphone is among the matches.
  static void check(const request_explanation& value, const std::string& at, record::violations& wrong);
};

/// The commands that travel.
using command = std::variant<request_explanation>;

/// Ends an explanation. Given by the recommender to itself; it never travels.
struct complete_explanation {
  std::string detailed_explanation;
  std::vector<comparison_point> comparison_points;
  std::string engine;
  bool degraded = false;
  std::optional<std::string> degraded_reason;
  std::optional<int> prompt_version;
};

struct fail_explanation {
  std::string code;
  std::string detail;
};

} // namespace sonicmatch::events::explanation
