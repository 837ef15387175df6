#include "events/codec.hpp"
#include "events/record/reader.hpp"
#include "events/record/schema.hpp"
#include "events/session/document.hpp"
#include "tests/events/schema_validator.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <random>
#include <set>

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::record;

namespace {

template <class T>
std::string schema_of() {
  return schema_document<T>("urn:test");
}

/// Every schema that stands in a document, with the same checks for each.
template <class Visit>
void for_each_schema(Visit visit) {
  visit(schema_of<session::request_recommendation>());
  visit(schema_of<session::recommendation_requested>());
  visit(schema_of<session::recommendation_completed>());
  visit(schema_of<session::recommendation_failed>());
  visit(schema_of<session::document>());
  visit(schema_of<partition::partition_claimed>());
  visit(schema_of<catalog::headphone_listed>());
  visit(schema_of<catalog::headphone_retired>());
  visit(schema_of<envelope>());
}

/// Calls `visit` with each object in a document, however deep.
template <class Visit>
void for_each_object(simdjson::dom::element value, Visit visit) {
  if (value.is_array())
    for (auto each : simdjson::dom::array(value))
      for_each_object(each, visit);
  if (!value.is_object())
    return;
  simdjson::dom::object object = value;
  visit(object);
  for (auto [key, each] : object)
    for_each_object(each, visit);
}

bool reader_accepts(std::string_view json) {
  violations wrong;
  auto value = read<session::preferences>(json, wrong, unknown_fields::refuse);
  // What fields owe each other, JSON Schema cannot say; that there must be one, it can.
  if (json == "{}")
    return value.has_value();
  return value || std::all_of(wrong.begin(), wrong.end(), [](const auto& each) {
           return each.code == "inconsistent" || (each.code == "required" && each.pointer.empty());
         });
}

/// Documents that are nearly preferences: each member one of many, good and bad.
std::string draw_preferences(std::mt19937_64& random) {
  constexpr std::string_view keys[] = {"genres",
                                       "favorite_artists",
                                       "sound_preferences",
                                       "budget_min",
                                       "budget_max",
                                       "primary_use_case",
                                       "requirements",
                                       "unknown",
                                       "bass",
                                       "listening_environment",
                                       "types",
                                       "wireless"};
  constexpr std::string_view values[] = {
    "null",
    "true",
    "0",
    "-1",
    "100000",
    "100001",
    "0.5",
    "1.5",
    "\"\"",
    "\"rock\"",
    "[]",
    "[\"rock\"]",
    "[\"\"]",
    "[5]",
    "[\"over_ear\",\"in_ear\"]",
    "[\"over_ear\",\"over_ear\"]",
    "[\"sideways\"]",
    "{}",
    "[\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\",\"a\","
    "\"a\",\"a\",\"a\",\"a\"]",
    "{\"bass\":0.5}",
    "{\"bass\":2}",
    "{\"bass\":null,\"loud\":1}",
    "{\"types\":[\"in_ear\"]}",
    "{\"types\":[\"in_ear\",\"in_ear\"],\"anc\":true}",
    "{\"back\":\"open\"}",
    "{\"back\":\"shut\"}",
    "{\"wireless\":1}",
    "\"0123456789012345678901234567890123456789012345678901234567890123\"",
    "\"01234567890123456789012345678901234567890123456789012345678901234\""};
  std::vector<std::string_view> drawn(std::begin(keys), std::end(keys));
  std::shuffle(drawn.begin(), drawn.end(), random);
  std::string out = "{";
  for (std::size_t i = 0; i < random() % 4; ++i) {
    out += out.size() > 1 ? "," : "";
    out += "\"" + std::string{drawn[i]} + "\":" + std::string{values[random() % std::size(values)]};
  }
  return out + "}";
}

struct counted {
  int count = 3;

  static constexpr std::string_view record_name = "counted";
  static constexpr auto declaration() {
    return fields(
      field("count", &counted::count).range(1, std::numeric_limits<double>::infinity()).defaulted());
  }
};

struct noted {
  json_text any;

  static constexpr std::string_view record_name = "noted";
  static constexpr auto declaration() {
    return fields(field("any", &noted::any).doc("what it is").example("[1]"));
  }
};

} // namespace

TEST_CASE("a schema is JSON without a repeated key", "[events][schema]") {
  for_each_schema([](const std::string& schema) {
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(schema);
    for_each_object(root, [&](simdjson::dom::object object) {
      std::set<std::string_view> keys;
      for (auto [key, value] : object) {
        CAPTURE(key, simdjson::minify(object));
        CHECK(keys.insert(key).second);
      }
    });
  });
}

TEST_CASE("every reference in a schema leads to a definition", "[events][schema]") {
  std::size_t references = 0;
  for_each_schema([&](const std::string& schema) {
    simdjson::dom::parser parser;
    simdjson::dom::element root = parser.parse(schema);
    for_each_object(root, [&](simdjson::dom::object object) {
      std::string_view reference;
      if (object["$ref"].get(reference) != simdjson::SUCCESS)
        return;
      ++references;
      CAPTURE(reference);
      CHECK(root.at_pointer(reference.substr(1)).error() == simdjson::SUCCESS);
    });
  });
  CHECK(references > 10);
}

