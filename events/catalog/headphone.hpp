#pragma once

#include "events/catalog/vocabulary.hpp"
#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>
#include <vector>

/// A headphone as the catalog's file, topic and table hold it. What each field
/// means, the formulas behind the measured ones and their sources:
/// seeds/README.md.
namespace sonicmatch::events::catalog {

/// How a headphone sounds, 0 to 1 each; 0.5 is on target. Bass, mids and treble
/// are measured; soundstage and detail are editorial.
struct sound_signature {
  double bass = 0.5;
  double mids = 0.5;
  double treble = 0.5;
  double soundstage = 0.5;
  double detail = 0.5;

  bool operator==(const sound_signature&) const = default;

  static constexpr std::string_view record_name = "sound_signature";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(
      field("bass", &sound_signature::bass).range(0, 1).doc("measured; 0.5 is on target, more is louder"),
      field("mids", &sound_signature::mids).range(0, 1).doc("measured; 0.5 is on target"),
      field("treble", &sound_signature::treble).range(0, 1).doc("measured; 0.5 is on target"),
      field("soundstage", &sound_signature::soundstage).range(0, 1).doc("editorial; how wide it sounds"),
      field("detail", &sound_signature::detail).range(0, 1).doc("editorial; how much detail it shows"));
  }
};

/// Mean error against the target per band, dB; positive is louder.
struct band_deviation {
  double sub_bass = 0;
  double bass = 0;
  double mids = 0;
  double upper_mids = 0;
  double treble = 0;
  double presence = 0;
  double air = 0;

  bool operator==(const band_deviation&) const = default;

  static constexpr std::string_view record_name = "band_deviation";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(
      field("sub_bass", &band_deviation::sub_bass).range(-40, 40).doc("20 to 60 Hz, dB"),
      field("bass", &band_deviation::bass).range(-40, 40).doc("60 to 250 Hz, dB"),
      field("mids", &band_deviation::mids).range(-40, 40).doc("250 to 2000 Hz, dB"),
      field("upper_mids", &band_deviation::upper_mids).range(-40, 40).doc("2 to 4 kHz, dB"),
      field("treble", &band_deviation::treble).range(-40, 40).doc("4 to 10 kHz, dB"),
      field("presence", &band_deviation::presence).range(-40, 40).doc("5 to 10 kHz, dB"),
      field("air", &band_deviation::air).range(-40, 40).doc("10 to 20 kHz, dB; a rough hint"));
  }
};

/// The bands behind the three measured scores, dB.
struct combined_deviation {
  double bass = 0;
  double mids = 0;
  double treble = 0;

  bool operator==(const combined_deviation&) const = default;

  static constexpr std::string_view record_name = "combined_deviation";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(field("bass", &combined_deviation::bass).range(-40, 40),
                          field("mids", &combined_deviation::mids).range(-40, 40),
                          field("treble", &combined_deviation::treble).range(-40, 40));
  }
};

/// How far several measurers of the same model agree.
struct cross_source {
  int n_sources = 0;
  double bass_sd_db = 0;
  double mids_sd_db = 0;
  double treble_sd_db = 0;

  bool operator==(const cross_source&) const = default;

  static constexpr std::string_view record_name = "cross_source";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(field("n_sources", &cross_source::n_sources).range(2, 1000),
                          field("bass_sd_db", &cross_source::bass_sd_db).range(0, 40),
                          field("mids_sd_db", &cross_source::mids_sd_db).range(0, 40),
                          field("treble_sd_db", &cross_source::treble_sd_db).range(0, 40));
  }
};

struct measurement {
  band_deviation deviation_db;
  combined_deviation combined_db;
  double error_std_db = 0;
  double error_slope_db_per_ln_hz = 0;
  double preference_score = 0;
  std::string preference_model;
  bool preference_comparable = false;
  catalog::confidence confidence = confidence::normal;
  std::optional<catalog::cross_source> cross_source;

  bool operator==(const measurement&) const = default;

  static constexpr std::string_view record_name = "measurement";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(
      field("deviation_db", &measurement::deviation_db), field("combined_db", &measurement::combined_db),
      field("error_std_db", &measurement::error_std_db).range(0, 40),
      field("error_slope_db_per_ln_hz", &measurement::error_slope_db_per_ln_hz).range(-40, 40),
      field("preference_score", &measurement::preference_score)
        .range(-200, 120)
        .doc("Olive's model on a smoothed curve; a hint, never a rank"),
      field("preference_model", &measurement::preference_model).size(1, 64),
      field("preference_comparable", &measurement::preference_comparable),
      field("confidence", &measurement::confidence), field("cross_source", &measurement::cross_source));
  }
};

/// Where the measured scores come from; the licence asks that it travels along.
struct signature_source {
  std::string kind;
  std::vector<std::string> fields;
  std::string measured_by;
  std::optional<std::string> variant;
  std::string via;
  std::string path;
  std::string commit;
  std::string target;

  bool operator==(const signature_source&) const = default;

  static constexpr std::string_view record_name = "signature_source";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(field("kind", &signature_source::kind).size(1, 32),
                          field("fields", &signature_source::fields).size(1, 8).item_size(32),
                          field("measured_by", &signature_source::measured_by).size(1, 64),
                          field("variant", &signature_source::variant).size(1, 128),
                          field("via", &signature_source::via).size(1, 200),
                          field("path", &signature_source::path).size(1, 300),
                          field("commit", &signature_source::commit).size(1, 64),
                          field("target", &signature_source::target).size(1, 200));
  }
};

struct sources {
  signature_source signature;
  std::string soundstage;
  std::string detail;
  std::string specs;
  std::string price;
  std::string genres;
  std::string use_cases;
  std::string pros_cons;

