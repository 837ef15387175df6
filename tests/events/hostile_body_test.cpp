#include "events/record/reader.hpp"
#include "events/session/preferences.hpp"
#include "tests/support/catch.hpp"

#include <random>

using namespace sonicmatch::events;
using namespace sonicmatch::events::record;

namespace {

struct verdict {
  std::string code;
  std::string pointer;
};

/// The first mistake in a body, or an empty one.
verdict judge(std::string_view body) {
  violations wrong;
  auto value = read<session::preferences>(body, wrong, unknown_fields::refuse);
  CHECK(value.has_value() == wrong.empty());
  return wrong.empty() ? verdict{} : verdict{wrong.front().code, wrong.front().pointer};
}

void check_malformed(std::string_view body) {
  CAPTURE(body);
  CHECK(judge(body).code == "malformed");
  CHECK(judge(body).pointer.empty());
}

std::string nested(std::size_t depth) {
  return std::string(depth, '[') + '1' + std::string(depth, ']');
}

} // namespace

TEST_CASE("a body that is no JSON is malformed", "[events][hostile]") {
  using namespace std::string_view_literals;
  for (auto body : {""sv, " "sv, "\n"sv, "{"sv, "}"sv, "nothing"sv, "{\"genres\":[\"rock\"]"sv,
                    "{\"genres\":[\"rock\",]}"sv, "{genres:[]}"sv, "{'genres':[]}"sv, "{\"genres\" []}"sv,
                    "{\"genres\":[\"rock\"]}x"sv, "{\"genres\":[\"rock\"]}{}"sv,
                    "{\"genres\":[\"rock\"]} // comment"sv, "\0"sv, "{}\0"sv})
    check_malformed(body);
}

TEST_CASE("numbers that JSON does not have are malformed", "[events][hostile]") {
  for (auto number : {"NaN", "Infinity", "-Infinity", "nan", "+1", "01", ".5", "5.", "1e", "0x10", "1_000",
                      "1e400", "-1e400", "18446744073709551616", "--1"})
    check_malformed("{\"budget_max\":" + std::string{number} + "}");
}

TEST_CASE("strings that are no text are malformed", "[events][hostile]") {
  for (auto text :
       {"\\ud800", "\\udc00", "\\ud800\\ud800", "\\udc00\\ud800", "\\ud83cx", "\\u12", "\\uzzzz", "\\x41",
        "\\", "a\nb", "\x01", "\xff", "\xc3\x28", "\xc0\xaf", "\xed\xa0\x80", "\xf5\x80\x80\x80", "\xe2\x82"})
    check_malformed("{\"genres\":[\"" + std::string{text} + "\"]}");
  check_malformed("{\"\\ud800\":1}");
}

TEST_CASE("a byte order mark does not hide what follows it", "[events][hostile]") {
  // RFC 8259, 8.1: a parser may ignore it or refuse it.
  check_malformed("\xef\xbb\xbf{\"genres\":[\"rock\"]}");
}

TEST_CASE("a pair of surrogates is one character", "[events][hostile]") {
  violations wrong;
  auto value = read<session::preferences>(R"({"genres":["\ud83c\udfa7"]})", wrong, unknown_fields::refuse);
  REQUIRE(value);
  CHECK(value->genres.front() == "\xf0\x9f\x8e\xa7");
}