TEST_CASE("a schema names its dialect and its id", "[events][schema]") {
  simdjson::dom::parser parser;
  simdjson::dom::element root = parser.parse(schema_document<envelope>("urn:x\"y"));
  CHECK(std::string_view{root["$schema"]} == "https://json-schema.org/draft/2020-12/schema");
  CHECK(std::string_view{root["$id"]} == "urn:x\"y");
}

TEST_CASE("what is written satisfies its schema", "[events][schema]") {
  CHECK(tests::schema_validator{schema_of<session::recommendation_requested>()}.accepts(
    to_json(tests::sample_requested())));
  CHECK(tests::schema_validator{schema_of<session::recommendation_completed>()}.accepts(
    to_json(tests::sample_completed())));
  CHECK(tests::schema_validator{schema_of<session::recommendation_failed>()}.accepts(
    to_json(tests::sample_failed())));
  CHECK(tests::schema_validator{schema_of<catalog::headphone_listed>()}.accepts(
    to_json(catalog::headphone_listed{tests::sample_headphone()})));
  auto head = tests::sample_envelope();
  head.type = "a.v1";
  head.dataschema = schema_urn(head.type);
  CHECK(tests::schema_validator{schema_of<envelope>()}.accepts(to_json(head)));
  for (const session::event& happened :
       {session::event{tests::sample_requested()}, session::event{tests::sample_completed()},
        session::event{tests::sample_failed()}})
    CHECK(tests::schema_validator{schema_of<session::document>()}.accepts(to_json(document_of(
      tests::sample_id<session_id>(), happened, {1}, tests::sample_time(), log_position{{1}, {2}}))));
}

TEST_CASE("the schema and the reader accept the same documents", "[events][schema][property]") {
  tests::schema_validator schema{schema_of<session::preferences>()};
  std::mt19937_64 random{8};
  std::size_t accepted = 0;
  constexpr int runs = 20'000;
  for (int i = 0; i < runs; ++i) {
    auto json = draw_preferences(random);
    auto read = reader_accepts(json);
    accepted += read ? 1 : 0;
    CAPTURE(json);
    REQUIRE(schema.accepts(json) == read);
  }
  CHECK(accepted > runs / 50); // most have a mistake somewhere
  CHECK(accepted < runs - runs / 10);
}

TEST_CASE("optional and defaulted fields are not required", "[events][schema]") {
  tests::schema_validator schema{schema_of<session::preferences>()};
  CHECK_FALSE(schema.accepts("{}"));
  CHECK(schema.accepts(R"({"budget_max":null})"));
  CHECK_FALSE(schema.accepts(R"({"genres":null})"));
  CHECK_FALSE(tests::schema_validator{schema_of<session::request_recommendation>()}.accepts("{}"));
}

TEST_CASE("a defaulted field says its default, unless that is nothing", "[events][schema]") {
  auto schema = schema_of<counted>();
  CHECK(schema.find(R"("count":{"allOf":[{"type":"integer","format":"int32","minimum":1,"default":3}]})")
        != std::string::npos);
  CHECK(schema.find(R"("required":[])") != std::string::npos);
  CHECK(schema_of<session::requirements>().find("default") == std::string::npos);
}

TEST_CASE("what is written has no null, and every field that is no option", "[events][schema]") {
  schema_writer writer{"#/$defs/", schema_direction::written};
  auto root = writer.schema<session::preferences>();
  const auto& text = writer.definitions().find("preferences")->second;
  CHECK(text.find("null") == std::string::npos);
  CHECK(text.find("default") == std::string::npos);
  CHECK(text.find(R"("required":["genres","favorite_artists","favorite_tracks","sound_preferences",)"
                  R"("secondary_use_cases","requirements"])")
        != std::string::npos);
}

TEST_CASE("a definition that differs from another of its name can have one of its own", "[events][schema]") {
  schema_writer writer{"#/$defs/", schema_direction::written};
  writer.rename({"requirements"}, "shown_");
  CHECK(writer.schema<session::preferences>() == R"({"$ref":"#/$defs/preferences"})");
  CHECK(writer.definitions().contains("shown_requirements"));
  CHECK(writer.definitions().find("preferences")->second.find(R"("$ref":"#/$defs/shown_requirements")")
        != std::string::npos);
}

TEST_CASE("a field of any JSON keeps its own description and example", "[events][schema]") {
  auto schema = schema_of<noted>();
  CHECK(schema.find(R"("description":"what it is","examples":[[1]])") != std::string::npos);
  CHECK(tests::schema_validator{schema}.accepts(R"({"any":{"a":[null]}})"));
}

TEST_CASE("definitions stand where the document wants them", "[events][schema]") {
  schema_writer writer{"#/components/schemas/"};
  CHECK(writer.schema<session::preferences>() == R"({"$ref":"#/components/schemas/preferences"})");
  std::set<std::string> names;
  for (const auto& [name, text] : writer.definitions())
    names.insert(name);
  CHECK(names == std::set<std::string>{"preferences", "requirements", "sound_preferences"});
}
