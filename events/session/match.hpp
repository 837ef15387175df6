#pragma once

#include "events/catalog/headphone.hpp"
#include "events/record/declaration.hpp"

#include <string>
#include <vector>

namespace sonicmatch::events::session {

/// How well a headphone serves the wishes, 0 to 1 each.
struct scores {
  double overall = 0;
  double genre_match = 0;
  double sound_profile = 0;
  double use_case = 0;
  double budget = 0;
  double feature_match = 0;

  bool operator==(const scores&) const = default;

  static constexpr std::string_view record_name = "scores";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(
      field("overall", &scores::overall).range(0, 1), field("genre_match", &scores::genre_match).range(0, 1),
      field("sound_profile", &scores::sound_profile).range(0, 1),
      field("use_case", &scores::use_case).range(0, 1), field("budget", &scores::budget).range(0, 1),
      field("feature_match", &scores::feature_match).range(0, 1));
  }
};

/// One pick. It carries the headphone as it was when it was picked, so that the
/// event stays true when the catalog moves on.
struct match {
  int rank = 0;
  catalog::headphone_view headphone;
  double overall_score = 0;
  session::scores scores;
  std::string explanation;
  std::vector<std::string> personalized_pros;
  std::vector<std::string> personalized_cons;
  std::vector<std::string> match_highlights;

  bool operator==(const match&) const = default;

  static constexpr std::string_view record_name = "match";
  static constexpr auto declaration() {
    using record::field;
    using m = match;
    return record::fields(field("rank", &m::rank).range(1, 100).doc("1 is the best"),
                          field("headphone", &m::headphone),
                          field("overall_score", &m::overall_score).range(0, 1), field("scores", &m::scores),
                          field("explanation", &m::explanation).size(1, 4000),
                          field("personalized_pros", &m::personalized_pros).size(0, 10).item_size(400),
                          field("personalized_cons", &m::personalized_cons).size(0, 10).item_size(400),
                          field("match_highlights", &m::match_highlights).size(0, 10).item_size(400));
  }
};

/// The smallest change to one wish that would give matches.
struct relaxation {
  std::string field;
  record::json_text current;
  record::json_text suggested;
  int matches = 0;
  std::string detail;

  bool operator==(const relaxation&) const = default;

  static constexpr std::string_view record_name = "relaxation";
  static constexpr auto declaration() {
    using r = relaxation;
    return record::fields(
      record::field("field", &r::field).doc("what to change").example(R"("budget_max")"),
      record::field("current", &r::current).doc("as it was asked"),
      record::field("suggested", &r::suggested)
        .doc("the nearest value that gives matches; null is 'drop it'"),
      record::field("matches", &r::matches).range(1, 1'000'000).doc("how many headphones it would give"),
      record::field("detail", &r::detail).doc("the same, as a sentence"));
  }
};

} // namespace sonicmatch::events::session
