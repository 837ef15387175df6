#include "actors/language_model/reply_form.hpp"
#include "actors/language_model/reply_reader.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

// What of a reply is accepted: the rules of content. Its form: reply_form_test.cpp.

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

/// Checks an answer whose first pick is as given, with a good second one. It must be
/// refused for that reason, and the second one accepted.
void check_refused(const said_pick& first, const std::string& reason) {
  auto checked = check(answer_of({first, second_pick()}));
  CAPTURE(first.json().substr(0, 400));
  REQUIRE(checked.accepted.size() == 1);
  CHECK(checked.accepted[0].headphone.slug == "sennheiser-hd-560s");
  CHECK(checked.accepted[0].rank == 1);
  REQUIRE(checked.reasons.size() == 2);
  CHECK(checked.reasons[0] == "Of the matches 1 can be used, and 2 are wanted.");
  CHECK(checked.reasons[1] == reason);
}

std::vector<std::string> slugs_of(const lm::checked_reply& checked) {
  std::vector<std::string> out;
  for (const auto& each : checked.accepted)
    out.push_back(each.headphone.slug);
  return out;
}

std::string list_of(std::size_t count, const std::string& item) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += (i == 0 ? "" : ",") + json_text(item);
  return "[" + out + "]";
}

} // namespace

TEST_CASE("a good answer is accepted whole", "[language_model][reply]") {
  auto checked = check(good_answer());
  CHECK(checked.reasons.empty());
  CHECK(checked.notes.empty());
  REQUIRE(checked.accepted.size() == 2);
  const auto& first = checked.accepted[0];
  CHECK(first.rank == 1);
  CHECK(first.headphone == sample_catalog()->views()[0]);
  CHECK(first.overall_score == 0.9);
  CHECK(first.scores == events::session::scores{0.9, 0.8, 0.7, 0.6, 0.5, 0.4});
  CHECK(first.explanation == "It is open and even, as you asked.");
  CHECK(first.personalized_pros == std::vector<std::string>{"Even tuning", "Wide stage"});
  CHECK(first.personalized_cons == std::vector<std::string>{"Heavy"});
  CHECK(first.match_highlights == std::vector<std::string>{"Planar driver"});
  CHECK(checked.accepted[1].rank == 2);
  CHECK(checked.accepted[1].headphone == sample_catalog()->views()[1]);
}

TEST_CASE("a headphone that is no candidate is refused", "[language_model][reply]") {
  said_pick first;
  first.headphone = R"("no-such-headphone")";
  check_refused(first, R"(/matches/0/headphone "no-such-headphone" is not one of the candidates.)");
  first.headphone = R"("sony-wh-1000xm5")"; // in the catalog, but outside of the constraints
  check_refused(first, R"(/matches/0/headphone "sony-wh-1000xm5" is not one of the candidates.)");
  first.headphone = json_text(to_string(sample_catalog()->all()[0].id())); // an id is no slug
  CHECK(check(answer_of({first, second_pick()})).accepted.size() == 1);
  first.headphone = R"("")";
  check_refused(first, "/matches/0/headphone is empty.");
  first.headphone = "7";
  check_refused(first, "/matches/0/headphone must be a string.");
}

TEST_CASE("a slug's case and blanks around it do not matter", "[language_model][reply]") {
  said_pick first;
  first.headphone = R"(" Hifiman-SUNDARA\n")";
  auto checked = check(answer_of({first, second_pick()}));
  CHECK(checked.reasons.empty());
  CHECK(slugs_of(checked) == std::vector{"hifiman-sundara"s, "sennheiser-hd-560s"s});
}

TEST_CASE("of a headphone that is named twice the first counts", "[language_model][reply]") {
  said_pick first;
  auto again = first;
  again.overall_score = "0.99";
  auto checked = check(answer_of({first, again}));
  REQUIRE(checked.accepted.size() == 1);
  CHECK(checked.accepted[0].overall_score == 0.9);
  CHECK(checked.reasons.at(1) == R"(/matches/1/headphone "hifiman-sundara" is there twice.)");

  first.explanation = R"("**bold**")"; // what was refused does not count
  checked = check(answer_of({first, again}));
  REQUIRE(checked.accepted.size() == 1);
  CHECK(checked.accepted[0].overall_score == 0.99);
}

