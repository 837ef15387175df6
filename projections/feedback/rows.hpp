#pragma once

#include "events/feedback/events.hpp"

#include <optional>
#include <string>

/// The read model `feedback`: one row for each thing that somebody did with a pick.
namespace sonicmatch::projections::feedback {

struct feedback_row {
  events::feedback_id id;
  events::session_id session;
  std::optional<events::user_id> user; ///< whose session it is
  events::headphone_id headphone;
  std::string slug;
  int rank = 0; ///< of the pick in its session
  double overall_score = 0;
  events::feedback::kind kind = events::feedback::kind::viewed;
  std::optional<int> rating;
  events::timestamp created_at;
  events::log_position position;

  bool operator==(const feedback_row&) const = default;
};

} // namespace sonicmatch::projections::feedback
