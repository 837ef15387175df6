#pragma once

#include "events/record/declaration.hpp"

#include <string>
#include <string_view>
#include <vector>

/// What a model is asked to answer, declared once: the schema that goes out
/// (reply_schema.hpp) and the check of what comes back (reply_reader.hpp) are made from
/// it. Of its own, not the events' records: a change here is a new prompt_version, a
/// change there a new version of an event.
namespace sonicmatch::actors::language_model::form {

/// The longest texts that are accepted, in bytes; the events allow more.
inline constexpr std::size_t explanation_bytes_max = 1'200;
inline constexpr std::size_t item_bytes_max = 200;
inline constexpr std::size_t items_max = 6;
inline constexpr std::size_t notes_max = 5;
inline constexpr std::size_t note_bytes_max = 300;
inline constexpr std::size_t detailed_bytes_max = 4'000;

struct part_scores {
  double genre_match = 0;
  double sound_profile = 0;
  double use_case = 0;
  double budget = 0;
  double feature_match = 0;

  static constexpr std::string_view record_name = "scores";
  static constexpr auto declaration() {
    using record = part_scores;
    using events::record::field;
    return events::record::fields(
      field("genre_match", &record::genre_match).range(0, 1).doc("How well it suits the music"),
      field("sound_profile", &record::sound_profile).range(0, 1).doc("How well it meets the wished sound"),
      field("use_case", &record::use_case).range(0, 1).doc("How well it suits use and place"),
      field("budget", &record::budget).range(0, 1).doc("How well the money is spent"),
      field("feature_match", &record::feature_match).range(0, 1).doc("How well its features help"));
  }
};

struct pick {
  std::string headphone;
  double overall_score = 0;
  part_scores scores;
  std::string explanation;
  std::vector<std::string> personalized_pros;
  std::vector<std::string> personalized_cons;
  std::vector<std::string> match_highlights;

  static constexpr std::string_view record_name = "match";
  static constexpr auto declaration() {
    using record = pick;
    using events::record::field;
    return events::record::fields(
      field("headphone", &record::headphone)
        .size(1, 80)
        .doc("The slug of one of the candidates, each at most once"),
      field("overall_score", &record::overall_score)
        .range(0, 1)
        .doc("How well it serves the wishes as a whole"),
      field("scores", &record::scores),
      field("explanation", &record::explanation)
        .size(1, explanation_bytes_max)
        .doc("Why this one, for this person: two to four sentences"),
      field("personalized_pros", &record::personalized_pros)
        .size(0, items_max)
        .item_size(item_bytes_max)
        .doc("What speaks for it, for this person: two to four short phrases"),
      field("personalized_cons", &record::personalized_cons)
        .size(0, items_max)
        .item_size(item_bytes_max)
        .doc("What honestly speaks against it, for this person: one to three short phrases"),
      field("match_highlights", &record::match_highlights)
        .size(0, items_max)
        .item_size(item_bytes_max)
        .doc("The facts that decided: two to four phrases of a few words"));
  }
};

struct picks {
  std::vector<pick> matches;
  std::vector<std::string> notes;

  static constexpr std::string_view record_name = "recommendation";
  static constexpr auto declaration() {
    using record = picks;
    using events::record::field;
    return events::record::fields(
      field("matches", &record::matches)
        .size(1, 100)
        .doc("As many as max_results says, in descending order of overall_score"),
      field("notes", &record::notes)
        .size(0, notes_max)
        .item_size(note_bytes_max)
        .doc("Sentences about wishes that could not be met or understood; usually none"));
  }
};

struct detailed_text {
  std::string detailed_explanation;

  static constexpr std::string_view record_name = "explanation";
  static constexpr auto declaration() {
    using record = detailed_text;
    using events::record::field;
    return events::record::fields(field("detailed_explanation", &record::detailed_explanation)
                                    .size(1, detailed_bytes_max)
                                    .doc("Why this pick, for this person: 120 to 220 words"));
  }
};

} // namespace sonicmatch::actors::language_model::form
