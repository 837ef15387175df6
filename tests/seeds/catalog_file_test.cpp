#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "seeds/catalog_file.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <filesystem>
#include <fstream>

using namespace sonicmatch;
using events::errc;

namespace {

std::string catalog_of(const std::vector<std::string>& records) {
  std::string out = "[";
  for (const auto& each : records)
    out += (out.size() > 1 ? "," : "") + each;
  return out + "]";
}

std::string json_of(std::string slug = "a") {
  return events::record::to_json(tests::sample_headphone(std::move(slug)));
}

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  auto at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), by);
}

/// What is said of a catalog that must not load.
std::string refusal(std::string_view json) {
  auto loaded = seeds::parse_catalog(json, "file.json");
  REQUIRE_FALSE(loaded);
  CHECK(events::code_of(loaded.error()) == errc::bad_catalog);
  auto detail = events::detail_of(loaded.error());
  CHECK(detail.starts_with("file.json "));
  return detail;
}

} // namespace

TEST_CASE("a catalog holds its headphones in the order of the file", "[seeds]") {
  auto loaded = seeds::parse_catalog(catalog_of({json_of("b"), json_of("a")}), "file.json");
  REQUIRE(loaded);
  REQUIRE(loaded->size() == 2);
  CHECK((*loaded)[0] == tests::sample_headphone("b"));
  CHECK((*loaded)[1] == tests::sample_headphone("a"));
}

TEST_CASE("null and absent are the same for what may be unknown", "[seeds]") {
  auto with_null = replaced(json_of(), "\"weight_g\":240.5", "\"weight_g\":null,\"battery_hours\":null");
  auto loaded = seeds::parse_catalog(catalog_of({with_null}), "file.json");
  REQUIRE(loaded);
  CHECK_FALSE(loaded->front().weight_g);
}

TEST_CASE("each field is checked, and its refusal names record and field", "[seeds]") {
  const std::tuple<std::string_view, std::string_view, std::string_view> mistakes[] = {
    {R"("slug":"a")", R"("slug":"A")", "/slug"},
    {R"("brand":"Sennheiser")", R"("brand":"")", "/brand"},
    {R"("model":"HD 560S")", R"("model":5)", "/model"},
    {R"("core":true)", R"("core":"true")", "/core"},
    {R"("form_factor":"over_ear")", R"("form_factor":"over-ear")", "/form_factor"},
    {R"("back":"open")", R"("back":"opened")", "/back"},
    {R"("driver":"dynamic")", R"("driver":"balanced_armature")", "/driver"},
    {R"("wireless":false)", R"("wireless":0)", "/wireless"},
    {R"("anc":false)", R"("anc":null)", "/anc"},
    {R"("microphone":false)", R"("microphone":"no")", "/microphone"},
    {R"("impedance_ohm":120)", R"("impedance_ohm":0)", "/impedance_ohm"},
    {R"("sensitivity_db":110)", R"("sensitivity_db":1100)", "/sensitivity_db"},
    {R"("sensitivity_unit":"dB/V")", R"("sensitivity_unit":null)", "/sensitivity_unit"},
    {R"("weight_g":240.5)", R"("weight_g":-1)", "/weight_g"},
    {R"("release_year":2020)", R"("release_year":20)", "/release_year"},
    {R"("release_year":2020)", R"("battery_hours":1000)", "/battery_hours"},
    {R"("msrp_usd":199.95)", R"("msrp_usd":0)", "/msrp_usd"},
    {R"("msrp_confidence":"high")", R"("msrp_confidence":"low")", "/msrp_confidence"},
    {R"("price_usd":179)", R"("price_usd":"179")", "/price_usd"},
    {R"("price_tier":"mid")", R"("price_tier":"premium")", "/price_tier"},
    {R"("sound_signature":{"bass":0.319)", R"("sound_signature":{"bass":1.319)", "/sound_signature/bass"},
    {R"("treble":0.416)", R"("trebles":0.416)", "/sound_signature/trebles"},
    {R"("sub_bass":-4.42)", R"("sub_bass":-44.2)", "/measured/deviation_db/sub_bass"},
    {R"("combined_db":{"bass":-1.89)", R"("combined_db":{"bass":"-1.89")", "/measured/combined_db/bass"},
    {R"("preference_score":97.5)", R"("preference_score":975)", "/measured/preference_score"},
    {R"("confidence":"normal")", R"("confidence":"none")", "/measured/confidence"},
    {R"("n_sources":7)", R"("n_sources":1)", "/measured/cross_source/n_sources"},
    {R"(["classical","jazz"])", R"(["classical","shoegaze"])", "/genres/1"},
    {R"(["classical","jazz"])", R"(["classical","classical"])", "/genres/1"},
    {R"(["classical","jazz"])", "[]", "/genres"},
    {R"(["critical_listening","gaming"])", R"(["critical_listening",""])", "/use_cases/1"},
    {R"("pros":["Even, believable tuning"])", R"("pros":[""])", "/pros/0"},
    {R"("cons":["Leaks sound"])", R"("cons":"Leaks sound")", "/cons"},
    {R"("measured_by":"oratory1990")", R"("measured_by":"")", "/sources/signature/measured_by"},
    {R"("commit":"0b88ecd4e2bef7cf69fd5d50f1d06fb586c10865",)", "", "/sources/signature/commit"},
  };
  for (const auto& [right, wrong, field] : mistakes) {
    CAPTURE(wrong);
    auto broken = replaced(json_of(), right, wrong);
    auto detail = refusal(catalog_of({json_of("first"), broken}));
    CHECK(detail.find("record 1 (") != std::string::npos);
    CHECK(detail.find(": " + std::string{field} + " ") != std::string::npos);
    CHECK(detail.find("record 0") == std::string::npos);
  }
}

