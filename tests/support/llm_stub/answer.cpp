#include "tests/support/llm_stub/answer.hpp"

#include "tests/support/llm_stub/json_text.hpp"

#include <array>
#include <cmath>
#include <functional>

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr std::string_view unknown_headphone = "no-such-headphone-of-the-stub";

constexpr std::array<std::string_view, 5> score_names{"genre_match", "sound_profile", "use_case", "budget",
                                                      "feature_match"};
constexpr double best_score = 0.95;
constexpr double score_step = 0.03;
constexpr double score_least = 0.2;
constexpr double score_beyond = 1.7;

constexpr std::array<std::string_view, 4> explanations{
  "It follows the rhythm of the music you named, keeps voices in front of the band, and leaves room below "
  "for the bass you asked for. It stays comfortable for hours.",
  "The tuning is close to what you described: warm, with an even middle and a treble that does not tire. "
  "It isolates well enough for the way to work.",
  "Among those within your budget this one serves the mixture of genres best. Drums have weight, strings "
  "have air, and neither covers the other.",
  "It was made for listening at a desk for hours. The sound is honest rather than spectacular, which suits "
  "acoustic recordings and speech."};
constexpr std::array<std::string_view, 4> pros{
  "Plays your favourite genres with weight and without mud", "Light enough for a whole working day",
  "Keeps outside noise away on trains and in offices", "Leaves a good part of the budget unspent"};
constexpr std::array<std::string_view, 4> cons{
  "The stage is narrower than that of an open design", "Folds only flat, so it takes room in a bag",
  "The treble is polite and may lack sparkle at first", "Its case is sold apart"};
constexpr std::array<std::string_view, 4> highlights{"Warm and even tuning", "Comfort over long sessions",
                                                     "Fits the budget", "Made for your genres"};

constexpr std::string_view long_explanation =
  "You asked for music that has weight without losing its outline, and for something to wear through a "
  "working day. This headphone was chosen because its tuning is warm in the bass and even above it: drums "
  "and bass guitar keep their body, while voices stay in front and are never thin. The treble is a little "
  "softer than neutral, which costs some air in live recordings but lets you listen for hours. It closes "
  "well around the ear, so trains and offices stay outside, and it does so without much pressure. Of the "
  "features you named it has all that you called important. Its price is well within what you wanted to "
  "spend. The others that were picked with it are a little clearer in the treble or lighter on the head, "
  "but none of them serves this mixture of genres, comfort and price as evenly, and that is why it came "
  "first.";
constexpr std::string_view marked_up = " <b>Best buy</b>: see <a href=\"https://shop.example/deal\">the "
                                       "offer</a> or [this page](https://shop.example).";

constexpr std::string_view prose =
  "Of course! I would take the first of them, as it plays nearly everything "
  "well, and the second if you travel a lot. Tell me if you want to know more.";

std::string_view pick(const std::array<std::string_view, 4>& from, std::size_t which) {
  return from[which % from.size()];
}

/// Two decimals, as models write scores.
double rounded(double score) {
  return std::round(score * 100) / 100;
}

void append_score(std::string& out, double score, fault how) {
  if (how != fault::numbers_as_strings)
    return append_number(out, score);
  out += '"';
  append_number(out, score);
  out += '"';
}

void append_words(std::string& out, const std::array<std::string_view, 4>& words, std::size_t first,
                  std::size_t count) {
  out += '[';
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0)
      out += ',';
    append_quoted(out, pick(words, first + i));
  }
  out += ']';
}

void append_match(std::string& out, std::string_view headphone, std::size_t place, fault how) {
  auto turn = std::hash<std::string_view>{}(headphone) + place;
  auto overall = std::max(score_least, best_score - score_step * static_cast<double>(place));
  object_writer match{out};
  match.text("headphone", headphone);
  object_writer scores{match.value_of("scores")};
  for (std::size_t i = 0; i < score_names.size(); ++i) {
    auto below = score_step * static_cast<double>((turn + i) % score_names.size());
    append_score(scores.value_of(score_names[i]), rounded(overall - below), how);
  }
  scores.close();
  auto is_beyond = how == fault::score_out_of_range && place == 0;
  append_score(match.value_of("overall_score"), is_beyond ? score_beyond : rounded(overall), how);
  std::string explanation{pick(explanations, turn)};
  if (how == fault::markup)
    explanation += marked_up;
  match.text("explanation", explanation);
  append_words(match.value_of("personalized_pros"), pros, turn, 2);
  append_words(match.value_of("personalized_cons"), cons, turn, 1);
  append_words(match.value_of("match_highlights"), highlights, turn, 2);
  match.close();
}

/// The headphones that are named, in order.
std::vector<std::string_view> named(const question& asked, fault how, const std::string& outside) {
  std::vector<std::string_view> out{asked.headphones.begin(), asked.headphones.end()};
  if (out.empty())
    return out;
  if (how == fault::unknown_headphone)
    out.front() = unknown_headphone;
  else if (how == fault::outside_constraints)
    out.front() = outside.empty() ? unknown_headphone : std::string_view{outside};
  else if (how == fault::repeated_headphone && out.size() > 1)
    out[1] = out[0];
  else if (how == fault::repeated_headphone)
    out.push_back(out[0]);
  else if (how == fault::too_few)
    out.resize(out.size() / 2);
  return out;
}

std::string recommend(const question& asked, fault how, const std::string& outside) {
  constexpr std::size_t bytes_per_match = 1'024;
  auto headphones = named(asked, how, outside);
  std::string out;
  out.reserve(bytes_per_match * (headphones.size() + 1));
  object_writer whole{out};
  whole.value_of("matches") += '[';
  for (std::size_t i = 0; i < headphones.size(); ++i) {
    if (i > 0)
      out += ',';
    append_match(out, headphones[i], i, how);
  }
  out += ']';
  whole.raw("notes", "[]");
  whole.close();
  return out;
}

std::string explain(fault how) {
  std::string words{long_explanation};
  if (how == fault::markup)
    words += marked_up;
  std::string out;
  object_writer whole{out};
  whole.text("detailed_explanation", words);
  whole.close();
  return out;
}

} // namespace

std::string answer_to(const question& asked, fault how, const std::string& outside) {
  if (how == fault::malformed)
    return std::string{prose};
  auto out = asked.is_explanation ? explain(how) : recommend(asked, how, outside);
  if (how == fault::markdown_fence)
    return "```json\n" + out + "\n```";
  return out;
}

} // namespace sonicmatch::tests::llm_stub
