#include "actors/language_model/catalog_text.hpp"
#include "actors/language_model/prompt_text.hpp"
#include "actors/language_model/reply_form.hpp"
#include "events/record/reader.hpp"
#include "tests/actors/language_model/prompt_samples.hpp"

#include <fstream>
#include <iterator>

// What a model is told and asked.

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::string_literals;

namespace {

using simdjson::SUCCESS;
using simdjson::dom::element;

const events::catalog::snapshot& seeded_catalog() {
  static const auto loaded = [] {
    std::ifstream file{SONICMATCH_SOURCE_DIR "/seeds/headphones.json"};
    std::string text{std::istreambuf_iterator<char>{file}, {}};
    events::record::violations wrong;
    auto all = events::record::read<std::vector<events::catalog::headphone>>(
      text, wrong, events::record::unknown_fields::refuse);
    REQUIRE(all);
    return events::catalog::snapshot{std::move(*all), 1};
  }();
  return loaded;
}

/// Every object of a schema, the schema itself among them.
void check_objects(element schema, int& objects) {
  CAPTURE(simdjson::minify(schema));
  simdjson::dom::object properties;
  element items;
  std::string_view type;
  REQUIRE(schema["type"].get(type) == SUCCESS);
  if (schema["items"].get(items) == SUCCESS)
    return check_objects(items, objects);
  if (type != "object")
    return;
  ++objects;
  REQUIRE(schema["properties"].get(properties) == SUCCESS);
  bool additional = true;
  REQUIRE(schema["additionalProperties"].get(additional) == SUCCESS);
  CHECK_FALSE(additional);
  simdjson::dom::array required;
  REQUIRE(schema["required"].get(required) == SUCCESS);
  REQUIRE(required.size() == properties.size());
  std::size_t i = 0;
  for (auto [name, value] : properties) {
    std::string_view also;
    REQUIRE(required.at(i++).get(also) == SUCCESS);
    CHECK(also == name);
    check_objects(value, objects);
  }
}

bool holds_number(std::string_view text, std::size_t number) {
  return text.find(std::to_string(number)) != std::string_view::npos;
}

} // namespace

