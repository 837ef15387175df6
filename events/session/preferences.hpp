#pragma once

#include "events/catalog/vocabulary.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>
#include <vector>

namespace sonicmatch::events::session {

/// What a person wants to hear, 0 to 1 each; 0.5 is neutral, absent is "no wish".
struct sound_preferences {
  std::optional<double> bass;
  std::optional<double> mids;
  std::optional<double> treble;
  std::optional<double> soundstage;
  std::optional<double> detail;

  bool operator==(const sound_preferences&) const = default;

  static constexpr std::string_view record_name = "sound_preferences";
  static constexpr auto declaration() {
    using record::field;
    using s = sound_preferences;
    return record::fields(field("bass", &s::bass).range(0, 1), field("mids", &s::mids).range(0, 1),
                          field("treble", &s::treble).range(0, 1),
                          field("soundstage", &s::soundstage).range(0, 1),
                          field("detail", &s::detail).range(0, 1));
  }
};

/// What a headphone must have: hard constraints. Absent or null is "no matter".
struct requirements {
  std::vector<catalog::form_factor> types;
  std::optional<bool> wireless;
  std::optional<bool> anc;
  std::optional<catalog::back> back;
  std::optional<bool> microphone;

  bool operator==(const requirements&) const = default;

  static constexpr std::string_view record_name = "requirements";
  static constexpr auto declaration() {
    using record::field;
    using r = requirements;
    return record::fields(
      field("types", &r::types).size(0, 3).unique().defaulted().doc("any of these; empty is any"),
      field("wireless", &r::wireless), field("anc", &r::anc).doc("active noise cancelling"),
      field("back", &r::back), field("microphone", &r::microphone));
  }
};

/// What a person says they hear and can pay. Genres, use cases and the
/// environment are open text, because a language model understands "shoegaze";
/// the catalog's own words are events/catalog/vocabulary.hpp.
struct preferences {
  std::vector<std::string> genres;
  std::vector<std::string> favorite_artists;
  std::vector<std::string> favorite_tracks;
  session::sound_preferences sound_preferences;
  std::optional<usd> budget_min;
  std::optional<usd> budget_max;
  std::optional<std::string> primary_use_case;
  std::vector<std::string> secondary_use_cases;
  std::optional<std::string> listening_environment;
  session::requirements requirements;

  bool operator==(const preferences&) const = default;

  static constexpr std::string_view record_name = "preferences";
  static constexpr std::size_t fields_min = 1;
  static constexpr auto declaration() {
    using record::field;
    using p = preferences;
    return record::fields(
      field("genres", &p::genres).size(0, 20).item_size(64).defaulted().example(R"(["rock","jazz"])"),
      field("favorite_artists", &p::favorite_artists).size(0, 20).item_size(200).defaulted(),
      field("favorite_tracks", &p::favorite_tracks).size(0, 20).item_size(200).defaulted(),
      field("sound_preferences", &p::sound_preferences).defaulted(),
      field("budget_min", &p::budget_min).range(0, 100'000).doc("US dollars"),
      field("budget_max", &p::budget_max).range(0, 100'000).doc("US dollars; a hard limit"),
      field("primary_use_case", &p::primary_use_case).size(1, 64).example(R"("critical_listening")"),
      field("secondary_use_cases", &p::secondary_use_cases).size(0, 8).item_size(64).defaulted(),
      field("listening_environment", &p::listening_environment).size(1, 64).example(R"("home_quiet")"),
      field("requirements", &p::requirements).defaulted());
  }

  /// At least one wish, and a budget that can be met.
  static void check(const preferences& value, const std::string& at, record::violations& wrong);
};

} // namespace sonicmatch::events::session
