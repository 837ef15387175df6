#include "actors/language_model/explanation.hpp"
#include "actors/language_model/plain_text.hpp"
#include "actors/language_model/reply_form.hpp"
#include "actors/language_model/reply_reader.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

#include <algorithm>
#include <random>

// Whatever bytes a reply holds, what is accepted of it keeps the rules.

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

using generator = std::mt19937_64; // the same everywhere, unlike the distributions

std::size_t below(generator& random, std::size_t count) {
  return random() % count;
}

/// Pieces that make trouble where they land.
const std::string& piece(generator& random) {
  static const std::vector<std::string> all{"\"",
                                            "\\",
                                            "{",
                                            "}",
                                            "[",
                                            "]",
                                            ",",
                                            ":",
                                            "0",
                                            "-",
                                            "1e9",
                                            "\0"s,
                                            "\n",
                                            "\xff",
                                            "\xe2\x80\xae",
                                            "<b>",
                                            "**",
                                            "`",
                                            "https://a.invalid",
                                            "\\u0000",
                                            "\\u202e",
                                            "\\ud800",
                                            "null",
                                            "true",
                                            "\"nan\"",
                                            "1.5",
                                            "sony-wh-1000xm5",
                                            "sennheiser-hd-560s",
                                            "\"headphone\":",
                                            "\"matches\":[",
                                            "{\"a\":1}",
                                            "```",
                                            " "};
  return all[below(random, all.size())];
}

std::string mutated(std::string text, generator& random) {
  for (auto changes = 1 + below(random, 4); changes > 0 && !text.empty(); --changes) {
    auto at = below(random, text.size());
    auto size = std::min(text.size() - at, below(random, 24));
    switch (below(random, 6)) {
    case 0:
      text[at] = static_cast<char>(below(random, 256));
      break;
    case 1:
      text.insert(at, piece(random));
      break;
    case 2:
      text.replace(at, size, piece(random));
      break;
    case 3:
      text.erase(at, size);
      break;
    case 4:
      text.insert(below(random, text.size()), text.substr(at, below(random, 300)));
      break;
    default:
      if (below(random, 8) == 0)
        text.resize(at);
      else
        std::swap(text[at], text[below(random, text.size())]);
    }
  }
  return text;
}

bool is_clean(const std::string& text, std::size_t bytes_max) {
  return !text.empty() && text.size() <= bytes_max && lm::fault_in(text).empty()
         && lm::in_one_line(text) == text;
}

bool are_clean(const std::vector<std::string>& texts) {
  return texts.size() <= lm::form::items_max && std::all_of(texts.begin(), texts.end(), [](const auto& each) {
           return is_clean(each, lm::form::item_bytes_max);
         });
}

bool are_scores(const events::session::scores& all) {
  for (auto each :
       {all.overall, all.genre_match, all.sound_profile, all.use_case, all.budget, all.feature_match})
    if (!(each >= 0 && each <= 1))
      return false;
  return true;
}

/// What is wrong with what was accepted; empty when nothing is.
std::string breach_in(const lm::checked_reply& checked, std::size_t results) {
  const auto& all = checked.accepted;
  if (all.size() > results || checked.reasons.empty() != (all.size() == results))
    return "reasons and number";
  for (std::size_t i = 0; i < all.size(); ++i) {
    const auto& each = all[i];
    if (each.rank != static_cast<int>(i + 1) || (i > 0 && each.overall_score > all[i - 1].overall_score))
      return "ranks";
    if (each.headphone != sample_catalog()->views()[0] && each.headphone != sample_catalog()->views()[1])
      return "candidates";
    for (std::size_t j = 0; j < i; ++j)
      if (all[j].headphone.slug == each.headphone.slug)
        return "once each";
    if (!are_scores(each.scores) || each.scores.overall != each.overall_score)
      return "scores";
    if (!is_clean(each.explanation, lm::form::explanation_bytes_max) || !are_clean(each.personalized_pros)
        || !are_clean(each.personalized_cons) || !are_clean(each.match_highlights))
      return "texts";
  }
  for (const auto& note : checked.notes)
    if (!is_clean(note, lm::form::note_bytes_max))
      return "notes";
  if (checked.reasons.size() > lm::reasons_max)
    return "number of reasons";
  for (const auto& reason : checked.reasons)
    if (reason.size() > lm::reason_bytes_max
        || !std::all_of(reason.begin(), reason.end(), [](char c) { return c >= ' ' && c <= '~'; }))
      return "reasons";
  return {};
}

} // namespace

TEST_CASE("however a good reply is changed, what is accepted keeps the rules", "[language_model][reply]") {
  generator random{20261122};
  std::size_t whole = 0;
  std::size_t parts = 0;
  for (int round = 0; round < 8'000; ++round) {
    auto reply = mutated(round % 5 == 0 ? "```json\n" + good_answer() + "\n```" : good_answer(), random);
    auto results = 1 + below(random, 2);
    auto checked = check(reply, static_cast<lm::stop_reason>(below(random, 4)), results);
    auto breach = breach_in(checked, results);
    if (!breach.empty()) {
      CAPTURE(round, reply);
      CHECK(breach == "");
    }
    whole += checked.reasons.empty() ? 1 : 0;
    parts += !checked.reasons.empty() && !checked.accepted.empty() ? 1 : 0;
  }
  CHECK(whole > 300); // the changes are small enough to get past the parser
  CHECK(parts > 200);
}

TEST_CASE("however a good explanation is changed, what is accepted keeps the rules",
          "[language_model][reply]") {
  generator random{20261123};
  int accepted = 0;
  for (int round = 0; round < 4'000; ++round) {
    auto reply = mutated(
      R"({"detailed_explanation":"It is open and even, as you asked, and light enough for hours."})", random);
    auto checked = lm::check_explanation(reply, static_cast<lm::stop_reason>(below(random, 4)));
    CAPTURE(round, reply);
    if (checked.reasons.empty() != !checked.text.empty())
      FAIL("a text or reasons");
    if (checked.reasons.empty() && !is_clean(checked.text, lm::form::detailed_bytes_max))
      FAIL("a clean text: " << checked.text);
    accepted += checked.reasons.empty() ? 1 : 0;
  }
  CHECK(accepted > 300);
}

TEST_CASE("random bytes are no reply", "[language_model][reply]") {
  generator random{7};
  for (int round = 0; round < 1'000; ++round) {
    std::string reply(below(random, 400), ' ');
    for (auto& each : reply)
      each = static_cast<char>(below(random, 256));
    auto checked = check(reply);
    CHECK(checked.accepted.empty());
    CHECK(breach_in(checked, 2).empty());
  }
}