TEST_CASE("a field that is missing is named", "[seeds]") {
  auto detail = refusal(catalog_of({replaced(json_of(), "\"price_usd\":179,", "")}));
  CHECK(detail.find("record 0 (a): /price_usd is missing") != std::string::npos);
}

TEST_CASE("a slug that is there twice is refused, naming both records", "[seeds]") {
  auto detail = refusal(catalog_of({json_of("a"), json_of("b"), json_of("a")}));
  CHECK(detail.find("record 2 (a): /slug") != std::string::npos);
  CHECK(detail.find("record 0") != std::string::npos);
}

TEST_CASE("every mistake is listed, up to a bound", "[seeds]") {
  auto two =
    replaced(replaced(json_of(), "\"core\":true", "\"core\":1"), "\"price_usd\":179", "\"price_usd\":-1");
  auto detail = refusal(catalog_of({two, replaced(json_of("b"), "\"anc\":false", "\"anc\":5")}));
  CHECK(std::count(detail.begin(), detail.end(), '\n') == 3);
  std::vector<std::string> many(30, replaced(json_of(), "\"core\":true", "\"core\":1"));
  detail = refusal(catalog_of(many));
  CHECK(std::count(detail.begin(), detail.end(), '\n') == 21);
  CHECK(detail.find("and 10 more") != std::string::npos);
}

TEST_CASE("what is no array of headphones is refused", "[seeds]") {
  for (auto json : {"", "{", "[", "{}", "5", "[]", "[1,]"})
    CHECK_FALSE(refusal(json).empty());
  CHECK(refusal("[5]").find("record 0") != std::string::npos);
  CHECK(refusal("[]").find("no headphone") != std::string::npos);
}

TEST_CASE("a file that is not there or no file is refused by name", "[seeds]") {
  auto missing = seeds::read_catalog("/nowhere/at/all.json");
  REQUIRE_FALSE(missing);
  CHECK(events::code_of(missing.error()) == errc::bad_catalog);
  CHECK(events::detail_of(missing.error()).find("/nowhere/at/all.json") != std::string::npos);
  auto folder = seeds::read_catalog(SONICMATCH_SOURCE_DIR "/seeds");
  REQUIRE_FALSE(folder);
  CHECK(events::code_of(folder.error()) == errc::bad_catalog);
}