  bool operator==(const sources&) const = default;

  static constexpr std::string_view record_name = "sources";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(
      field("signature", &sources::signature), field("soundstage", &sources::soundstage).size(1, 200),
      field("detail", &sources::detail).size(1, 200), field("specs", &sources::specs).size(1, 200),
      field("price", &sources::price).size(1, 200), field("genres", &sources::genres).size(1, 200),
      field("use_cases", &sources::use_cases).size(1, 200),
      field("pros_cons", &sources::pros_cons).size(1, 200));
  }
};

struct headphone {
  std::string slug;
  std::string brand;
  std::string model;
  bool core = false;
  catalog::form_factor form_factor = form_factor::over_ear;
  catalog::back back = back::closed;
  catalog::driver driver = driver::dynamic;
  bool wireless = false;
  bool anc = false;
  bool microphone = false;
  std::optional<double> impedance_ohm;
  std::optional<double> sensitivity_db;
  std::optional<std::string> sensitivity_unit;
  std::optional<double> weight_g;
  std::optional<double> battery_hours;
  std::optional<int> release_year;
  usd msrp_usd;
  catalog::msrp_confidence msrp_confidence = msrp_confidence::high;
  usd price_usd;
  catalog::price_tier price_tier = price_tier::mid;
  catalog::sound_signature sound_signature;
  measurement measured;
  std::vector<genre> genres;
  std::vector<use_case> use_cases;
  std::vector<std::string> pros;
  std::vector<std::string> cons;
  catalog::sources sources;

  bool operator==(const headphone&) const = default;

  [[nodiscard]] headphone_id id() const {
    return headphone_id_of(slug);
  }

  static constexpr std::string_view record_name = "catalog_headphone";
  static constexpr auto declaration() {
    using record::field;
    using h = headphone;
    return record::fields(
      field("slug", &h::slug).size(1, 80), field("brand", &h::brand).size(1, 60),
      field("model", &h::model).size(1, 80), field("core", &h::core), field("form_factor", &h::form_factor),
      field("back", &h::back), field("driver", &h::driver), field("wireless", &h::wireless),
      field("anc", &h::anc), field("microphone", &h::microphone),
      field("impedance_ohm", &h::impedance_ohm).range(0.1, 2000),
      field("sensitivity_db", &h::sensitivity_db).range(40, 160),
      field("sensitivity_unit", &h::sensitivity_unit).size(1, 32),
      field("weight_g", &h::weight_g).range(0.5, 2000),
      field("battery_hours", &h::battery_hours).range(0.5, 500),
      field("release_year", &h::release_year).range(1950, 2100),
      field("msrp_usd", &h::msrp_usd).range(1, 100'000), field("msrp_confidence", &h::msrp_confidence),
      field("price_usd", &h::price_usd).range(1, 100'000), field("price_tier", &h::price_tier),
      field("sound_signature", &h::sound_signature), field("measured", &h::measured),
      field("genres", &h::genres).size(1, 12).unique(), field("use_cases", &h::use_cases).size(1, 8).unique(),
      field("pros", &h::pros).size(0, 8).item_size(200), field("cons", &h::cons).size(0, 8).item_size(200),
      field("sources", &h::sources));
  }

  /// What the fields owe each other, beyond each one's own rules.
  static void check(const headphone& value, const std::string& at, record::violations& wrong);
};

/// A headphone as answers and events show it: what a person chooses by, with the
/// measurer's name, and without the measurement's internals.
struct headphone_view {
  headphone_id id;
  std::string slug;
  std::string brand;
  std::string model;
  catalog::form_factor form_factor = form_factor::over_ear;
  catalog::back back = back::closed;
  catalog::driver driver = driver::dynamic;
  bool wireless = false;
  bool anc = false;
  bool microphone = false;
  std::optional<double> impedance_ohm;
  std::optional<double> weight_g;
  std::optional<double> battery_hours;
  std::optional<int> release_year;
  usd price_usd;
  usd msrp_usd;
  catalog::price_tier price_tier = price_tier::mid;
  catalog::sound_signature sound_signature;
  std::string measured_by;
  std::vector<genre> genres;
  std::vector<use_case> use_cases;
  std::vector<std::string> pros;
  std::vector<std::string> cons;

  bool operator==(const headphone_view&) const = default;

  static constexpr std::string_view record_name = "headphone";
  static constexpr auto declaration() {
    using record::field;
    using v = headphone_view;
    return record::fields(
      field("id", &v::id), field("slug", &v::slug).example(R"("sennheiser-hd-560s")"),
      field("brand", &v::brand), field("model", &v::model), field("form_factor", &v::form_factor),
      field("back", &v::back), field("driver", &v::driver), field("wireless", &v::wireless),
      field("anc", &v::anc), field("microphone", &v::microphone), field("impedance_ohm", &v::impedance_ohm),
      field("weight_g", &v::weight_g).doc("grams; for earbuds, one bud"),
      field("battery_hours", &v::battery_hours).doc("maker's rating, ANC on where there is ANC"),
      field("release_year", &v::release_year),
      field("price_usd", &v::price_usd).doc("typical recent selling price; what budgets are compared with"),
      field("msrp_usd", &v::msrp_usd).doc("launch list price in the US"), field("price_tier", &v::price_tier),
      field("sound_signature", &v::sound_signature),
      field("measured_by", &v::measured_by).doc("who measured bass, mids and treble; by AutoEq and OPRA"),
      field("genres", &v::genres), field("use_cases", &v::use_cases), field("pros", &v::pros),
      field("cons", &v::cons));
  }
};

[[nodiscard]] headphone_view view_of(const headphone& from);

} // namespace sonicmatch::events::catalog
