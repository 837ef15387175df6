#pragma once

#include "events/catalog/headphone.hpp"
#include "events/envelope.hpp"
#include "events/explanation/events.hpp"
#include "events/feedback/events.hpp"
#include "events/session/events.hpp"
#include "events/session/preferences.hpp"

#include <string>

/// Values that say nothing but are valid: a test takes one and changes what it is
/// about. They are constant, since golden files hold some of them.
namespace sonicmatch::tests {

/// 2026-11-22T14:15:39.000000Z and `later` after it.
[[nodiscard]] inline events::timestamp sample_time(std::chrono::milliseconds later = {}) {
  return *events::parse_timestamp("2026-11-22T14:15:39Z") + later;
}

/// The n-th of some valid ids, of any kind.
template <class Id>
[[nodiscard]] Id sample_id(std::uint8_t n = 1) {
  return {events::uuid_v7(sample_time(), {n, 0x22, 0x33, 0x44, 0x55, 0x66, 0x77, 0x88, 0x99, n})};
}

[[nodiscard]] inline events::catalog::headphone sample_headphone(std::string slug = "sennheiser-hd-560s") {
  using namespace events::catalog;
  headphone out;
  out.slug = std::move(slug);
  out.brand = "Sennheiser";
  out.model = "HD 560S";
  out.core = true;
  out.back = back::open;
  out.impedance_ohm = 120;
  out.sensitivity_db = 110;
  out.sensitivity_unit = "dB/V";
  out.weight_g = 240.5;
  out.release_year = 2020;
  out.msrp_usd = {199'95};
  out.price_usd = {179'00};
  out.price_tier = price_tier::mid;
  out.sound_signature = {0.319, 0.522, 0.416, 0.72, 0.72};
  out.measured.deviation_db = {-4.42, -0.53, 0.29, -0.04, -0.85, -1.47, 2.8};
  out.measured.combined_db = {-1.89, 0.17, -0.85};
  out.measured.error_std_db = 1.2;
  out.measured.error_slope_db_per_ln_hz = 0.115;
  out.measured.preference_score = 97.5;
  out.measured.preference_model = "olive_over_ear";
  out.measured.preference_comparable = true;
  out.measured.cross_source = cross_source{7, 0.94, 0.29, 0.77};
  out.genres = {genre::classical, genre::jazz};
  out.use_cases = {use_case::critical_listening, use_case::gaming};
  out.pros = {"Even, believable tuning"};
  out.cons = {"Leaks sound"};
  out.sources.signature = {"measured",
                           {"bass", "mids", "treble"},
                           "oratory1990",
                           std::nullopt,
                           "AutoEq parametric EQ carried by opra-project/OPRA",
                           "database/vendors/sennheiser/products/hd_560s/eq/autoeq_oratory1990/info.json",
                           "0b88ecd4e2bef7cf69fd5d50f1d06fb586c10865",
                           "Harman over-ear 2018 without bass + 6 dB low shelf"};
  out.sources.soundstage = out.sources.detail = out.sources.genres = "editorial";
  out.sources.use_cases = out.sources.pros_cons = "editorial";
  out.sources.specs = out.sources.price = "general knowledge";
  return out;
}

[[nodiscard]] inline events::session::preferences sample_preferences() {
  events::session::preferences out;
  out.genres = {"rock", "jazz"};
  out.favorite_artists = {"Sigur R\xc3\xb3s \"live\""};
  out.sound_preferences.bass = 0.6;
  out.budget_min = events::usd{200'00};
  out.budget_max = events::usd{500'50};
  out.primary_use_case = "critical_listening";
  out.listening_environment = "home_quiet";
  out.requirements.types = {events::catalog::form_factor::over_ear};
  out.requirements.wireless = false;
  return out;
}

[[nodiscard]] inline events::session::match sample_match(int rank = 1) {
  return {rank,
          view_of(sample_headphone()),
          0.875,
          {0.875, 0.9, 0.8, 1, 0.75, 0.5},
          "It sounds even, and costs less than you can pay.",
          {"Even tuning"},
          {"Leaks sound"},
          {"Measured close to its target"}};
}

[[nodiscard]] inline events::session::recommendation_requested sample_requested() {
  return {sample_preferences(), 5, sample_time(std::chrono::seconds{60})};
}

[[nodiscard]] inline events::language_model::token_usage sample_usage() {
  return {120, 9'000, 0, 640, 40};
}

[[nodiscard]] inline events::language_model::calls_summary sample_calls() {
  return {1, sample_usage(), 72'850, true};
}

[[nodiscard]] inline events::session::recommendation_completed sample_completed() {
  events::session::recommendation_completed out;
  out.matches = {sample_match()};
  out.relaxations = {{"budget_max", {"200"}, {"229"}, 3, "Raise the budget to 229 dollars."}};
  out.notes = {"The microphone could not be weighed."};
  out.engine = "anthropic/claude-opus-4-5";
  out.degraded = true;
  out.degraded_reason = "incomplete_reply";
  out.catalog_version = 240;
  out.prompt_version = 1;
  out.reused_call = sample_id<events::call_id>(9);
  out.calls = sample_calls();
  out.preferences = sample_preferences();
  out.requested_at = sample_time();
  out.processing_time_ms = 12;
  return out;
}

[[nodiscard]] inline events::session::recommendation_failed sample_failed() {
  return {"deadline_exceeded",
          "No recommendation could be made in time.",
          1,
          sample_calls(),
          sample_time(),
          60'000};
}

[[nodiscard]] inline events::language_model::language_model_call_started sample_call_started() {
  return {sample_id<events::call_id>(5),
          1,
          events::language_model::purpose::answer,
          "anthropic",
          "claude-opus-4-5",
          1,
          "0123456789abcdef0123456789abcdef",
          sample_time(std::chrono::seconds{30}),
          120'000,
          sample_time()};
}

[[nodiscard]] inline events::language_model::language_model_reply_recorded sample_reply_recorded() {
  return {sample_id<events::call_id>(5),
          1,
          events::language_model::purpose::answer,
          "anthropic",
          "claude-opus-4-5-20251101",
          1,
          "msg_01",
          "req_01",
          "finished",
          R"({"matches":[],"notes":[]})",
          sample_usage(),
          72'850,
          4'200};
}

[[nodiscard]] inline events::language_model::language_model_call_failed sample_call_failed() {
  return {sample_id<events::call_id>(5),
          1,
          events::language_model::purpose::repair,
          "openai",
          "gpt-5",
          1,
          "rate_limited",
          "Slow down.",
          429,
          "req_02",
          true,
          1'500,
          true,
          110'000,
          80};
}

[[nodiscard]] inline events::explanation::request_explanation sample_request_explanation() {
  return {sample_id<events::explanation_id>(6),
          sample_headphone().id(),
          sample_preferences(),
          {sample_match()},
          sample_time(std::chrono::seconds{60})};
}

[[nodiscard]] inline events::explanation::explanation_requested sample_explanation_requested() {
  auto asked = sample_request_explanation();
  return {asked.id, asked.headphone, asked.preferences, asked.matches, asked.deadline};
}

[[nodiscard]] inline events::explanation::explanation_completed sample_explanation_completed() {
  events::explanation::explanation_completed out;
  out.id = sample_id<events::explanation_id>(6);
  out.headphone = view_of(sample_headphone());
  out.detailed_explanation = "It is the most even of the three, and the cheapest.";
  out.comparison_points = {{events::headphone_id_of("sony-wh-1000xm5"), "Sony WH-1000XM5",
                            events::explanation::aspect::price, "Costs $170 less."}};
  out.engine = "heuristic";
  out.degraded = true;
  out.degraded_reason = "breaker_open";
  out.prompt_version = 1;
  out.calls = sample_calls();
  out.requested_at = sample_time();
  out.processing_time_ms = 15;
  return out;
}

[[nodiscard]] inline events::explanation::explanation_failed sample_explanation_failed() {
  return {sample_id<events::explanation_id>(6),
          sample_headphone().id(),
          "deadline_exceeded",
          "No explanation could be given in time.",
          1,
          sample_calls(),
          sample_time(),
          60'000};
}

[[nodiscard]] inline events::feedback::record_feedback sample_record_feedback() {
  return {sample_id<events::feedback_id>(7),
          sample_headphone().id(),
          "sennheiser-hd-560s",
          2,
          0.875,
          events::feedback::kind::rated,
          4};
}

[[nodiscard]] inline events::feedback::feedback_recorded sample_feedback_recorded() {
  auto asked = sample_record_feedback();
  return {asked.id, asked.headphone, asked.slug, asked.rank, asked.overall_score, asked.kind, asked.rating};
}

/// An envelope with every attribute; the codec sets type and dataschema.
[[nodiscard]] inline events::envelope sample_envelope() {
  events::envelope out;
  out.id = sample_id<events::record_id>(2);
  out.source = "sonicmatch/tests";
  out.subject = to_string(sample_id<events::session_id>());
  out.time = sample_time(std::chrono::milliseconds{12});
  out.sequence = 1;
  out.correlationid = sample_id<events::correlation_id>(3);
  out.causationid = sample_id<events::record_id>(4);
  out.partitionkey = out.subject;
  out.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  out.claim = "1234567890123";
  return out;
}

} // namespace sonicmatch::tests
