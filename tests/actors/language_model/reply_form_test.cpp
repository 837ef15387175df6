#include "actors/language_model/reply_reader.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

// In which forms a reply is taken, and which make it useless as a whole.

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

void check_taken(const std::string& reply, lm::stop_reason stopped = lm::stop_reason::finished) {
  CAPTURE(reply.substr(0, 200));
  auto checked = check(reply, stopped);
  CHECK(checked.reasons.empty());
  CHECK(checked.accepted.size() == 2);
}

void check_useless(const std::string& reply, const std::string& reason,
                   lm::stop_reason stopped = lm::stop_reason::finished) {
  CAPTURE(reply.substr(0, 200));
  auto checked = check(reply, stopped);
  CHECK(checked.accepted.empty());
  CHECK(checked.notes.empty());
  REQUIRE_FALSE(checked.reasons.empty());
  CHECK(checked.reasons.back() == reason);
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

} // namespace

TEST_CASE("fences and prose around the object do no harm", "[language_model][reply]") {
  auto json = good_answer();
  check_taken(" \n" + json + "\n ");
  check_taken("```json\n" + json + "\n```");
  check_taken("```\n" + json + "\n```\nI hope this helps!");
  check_taken("Here it is:\n\n" + json);
  check_taken("I'd say {as you asked}: " + json + " \"That\" is {all}.");
  check_taken("[" + json + "] is my list"); // the brackets are prose
}

TEST_CASE("further fields and another order do no harm", "[language_model][reply]") {
  auto json = good_answer();
  check_taken(R"({"thoughts":{"matches":[1,2]},)" + json.substr(1));
  check_taken(R"({"notes":[],)" + json.substr(1, json.find(R"(,"notes")") - 1) + "}");
  check_taken(json.substr(0, json.find(R"(,"notes")")) + "}"); // no notes at all
  said_pick first;
  first.highlights += R"(,"rank":7,"price_usd":0,"headphone_id":"x")";
  check_taken(answer_of({first, second_pick()}));
}

TEST_CASE("numbers written as strings are numbers", "[language_model][reply]") {
  said_pick first;
  first.overall_score = R"("0.9")";
  first.scores =
    R"({"genre_match":"0.8","sound_profile":"0.7","use_case":"0.6","budget":"0.5","feature_match":"0.4"})";
  auto checked = check(answer_of({first, second_pick()}));
  CHECK(checked.reasons.empty());
  CHECK(checked.accepted.at(0).scores == events::session::scores{0.9, 0.8, 0.7, 0.6, 0.5, 0.4});
}

TEST_CASE("what is no single object is useless", "[language_model][reply]") {
  const auto not_json = "The answer must be one JSON object, but is not valid JSON."s;
  check_useless("", "The answer must be one JSON object, but is empty; a JSON document is expected.");
  check_useless("I would take the first of them.", not_json);
  check_useless("Take {the first} of them.", not_json);
  check_useless("{", not_json);
  check_useless("[]", "The answer must be an object.");
  check_useless("[" + good_answer() + "]", "The answer must be an object.");
  check_useless("null", "The answer must be an object.");
  check_useless(json_text(good_answer()), "The answer must be an object.");
  check_useless(good_answer() + good_answer(), "The answer must be one JSON object, not several.");
  check_useless("First " + good_answer() + ", or rather {}",
                "The answer must be one JSON object, not several.");
}

TEST_CASE("an object without its matches is useless", "[language_model][reply]") {
  for (const auto* reply : {"{}", R"({"matches":null})", R"({"matches":{}})", R"({"matches":"none"})",
                            R"({"match":[]})", R"({"notes":["A note."]})"})
    check_useless(reply, "/matches must be there, once, as an array.");
  auto twice = good_answer();
  twice.insert(twice.size() - 1, R"(,"matches":[])");
  check_useless(twice, "/matches must be there, once, as an array.");
}

