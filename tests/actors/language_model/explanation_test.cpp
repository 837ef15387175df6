#include "actors/language_model/comparison.hpp"
#include "actors/language_model/explanation.hpp"
#include "actors/language_model/plain_text.hpp"
#include "actors/language_model/reply_form.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

#include <simdjson.h>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

events::session::match pick(int rank, const events::catalog::headphone& headphone) {
  auto out = sample_match(rank);
  out.headphone = view_of(headphone);
  return out;
}

std::vector<events::session::match> picks() {
  return {pick(1, sample_headphone()), pick(2, sample_planar()), pick(3, sample_wireless())};
}

std::string without_model(const events::session::preferences& wanted,
                          const std::vector<events::session::match>& matches) {
  auto explained = matches.front().headphone.id;
  return lm::heuristic_explanation(wanted, matches, explained, lm::compare(matches, explained));
}

std::string reason_for(const std::string& reply, lm::stop_reason stopped = lm::stop_reason::finished) {
  auto checked = lm::check_explanation(reply, stopped);
  CHECK(checked.text.empty());
  return checked.reasons.empty() ? "" : checked.reasons.front();
}

} // namespace

TEST_CASE("an explanation's question carries the pick, the others and the comparison",
          "[language_model][explanation]") {
  auto points = lm::compare(picks(), sample_planar().id());
  auto question = lm::explanation_question(sample_preferences(), picks(), sample_planar().id(), points);
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  REQUIRE(parser.parse(question).get(root) == simdjson::SUCCESS);
  CHECK(std::string_view{root["explain"]} == "hifiman-sundara");
  CHECK(std::string_view{root["pick"]["headphone"]["slug"]} == "hifiman-sundara");
  CHECK(std::int64_t{root["pick"]["rank"]} == 2);
  CHECK(std::string_view{root["wishes"]["genres"].at(0)} == "rock");
  CHECK(root["others"].get_array().size() == 2);
  CHECK(std::string_view{root["others"].at(0)["name"]} == "Sennheiser HD 560S");
  CHECK(root["comparison"].get_array().size() == points.size());
  CHECK(std::string_view{root["comparison"].at(0)["detail"]} == points[0].detail);
  CHECK(question.starts_with(R"({"wishes":{"genres":["rock","jazz"],)"));
  CHECK(question.find(R"(},"explain":"hifiman-sundara","pick":{"rank":2,)") != std::string::npos);
}

