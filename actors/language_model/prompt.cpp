#include "actors/language_model/prompt.hpp"

#include "actors/language_model/catalog_text.hpp"
#include "actors/language_model/figures.hpp"
#include "actors/language_model/plain_text.hpp"
#include "actors/language_model/prompt_text.hpp"
#include "actors/language_model/reply_schema.hpp"
#include "events/record/writer.hpp"

namespace sonicmatch::actors::language_model {

namespace {

using events::record::write;
using events::record::write_number;
using events::record::write_text;

/// What the preferences allow at most; held here too, since a prompt costs by its length.
constexpr std::size_t wish_bytes_max = 200;
constexpr std::size_t wishes_max = 20;

constexpr std::size_t candidate_bytes_usual = 220;

std::vector<std::string> shown(const std::vector<std::string>& texts) {
  std::vector<std::string> out;
  for (const auto& each : texts) {
    if (out.size() == wishes_max)
      break;
    if (auto text = as_data(each, wish_bytes_max); !text.empty())
      out.push_back(std::move(text));
  }
  return out;
}

std::optional<std::string> shown(const std::optional<std::string>& text) {
  auto out = as_data(text.value_or(""), wish_bytes_max);
  return out.empty() ? std::nullopt : std::optional{std::move(out)};
}

/// Two decimals are enough to judge by, and questions that differ in less are the same.
double in_hundredths(double score) noexcept {
  return static_cast<double>(hundredths_of(score)) / 100;
}

void write_candidate(std::string& out, const heuristic::candidate& each) {
  const auto& exact = each.scores;
  out += R"({"headphone":)";
  write_text(out, each.headphone->slug);
  out += R"(,"price_usd":)";
  write(out, each.headphone->price_usd);
  out += R"(,"heuristic_scores":)";
  write(out, events::session::scores{in_hundredths(exact.overall), in_hundredths(exact.genre_match),
                                     in_hundredths(exact.sound_profile), in_hundredths(exact.use_case),
                                     in_hundredths(exact.budget), in_hundredths(exact.feature_match)});
  out += '}';
}

} // namespace

instructions recommendation_instructions(const events::catalog::snapshot& catalog) {
  return {.text = std::string{recommendation_rules} + catalog_text(catalog),
          .schema_name = "headphone_recommendation",
          .schema = recommendation_schema()};
}

instructions explanation_instructions() {
  return {.text = std::string{explanation_rules},
          .schema_name = "headphone_explanation",
          .schema = explanation_schema()};
}

std::string recommendation_question(const events::session::preferences& wanted,
                                    std::span<const heuristic::candidate> candidates, std::size_t results) {
  std::string out;
  out.reserve(2'048 + candidates.size() * candidate_bytes_usual);
  out += R"({"wishes":)";
  write(out, shown_wishes(wanted));
  out += R"(,"max_results":)";
  write_number(out, static_cast<std::uint64_t>(results));
  out += R"(,"candidates":[)";
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    out += i == 0 ? "" : ",";
    write_candidate(out, candidates[i]);
  }
  return out + "]}";
}

std::string repair_turn(const std::vector<std::string>& reasons) {
  std::string out = "Your answer cannot be used as it is. What is wrong with it:\n";
  for (const auto& each : reasons)
    out += "- " + each + "\n";
  return out
         + "Give the whole answer again, by the same rules and in the same form, with these mistakes "
           "corrected and everything that was right kept.";
}

events::session::preferences shown_wishes(const events::session::preferences& wanted) {
  auto out = wanted;
  out.genres = shown(wanted.genres);
  out.favorite_artists = shown(wanted.favorite_artists);
  out.favorite_tracks = shown(wanted.favorite_tracks);
  out.primary_use_case = shown(wanted.primary_use_case);
  out.secondary_use_cases = shown(wanted.secondary_use_cases);
  out.listening_environment = shown(wanted.listening_environment);
  return out;
}

} // namespace sonicmatch::actors::language_model