TEST_CASE("a field that is given twice makes its pick useless", "[language_model][reply]") {
  for (const std::string again :
       {R"("headphone":"sennheiser-hd-560s")", R"("overall_score":0.1)", R"("explanation":"Another.")",
        R"("scores":{})", R"("match_highlights":[])"}) {
    CAPTURE(again);
    said_pick first;
    first.highlights += "," + again;
    auto checked = check(answer_of({first, second_pick()}));
    REQUIRE(checked.accepted.size() == 1);
    CHECK(checked.accepted[0].headphone.slug == "sennheiser-hd-560s");
    CHECK(checked.reasons.at(1).ends_with(" must be given once."));
  }
  said_pick first;
  first.scores.insert(1, R"("budget":0.1,)");
  CHECK(check(answer_of({first, second_pick()})).reasons.at(1)
        == "/matches/0/scores/budget must be given once.");
}

TEST_CASE("a pick that lacks a field, or is no object, is left out", "[language_model][reply]") {
  for (const std::string name : {"headphone", "overall_score", "scores", "explanation", "personalized_pros",
                                 "personalized_cons", "match_highlights"}) {
    CAPTURE(name);
    auto json = said_pick{}.json();
    json.replace(json.find(json_text(name)), name.size() + 2, R"("another")");
    auto checked = check(R"({"matches":[)" + json + "," + second_pick().json() + R"(],"notes":[]})");
    CHECK(checked.accepted.size() == 1);
    CHECK(checked.reasons.at(1) == "/matches/0/" + name + " is missing.");
  }
  for (const std::string odd : {"null", "7", R"("hifiman-sundara")", "[]", "true"}) {
    auto checked = check(R"({"matches":[)" + odd + "," + second_pick().json() + R"(],"notes":[]})");
    CHECK(checked.accepted.size() == 1);
    CHECK(checked.reasons.at(1) == "/matches/0 must be an object.");
  }
}

TEST_CASE("a refusal is one whatever it says", "[language_model][reply]") {
  check_useless("I cannot help with that.", "The answer was refused.", lm::stop_reason::refusal);
  check_useless("", "The answer was refused.", lm::stop_reason::refusal);
  check_useless(good_answer(), "The answer was refused.", lm::stop_reason::refusal);
}

TEST_CASE("an answer that was cut off counts only when it is whole", "[language_model][reply]") {
  check_taken(good_answer(), lm::stop_reason::length);
  check_taken(good_answer() + " And further", lm::stop_reason::length);
  check_taken(good_answer(), lm::stop_reason::other);
  const auto whole = good_answer();
  for (std::size_t size = 0; size < whole.size(); ++size)
    check_useless(whole.substr(0, size),
                  "The answer was cut off before its end; say the same in fewer words.",
                  lm::stop_reason::length);
}

TEST_CASE("an answer that is too long, too deep or no text is not looked at", "[language_model][reply]") {
  auto padded = good_answer();
  padded += std::string(lm::reply_bytes_max - padded.size(), ' ');
  check_taken(padded);
  check_useless(padded + " ", "The answer is too long to be read.");
  check_useless(R"({"x":)" + nested(100) + "," + good_answer().substr(1),
                "The answer must be one JSON object, but is nested more than 16 levels deep.");
  auto deep = "1"s;
  while (deep.size() < 60'000)
    deep = R"({"a":)" + deep + "}";
  check_useless(deep, "The answer must be one JSON object, but is nested more than 16 levels deep.");
  check_useless("\xff" + good_answer(), "The answer is not valid UTF-8.");
  auto inside = good_answer();
  inside.replace(inside.find("Even"), 2, "\xc3\x28");
  check_useless(inside, "The answer is not valid UTF-8.");
}

TEST_CASE("many braces in a long answer do not keep anybody busy", "[language_model][reply]") {
  std::string braces;
  while (braces.size() + 3 < lm::reply_bytes_max)
    braces += "{a}";
  check_useless(braces, "The answer must be one JSON object, but is not valid JSON.");
  check_useless("x" + std::string(lm::reply_bytes_max - 1, '{'),
                "The answer must be one JSON object, but is not valid JSON.");
}