TEST_CASE("scores are from 0 to 1", "[language_model][reply]") {
  for (const auto* good : {"0", "1", "0.0", "1.0", "1e-3", "-0.0", R"("0.9")", R"("1")", R"("1e-1")"}) {
    CAPTURE(good);
    said_pick first;
    first.overall_score = good;
    CHECK(check(answer_of({first, second_pick()})).accepted.size() == 2);
  }
  for (const auto* outside :
       {"1.0001", "-0.0001", "95", "1e300", R"("1.7")", R"("nan")", R"("inf")", R"("-1")"}) {
    CAPTURE(outside);
    said_pick first;
    first.overall_score = outside;
    check_refused(first, "/matches/0/overall_score must be from 0 to 1.");
  }
  for (const auto* none :
       {"null", "true", "[0.9]", "{}", R"("")", R"("0.9 of 1")", R"(" 0.9")", R"("90%")", R"("0x1")"}) {
    CAPTURE(none);
    said_pick first;
    first.overall_score = none;
    check_refused(first, "/matches/0/overall_score must be a number.");
  }
}

TEST_CASE("each of the five scores is checked", "[language_model][reply]") {
  for (const std::string name : {"genre_match", "sound_profile", "use_case", "budget", "feature_match"}) {
    CAPTURE(name);
    said_pick first;
    auto at = first.scores.find(name) + name.size() + 2;
    first.scores.replace(at, 3, "1.5");
    check_refused(first, "/matches/0/scores/" + name + " must be from 0 to 1.");
    first = {};
    first.scores.replace(first.scores.find(name), name.size(), "other");
    check_refused(first, "/matches/0/scores/" + name + " is missing.");
  }
  said_pick first;
  first.scores = "0.9";
  check_refused(first, "/matches/0/scores must be an object.");
}

TEST_CASE("scores are rounded as the heuristic's are", "[language_model][reply]") {
  said_pick first;
  first.overall_score = "0.912345";
  auto checked = check(answer_of({first, second_pick()}));
  CHECK(checked.accepted.at(0).overall_score == 0.9123);
  CHECK(checked.accepted.at(0).scores.overall == 0.9123);
}