TEST_CASE("the whole catalog is a prompt of a size that caches and does not cost much",
          "[language_model][prompt]") {
  auto fixed = lm::recommendation_instructions(seeded_catalog());
  CHECK(seeded_catalog().all().size() == 240);
  CHECK(fixed.text.size() > 4 * 4'096); // tokens have about four bytes
  CHECK(fixed.text.size() < 40'960);
  CHECK(simdjson::validate_utf8(fixed.text));
}

TEST_CASE("one snapshot gives the same bytes, and so does the same catalog in another order",
          "[language_model][prompt]") {
  auto first = lm::recommendation_instructions(*sample_catalog());
  auto again = lm::recommendation_instructions(*sample_catalog());
  CHECK(first.text == again.text);
  CHECK(first.schema == again.schema);
  events::catalog::snapshot turned{{sample_wireless(), sample_headphone(), sample_planar()}, 99};
  CHECK(lm::recommendation_instructions(turned).text == first.text);
}

TEST_CASE("the catalog is a header and a line for each headphone", "[language_model][prompt]") {
  CHECK(lm::catalog_text(*sample_catalog())
        == "slug|name|price|form|back|driver|features|bass mids treble soundstage detail|genres|use cases\n"
           "hifiman-sundara|HIFIMAN Sundara|299|over_ear|open|planar|wired|.36 .50 .58 .66 .80|"
           "classical rock|critical_listening gaming\n"
           "sennheiser-hd-560s|Sennheiser HD 560S|179|over_ear|open|dynamic|wired|.32 .52 .42 .72 .72|"
           "classical jazz|critical_listening gaming\n"
           "sony-wh-1000xm5|Sony WH-1000XM5|329|over_ear|closed|dynamic|wireless anc mic|.71 .44 .49 .50 .64|"
           "pop hip_hop|travel commuting\n");
}

TEST_CASE("a catalog's line keeps its columns whatever a name holds", "[language_model][prompt]") {
  auto odd = sample_headphone("odd");
  odd.brand = "A|B\nC";
  odd.model = "\xe2\x80\xae"
              "D";
  odd.sound_signature = {0, 1, 0.004, 0.996, 0.05};
  odd.measured.confidence = events::catalog::confidence::low;
  auto text = lm::catalog_text({{odd}, 1});
  CHECK(std::count(text.begin(), text.end(), '\n') == 2);
  CHECK(text.find("\nodd|A/B C D|179|over_ear|open|dynamic|wired|.00 1 .00 1 .05 unsure|classical jazz|")
        != std::string::npos);
}

TEST_CASE("the schemas are of the part that every provider takes", "[language_model][prompt]") {
  simdjson::dom::parser parser;
  element root;
  int objects = 0;
  auto recommendation = lm::recommendation_instructions(*sample_catalog());
  CHECK(recommendation.schema_name == "headphone_recommendation");
  REQUIRE(parser.parse(recommendation.schema).get(root) == SUCCESS);
  check_objects(root, objects);
  CHECK(objects == 3);
  objects = 0;
  auto explanation = lm::explanation_instructions();
  CHECK(explanation.schema_name == "headphone_explanation");
  REQUIRE(parser.parse(explanation.schema).get(root) == SUCCESS);
  check_objects(root, objects);
  CHECK(objects == 1);
  for (const auto& schema : {recommendation.schema, explanation.schema})
    for (const auto* refused :
         {"minimum", "maximum", "maxItems", "minLength", "maxLength", "pattern", "$ref"})
      CHECK(schema.find(json_text(refused)) == std::string::npos);
}

TEST_CASE("the rules say the limits that are checked", "[language_model][prompt]") {
  for (auto limit : {lm::form::explanation_bytes_max, lm::form::item_bytes_max, lm::form::items_max,
                     lm::form::notes_max}) {
    CAPTURE(limit);
    CHECK(holds_number(lm::recommendation_rules, limit));
  }
  CHECK(holds_number(lm::explanation_rules, lm::form::detailed_bytes_max));
  auto schema = lm::recommendation_instructions(*sample_catalog()).schema;
  CHECK(schema.find("at most 1200 bytes.") != std::string::npos);
  CHECK(schema.find("at most 6 items of at most 200 bytes.") != std::string::npos);
  CHECK(schema.find("from 0 to 1.") != std::string::npos);
}

TEST_CASE("a question is the wishes, the number and the candidates", "[language_model][prompt]") {
  CHECK(
    lm::recommendation_question(sample_preferences(), sample_candidates(), 2)
    == R"({"wishes":{"genres":["rock","jazz"],"favorite_artists":["Sigur Rós \"live\""],"favorite_tracks":[],)"
       R"("sound_preferences":{"bass":0.6},"budget_min":200,"budget_max":500.5,)"
       R"("primary_use_case":"critical_listening","secondary_use_cases":[],"listening_environment":"home_quiet",)"
       R"("requirements":{"types":["over_ear"],"wireless":false}},"max_results":2,"candidates":[)"
       R"({"headphone":"hifiman-sundara","price_usd":299,"heuristic_scores":{"overall":0.83,"genre_match":0.9,)"
       R"("sound_profile":0.8,"use_case":0.85,"budget":0.7,"feature_match":0.5}},)"
       R"({"headphone":"sennheiser-hd-560s","price_usd":179,"heuristic_scores":{"overall":0.8,"genre_match":0.8,)"
       R"("sound_profile":0.9,"use_case":0.8,"budget":0.6,"feature_match":0.5}}]})");
  CHECK(lm::recommendation_question({}, {}, 0).ends_with(R"("max_results":0,"candidates":[]})"));
}

TEST_CASE("wishes are bounded whatever the preferences hold", "[language_model][prompt]") {
  events::session::preferences wanted;
  wanted.genres.assign(500, std::string(5'000, 'g'));
  wanted.favorite_artists = {"\n\xe2\x80\x8b", " Bj\xc3\xb6rk "};
  wanted.favorite_tracks.assign(500, "\xe2\x80\xae");
  wanted.primary_use_case = std::string(5'000, 'u');
  wanted.listening_environment = "\x01";
  auto shown = lm::shown_wishes(wanted);
  CHECK(shown.genres == std::vector<std::string>(20, std::string(200, 'g')));
  CHECK(shown.favorite_artists == std::vector{"Björk"s});
  CHECK(shown.favorite_tracks.empty());
  CHECK(shown.primary_use_case->size() == 200);
  CHECK_FALSE(shown.listening_environment);
  CHECK(lm::recommendation_question(wanted, sample_candidates(), 2).size() < 6'000);
}

TEST_CASE("the turn that asks for a repair lists the reasons", "[language_model][prompt]") {
  auto turn = lm::repair_turn({"/matches/0/explanation is empty.", "Another."});
  CHECK(turn.find("\n- /matches/0/explanation is empty.\n- Another.\n") != std::string::npos);
  CHECK(turn.find("\"candidates\"") == std::string::npos);
}
