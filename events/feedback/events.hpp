#pragma once

#include "events/feedback/commands.hpp"

/// What happens to feedback. Published: a change is a new version, an upcaster and a golden
/// file (tests/golden).
namespace sonicmatch::events::feedback {

/// Somebody did something with a pick: the first and only event of its stream.
struct feedback_recorded {
  feedback_id id;
  headphone_id headphone;
  std::string slug;
  int rank = 0;
  double overall_score = 0;
  feedback::kind kind = feedback::kind::viewed;
  std::optional<int> rating;

  bool operator==(const feedback_recorded&) const = default;

  static constexpr std::string_view record_name = "feedback_recorded";
  static constexpr std::string_view type_name = "sonicmatch.feedback_recorded.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = feedback_recorded;
    return record::fields(
      field("feedback_id", &e::id), field("headphone_id", &e::headphone), field("slug", &e::slug).size(1, 80),
      field("rank", &e::rank).range(1, 100).doc("of the pick in its session"),
      field("overall_score", &e::overall_score).range(0, 1).doc("of the pick"), field("kind", &e::kind),
      field("rating", &e::rating).range(1, rating_max).doc("present when it was rated"));
  }
};

using event = std::variant<feedback_recorded>;

} // namespace sonicmatch::events::feedback