TEST_CASE("16 levels of nesting are read and 17 are refused", "[events][hostile]") {
  violations wrong;
  CHECK(parse(nested(nesting_max), wrong));
  CHECK(wrong.empty());
  CHECK(judge(nested(nesting_max + 1)).code == "too_deep");
  CHECK(judge(nested(10'000)).code == "too_deep");
  CHECK(judge(nested(30'000)).code == "too_deep");
  check_malformed(std::string(60'000, '['));
  std::string objects;
  for (std::size_t i = 0; i <= nesting_max; ++i)
    objects += "{\"a\":";
  CHECK(judge(objects + "1" + std::string(nesting_max + 1, '}')).code == "too_deep");
}

TEST_CASE("duplicate and unknown keys are refused wherever they are", "[events][hostile]") {
  CHECK(judge(R"({"genres":["rock"],"genres":["jazz"]})").code == "duplicate_field");
  CHECK(judge(R"({"sound_preferences":{"bass":1,"bass":0}})").pointer == "/sound_preferences/bass");
  CHECK(judge(R"({"sound_preferences":{"loudness":1}})").code == "unknown_field");
  CHECK(judge(R"({"sound_preferences":{"loudness":1}})").pointer == "/sound_preferences/loudness");
  CHECK(judge(R"({"__proto__":{},"genres":["rock"]})").code == "unknown_field");
  CHECK(judge(R"({"":1})").pointer == "/");
  CHECK(judge(R"({"a/b~c":1})").pointer == "/a~1b~0c");
}

TEST_CASE("numbers as strings and strings as numbers are refused", "[events][hostile]") {
  CHECK(judge(R"({"budget_max":"500"})").code == "wrong_type");
  CHECK(judge(R"({"genres":[5]})").pointer == "/genres/0");
  CHECK(judge(R"({"requirements":{"wireless":"true"}})").pointer == "/requirements/wireless");
  CHECK(judge(R"({"requirements":{"wireless":1}})").code == "wrong_type");
  CHECK(judge(R"({"genres":"rock"})").code == "wrong_type");
}

TEST_CASE("numbers out of range are refused, however large", "[events][hostile]") {
  for (auto number : {"-1", "-0.01", "100000.01", "1e308", "18446744073709551615", "9223372036854775807"})
    CHECK(judge("{\"budget_max\":" + std::string{number} + "}").code == "out_of_range");
  CHECK(judge(R"({"sound_preferences":{"bass":1.0001}})").code == "out_of_range");
}

TEST_CASE("no wish at all is refused, in whatever form", "[events][hostile]") {
  for (auto body : {"{}", R"({"genres":[]})", R"({"sound_preferences":{}})", R"({"budget_max":null})",
                    R"({"requirements":{"wireless":null,"types":[]}})"}) {
    CAPTURE(body);
    CHECK(judge(body).code == "required");
    CHECK(judge(body).pointer.empty());
  }
  CHECK(judge(R"({"requirements":{"wireless":false}})").code.empty());
}

TEST_CASE("a least budget over the most is refused naming both", "[events][hostile]") {
  violations wrong;
  CHECK_FALSE(
    read<session::preferences>(R"({"budget_min":500,"budget_max":499.99})", wrong, unknown_fields::refuse));
  REQUIRE(wrong.size() == 2);
  CHECK(wrong[0].pointer == "/budget_min");
  CHECK(wrong[1].pointer == "/budget_max");
  CHECK(judge(R"({"budget_min":500,"budget_max":500})").code.empty());
}

TEST_CASE("mangled bodies are refused or read, and read the same again", "[events][hostile]") {
  constexpr std::string_view body =
    R"({"genres":["rock","jazz"],"favorite_artists":["Sigur R\u00f3s"],"sound_preferences":{"bass":0.6},)"
    R"("budget_min":200,"budget_max":500.5,"requirements":{"types":["over_ear"],"wireless":null}})";
  std::mt19937_64 random{42};
  std::size_t refused = 0;
  for (int i = 0; i < 5'000; ++i) {
    std::string mangled{body};
    for (auto changes = 1 + random() % 3; changes > 0; --changes) {
      auto at = random() % mangled.size();
      switch (random() % 3) {
      case 0:
        mangled[at] = static_cast<char>(random());
        break;
      case 1:
        mangled.erase(at, 1 + random() % 5);
        break;
      default:
        mangled.insert(at, mangled.substr(random() % mangled.size(), random() % 8));
      }
      if (mangled.empty())
        mangled = "{";
    }
    violations wrong;
    auto value = read<session::preferences>(mangled, wrong, unknown_fields::refuse);
    REQUIRE(value.has_value() == wrong.empty());
    if (!value) {
      ++refused;
      continue;
    }
    violations none;
    auto again = read<session::preferences>(to_json(*value), none, unknown_fields::refuse);
    REQUIRE(again == value);
  }
  CHECK(refused > 1'000);
}
