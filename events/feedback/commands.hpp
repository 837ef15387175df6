#pragma once

#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <array>
#include <optional>
#include <string>
#include <variant>

namespace sonicmatch::events {
/// A stream of its own: what somebody said or did about one pick, once.
using feedback_id = uuid_id<struct feedback_tag>;
} // namespace sonicmatch::events

/// What can be asked of feedback.
namespace sonicmatch::events::feedback {

/// What somebody did with a pick.
enum class kind : std::uint8_t { viewed, clicked, saved, purchased, dismissed, rated };
constexpr auto names(kind) {
  return std::array<std::string_view, 6>{"viewed", "clicked", "saved", "purchased", "dismissed", "rated"};
}

inline constexpr int rating_max = 5;

/// Appends what is wrong with a rating under `at`: it belongs to the kind `rated`, and to
/// no other.
void check_rating(feedback::kind kind, const std::optional<int>& rating, const std::string& at,
                  record::violations& wrong);

/// Keep what somebody did with one pick of a session. It carries what the pick was, so
/// that nobody who counts feedback has to look the session up.
struct record_feedback {
  feedback_id id;
  headphone_id headphone;
  std::string slug;
  int rank = 0;             ///< of the pick in its session
  double overall_score = 0; ///< likewise
  feedback::kind kind = feedback::kind::viewed;
  std::optional<int> rating;

  bool operator==(const record_feedback&) const = default;

  static constexpr std::string_view record_name = "record_feedback";
  static constexpr std::string_view type_name = "sonicmatch.record_feedback.v1";
  static constexpr auto declaration() {
    using record::field;
    using c = record_feedback;
    return record::fields(
      field("feedback_id", &c::id), field("headphone_id", &c::headphone), field("slug", &c::slug).size(1, 80),
      field("rank", &c::rank).range(1, 100).doc("of the pick in its session"),
      field("overall_score", &c::overall_score).range(0, 1).doc("of the pick"), field("kind", &c::kind),
      field("rating", &c::rating).range(1, rating_max).doc("present when it was rated"));
  }

  static void check(const record_feedback& value, const std::string& at, record::violations& wrong) {
    check_rating(value.kind, value.rating, at, wrong);
  }
};

/// The commands that travel.
using command = std::variant<record_feedback>;

} // namespace sonicmatch::events::feedback