TEST_CASE("an explanation's question is bounded, and its texts are data", "[language_model][explanation]") {
  std::vector<events::session::match> many;
  for (int i = 1; i <= 100; ++i)
    many.push_back(pick(i, sample_headphone("headphone-" + std::to_string(i))));
  many[0].explanation = "a\xe2\x80\xae\n" + std::string(100'000, 'b');
  many[0].personalized_pros.assign(1'000, std::string(1'000, 'p') + "\x1b");
  auto explained = many[0].headphone.id;
  auto question =
    lm::explanation_question(sample_preferences(), many, explained, lm::compare(many, explained));
  CHECK(question.size() < 20'000);
  CHECK(question.find("\xe2\x80\xae") == std::string::npos);
  CHECK(question.find("\\u001b") == std::string::npos);
  CHECK(question.find(R"("explanation":"a bbb)") != std::string::npos);
}

TEST_CASE("a good explanation is taken, in whatever form it comes", "[language_model][explanation]") {
  const auto json = R"({"detailed_explanation":"It is even.\n\nIt is open."})"s;
  for (const auto& reply : {json, "```json\n" + json + "\n```", "Here: " + json + " Bye.",
                            R"({"title":"Why",)" + json.substr(1)}) {
    auto checked = lm::check_explanation(reply, lm::stop_reason::finished);
    CHECK(checked.reasons.empty());
    CHECK(checked.text == "It is even. It is open.");
  }
  CHECK(lm::check_explanation(json, lm::stop_reason::length).reasons.empty());
}

TEST_CASE("an explanation that breaks a rule is not taken", "[language_model][explanation]") {
  const auto field = "/detailed_explanation "s;
  CHECK(reason_for("{}") == field + "is missing.");
  CHECK(reason_for(R"({"detailed_explanation":7})") == field + "must be a string.");
  CHECK(reason_for(R"({"detailed_explanation":" "})") == field + "is empty.");
  CHECK(reason_for(R"({"detailed_explanation":"a","detailed_explanation":"b"})")
        == field + "must be given once.");
  CHECK(reason_for(R"({"detailed_explanation":"<b>a</b>"})")
        == field + "holds markup; write plain sentences.");
  CHECK(reason_for(R"({"detailed_explanation":"at https://a.invalid"})")
        == field + "holds a link or the address of a site.");
  CHECK(reason_for(R"({"detailed_explanation":"a\u0007"})")
        == field + "holds a control character or an invisible one.");
  CHECK(
    reason_for(R"({"detailed_explanation":")" + std::string(lm::form::detailed_bytes_max + 1, 'a') + R"("})")
    == field + "must have 1 to 4000 bytes.");
  CHECK(reason_for("It is open and even.") == "The answer must be one JSON object, but is not valid JSON.");
  CHECK(reason_for(R"({"detailed_explanation":"It is o)", lm::stop_reason::length)
        == "The answer was cut off before its end; say the same in fewer words.");
  CHECK(reason_for(R"({"detailed_explanation":"a"})", lm::stop_reason::refusal) == "The answer was refused.");
}

TEST_CASE("without a model the explanation says what the figures say", "[language_model][explanation]") {
  auto wanted = sample_preferences();
  wanted.sound_preferences = {0.8, std::nullopt, std::nullopt, 0.7, std::nullopt};
  auto text = without_model(wanted, picks());
  CAPTURE(text);
  CHECK(text.starts_with(
    "The Sennheiser HD 560S is the best of the three picks that were made for you. It sounds even, "
    "and costs less than you can pay. Your wishes for the sound, where 0.5 is neutral: bass 0.80, "
    "measured 0.32, which is less than that; soundstage 0.70, by our editors' ears 0.72, which "
    "answers it. At about $179 it leaves $322 of your limit of $500.50. What speaks for it: Even "
    "tuning. What speaks against it: Leaks sound. Out of 100 it scores 88 overall: 90 for the "
    "music, 80 for the sound, 100 for the use, 75 for the money and 50 for its features."));
  CHECK(text.find("Costs about $120 less than the HIFIMAN Sundara") != std::string::npos);
  CHECK(text.find("Costs about $150 less than the Sony WH-1000XM5") != std::string::npos);
  CHECK(lm::fault_in(text) == "");
}

TEST_CASE("without a model the explanation speaks only of what is known", "[language_model][explanation]") {
  events::session::preferences nothing_said;
  nothing_said.genres = {"rock"};
  auto alone = pick(1, sample_headphone());
  alone.personalized_pros = alone.personalized_cons = {};
  auto text = without_model(nothing_said, {alone});
  CHECK(text.starts_with(
    "The Sennheiser HD 560S is the one pick that was made for you. It sounds even, and costs less "
    "than you can pay. Out of 100 it scores"));
  CHECK(text.find("speaks") == std::string::npos);
  CHECK(text.find("budget") == std::string::npos);
  nothing_said.budget_max = events::usd{179'00};
  CHECK(without_model(nothing_said, {alone}).find("At about $179 it takes all of your budget.")
        != std::string::npos);
  alone.explanation = "For about $179 it is a bargain."; // said once is enough
  CHECK(without_model(nothing_said, {alone}).find("At about $179") == std::string::npos);
}

TEST_CASE("without a model the explanation fits into its event", "[language_model][explanation]") {
  std::vector<events::session::match> many;
  for (int i = 1; i <= 100; ++i) {
    many.push_back(pick(i, i % 2 == 0 ? sample_wireless() : sample_headphone()));
    many.back().headphone.slug += std::to_string(i);
    many.back().headphone.id = events::headphone_id_of(many.back().headphone.slug);
  }
  many[0].explanation = std::string(4'000, 'a');
  many[0].personalized_pros.assign(10, std::string(400, 'p'));
  many[0].personalized_cons.assign(10, std::string(400, 'c'));
  CHECK(without_model(sample_preferences(), many).size() <= 8'000);
  CHECK(without_model(sample_preferences(), many).size() > 6'000);
}

TEST_CASE("nothing is thrown for a headphone that is no pick", "[language_model][explanation]") {
  auto unknown = events::headphone_id_of("no-such");
  CHECK(lm::heuristic_explanation({}, picks(), unknown, {})
        == "This headphone is not among the picks that were made for you.");
  CHECK(lm::explanation_question({}, {}, unknown, {})
          .ends_with(R"("explain":"","pick":null,"others":[],"comparison":[]})"));
}