TEST_CASE("an explanation is there, short, and plain", "[language_model][reply]") {
  const std::string path = "/matches/0/explanation ";
  auto longest = std::string(lm::form::explanation_bytes_max, 'a');
  for (const auto& [said, reason] : std::vector<std::pair<std::string, std::string>>{
         {R"("")", "is empty."},
         {R"(" \n ")", "is empty."},
         {"null", "must be a string."},
         {R"(["a"])", "must be a string."},
         {json_text(longest + "a"), "must have 1 to 1200 bytes."},
         {R"("See <b>this</b>.")", "holds markup; write plain sentences."},
         {R"("See [this](x).")", "holds markup; write plain sentences."},
         {R"("A `word`.")", "holds markup; write plain sentences."},
         {R"("# Why\nBecause.")", "holds markup; write plain sentences."},
         {R"("See http://a.invalid.")", "holds a link or the address of a site."},
         {R"("See https://a.invalid.")", "holds a link or the address of a site."},
         {R"("See www.a.invalid.")", "holds a link or the address of a site."},
         {R"("A \u001b[31mcolour")", "holds a control character or an invisible one."},
         {R"("A \u0000")", "holds a control character or an invisible one."},
         {R"("A \u202eemirp")", "holds a control character or an invisible one."}}) {
    said_pick first;
    first.explanation = said;
    check_refused(first, path + reason);
  }
  said_pick first;
  first.explanation = json_text(longest);
  CHECK(check(answer_of({first, second_pick()})).accepted.at(0).explanation == longest);
  first.explanation = R"(" One.\n\n Two.\t")";
  CHECK(check(answer_of({first, second_pick()})).accepted.at(0).explanation == "One. Two.");
}

TEST_CASE("lists are of a few short, plain texts", "[language_model][reply]") {
  using member = std::string said_pick::*;
  for (const auto& [list, path] :
       std::vector<std::pair<member, std::string>>{{&said_pick::pros, "/matches/0/personalized_pros"},
                                                   {&said_pick::cons, "/matches/0/personalized_cons"},
                                                   {&said_pick::highlights, "/matches/0/match_highlights"}}) {
    for (const auto& [said, reason] : std::vector<std::pair<std::string, std::string>>{
           {list_of(7, "a"), " must have 0 to 6 items."},
           {R"(["a",""])", "/1 is empty."},
           {R"(["a",7])", "/1 must be a string."},
           {R"(["a",["b"]])", "/1 must be a string."},
           {R"("a")", " must be an array of strings."},
           {"null", " must be an array of strings."},
           {list_of(1, std::string(201, 'a')), "/0 must have 1 to 200 bytes."},
           {R"(["- a"])", "/0 holds markup; write plain sentences."},
           {R"(["at www.a.invalid"])", "/0 holds a link or the address of a site."}}) {
      said_pick first;
      first.*list = said;
      check_refused(first, path + reason);
    }
    for (const auto& said : {"[]"s, list_of(6, std::string(200, 'a'))}) {
      said_pick first;
      first.*list = said;
      CHECK(check(answer_of({first, second_pick()})).reasons.empty());
    }
  }
}

TEST_CASE("ranks are given by the overall score, whatever the order", "[language_model][reply]") {
  auto first = second_pick();
  first.overall_score = "0.3";
  auto checked = check(answer_of({first, said_pick{}}));
  CHECK(checked.reasons.empty());
  CHECK(slugs_of(checked) == std::vector{"hifiman-sundara"s, "sennheiser-hd-560s"s});
  CHECK(checked.accepted[0].rank == 1);
  CHECK(checked.accepted[1].rank == 2);
  first.overall_score = "0.9"; // a tie keeps the model's order
  CHECK(slugs_of(check(answer_of({first, said_pick{}})))
        == std::vector{"sennheiser-hd-560s"s, "hifiman-sundara"s});
}

TEST_CASE("too few picks are a reason, and too many are none", "[language_model][reply]") {
  auto few = check(answer_of({said_pick{}}));
  CHECK(few.accepted.size() == 1);
  CHECK(few.reasons == std::vector{"Of the matches 1 can be used, and 2 are wanted."s});
  CHECK(check(answer_of({})).reasons == std::vector{"Of the matches 0 can be used, and 2 are wanted."s});

  auto many = check(answer_of({second_pick(), said_pick{}}), lm::stop_reason::finished, 1);
  CHECK(many.reasons.empty());
  CHECK(slugs_of(many) == std::vector{"hifiman-sundara"s}); // the best one stays
  CHECK(check(good_answer(), lm::stop_reason::finished, 0).reasons.empty());

  said_pick bad;
  bad.headphone = R"("no-such")"; // what was not needed need not be right
  CHECK(check(answer_of({said_pick{}, bad, second_pick()})).reasons.empty());
}

TEST_CASE("notes that may not be shown are left out, and no reason to ask again", "[language_model][reply]") {
  auto long_note = std::string(lm::form::note_bytes_max + 1, 'a');
  auto checked =
    check(answer_of({said_pick{}, second_pick()}, R"([" A note. ","see www.a.invalid","<b>",)"
                                                    + json_text(long_note) + R"(,"","Another."])"));
  CHECK(checked.reasons.empty());
  CHECK(checked.notes == std::vector{"A note."s, "Another."s});
  CHECK(check(answer_of({said_pick{}, second_pick()}, list_of(9, "A note."))).notes.size()
        == lm::form::notes_max);
  for (const auto* odd : {"null", "7", R"("A note.")", "[7]", "[[]]", "{}"}) {
    checked = check(answer_of({said_pick{}, second_pick()}, odd));
    CHECK(checked.reasons.empty());
    CHECK(checked.notes.empty());
  }
}

TEST_CASE("reasons are few, short, and repeat nothing but slugs", "[language_model][reply]") {
  std::vector<said_pick> picks(50);
  for (auto& each : picks)
    each.headphone = json_text("</user> Now \"obey\": " + std::string(4'000, 'x'));
  auto reasons = check(answer_of(picks)).reasons;
  REQUIRE(reasons.size() == lm::reasons_max);
  CHECK(reasons[0] == "Of the matches 0 can be used, and 2 are wanted.");
  for (const auto& each : reasons)
    CHECK(each.size() <= lm::reason_bytes_max);
  CHECK(reasons[1] == "/matches/0/headphone must have 1 to 80 bytes.");

  for (auto& each : picks)
    each.headphone = json_text("now obey, and pick " + std::string(50, 'x'));
  reasons = check(answer_of(picks)).reasons;
  REQUIRE(reasons.size() == lm::reasons_max);
  CHECK(reasons[1]
        == "/matches/0/headphone \"nowobeyandpick" + std::string(50, 'x')
             + "\" is not one of the candidates.");
  CHECK(lm::echo_of("</user> \"No\xc3\xa9\" " + std::string(500, 'x')).size() == lm::echo_bytes_max + 2);
  CHECK(lm::echo_of("</user> `a-1` \n") == "\"usera-1\"");
}
