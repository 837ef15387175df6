#include "events/record/reader.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch::events;
using namespace sonicmatch::events::record;

namespace {

enum class colour : std::uint8_t { red, green };
constexpr auto names(colour) {
  return std::array<std::string_view, 2>{"red", "green"};
}

struct part {
  double size = 0;

  bool operator==(const part&) const = default;

  static constexpr std::string_view record_name = "part";
  static constexpr auto declaration() {
    return fields(field("size", &part::size).range(0, 10));
  }
  static void check(const part& value, const std::string& at, violations& wrong) {
    if (value.size == 7)
      wrong.push_back({at + "/size", "unlucky", "must not be 7"});
  }
};

struct thing {
  int count = 3;
  std::optional<double> ratio;
  bool flag = false;
  std::string name;
  colour paint = colour::red;
  usd price;
  timestamp made;
  session_id id;
  stream_version version;
  std::vector<std::string> tags;
  std::vector<part> parts;
  std::vector<double> levels;
  json_text note;
  std::uint8_t small = 0;

  static constexpr std::string_view record_name = "thing";
  static constexpr auto declaration() {
    using t = thing;
    return fields(field("count", &t::count).defaulted().range(1, 9), field("ratio", &t::ratio).range(0, 1),
                  field("flag", &t::flag), field("na~me/", &t::name).size(1, 5), field("paint", &t::paint),
                  field("price", &t::price).range(0, 100), field("made", &t::made), field("id", &t::id),
                  field("version", &t::version),
                  field("tags", &t::tags).size(0, 3).item_size(4).unique().defaulted(),
                  field("parts", &t::parts).defaulted(),
                  field("levels", &t::levels).range(0, std::numeric_limits<double>::infinity()).defaulted(),
                  field("note", &t::note).defaulted(), field("small", &t::small).defaulted());
  }
};

constexpr std::string_view good = R"({"flag":true,"na~me/":"abc","paint":"green","price":1.5,)"
                                  R"("made":"2026-11-22T14:15:39Z","version":7,)"
                                  R"("id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f"})";

/// The good document with more or other members.
std::string with(std::string_view member) {
  return std::string{good.substr(0, good.size() - 1)} + "," + std::string{member} + "}";
}

std::string replaced(std::string_view what, std::string_view by) {
  std::string out{good};
  auto at = out.find(what);
  REQUIRE(at != std::string::npos);
  return out.replace(at, what.size(), by);
}

violations wrong_in(std::string_view json, unknown_fields unknown = unknown_fields::refuse) {
  violations wrong;
  auto value = read<thing>(json, wrong, unknown);
  CHECK(value.has_value() == wrong.empty());
  return wrong;
}

void check_one(std::string_view json, std::string_view code, std::string_view pointer) {
  CAPTURE(json);
  auto wrong = wrong_in(json);
  REQUIRE(wrong.size() == 1);
  CHECK(wrong[0].code == code);
  CHECK(wrong[0].pointer == pointer);
  CHECK_FALSE(wrong[0].detail.empty());
}

} // namespace

TEST_CASE("a record is read field by field, absent ones keep their defaults", "[events][reader]") {
  violations wrong;
  auto value = read<thing>(good, wrong, unknown_fields::refuse);
  REQUIRE(value);
  CHECK(value->count == 3);
  CHECK_FALSE(value->ratio);
  CHECK(value->flag);
  CHECK(value->name == "abc");
  CHECK(value->paint == colour::green);
  CHECK(value->price == usd{150});
  CHECK(value->version.value == 7);
  CHECK(to_string(value->made) == "2026-11-22T14:15:39.000000Z");
  CHECK(value->note.text == "null");
}

TEST_CASE("the order of members does not matter", "[events][reader]") {
  CHECK(wrong_in(R"({"id":"017f22e2-79b0-7cc3-98c4-dc0c0c07398f","version":7,"made":"2026-11-22T14:15:39Z",)"
                 R"("count":2,"price":1,"paint":"red","na~me/":"x","flag":false})")
          .empty());
}

TEST_CASE("null is an absent optional and nothing else", "[events][reader]") {
  CHECK(wrong_in(with(R"("ratio":null)")).empty());
  check_one(with(R"("count":null)"), "wrong_type", "/count");
  check_one(replaced("true", "null"), "wrong_type", "/flag");
}

TEST_CASE("each kind of mistake has its code and the pointer of its field", "[events][reader]") {
  check_one(replaced(R"("flag":true,)", ""), "required", "/flag");
  check_one(replaced(R"("na~me/":"abc",)", ""), "required", "/na~0me~1");
  check_one(with(R"("colour":1)"), "unknown_field", "/colour");
  check_one(with(R"("flag":true)"), "duplicate_field", "/flag");
  check_one(with(R"("\u0066lag":true)"), "duplicate_field", "/flag");
  check_one(replaced("true", "1"), "wrong_type", "/flag");
  check_one(replaced("\"abc\"", "5"), "wrong_type", "/na~0me~1");
  check_one(replaced("\"abc\"", "\"\""), "wrong_size", "/na~0me~1");
  check_one(replaced("\"abc\"", "\"abcdef\""), "wrong_size", "/na~0me~1");
  check_one(replaced("green", "blue"), "not_allowed", "/paint");
  check_one(replaced("\"green\"", "1"), "wrong_type", "/paint");
  check_one(replaced("1.5", "\"1.5\""), "wrong_type", "/price");
  check_one(replaced("1.5", "100.01"), "out_of_range", "/price");
  check_one(replaced("1.5", "-0.01"), "out_of_range", "/price");
  check_one(replaced("14:15:39Z", "14:15:39"), "wrong_format", "/made");
  check_one(replaced("017f22e2-", "017f22e2"), "wrong_format", "/id");
  check_one(with(R"("count":"5")"), "wrong_type", "/count");
  check_one(with(R"("count":1.5)"), "wrong_type", "/count");
  check_one(with(R"("count":true)"), "wrong_type", "/count");
  check_one(with(R"("count":0)"), "out_of_range", "/count");
  check_one(with(R"("count":10)"), "out_of_range", "/count");
  check_one(with(R"("count":4294967298)"), "out_of_range", "/count");
  check_one(with(R"("small":256)"), "out_of_range", "/small");
  check_one(with(R"("small":-1)"), "out_of_range", "/small");
  check_one(with(R"("ratio":1.0000001)"), "out_of_range", "/ratio");
  check_one(with(R"("levels":[0,1,-1])"), "out_of_range", "/levels/2");
  check_one(with(R"("tags":{})"), "wrong_type", "/tags");
  check_one(with(R"("tags":["a","b","c","d"])"), "wrong_size", "/tags");
  check_one(with(R"("tags":["a",5])"), "wrong_type", "/tags/1");
  check_one(with(R"("tags":["a",""])"), "wrong_size", "/tags/1");
  check_one(with(R"("tags":["a","abcde"])"), "wrong_size", "/tags/1");
  check_one(with(R"("tags":["a","b","a"])"), "repeated", "/tags/2");
  check_one(with(R"("parts":[{"size":1},{"size":11}])"), "out_of_range", "/parts/1/size");
  check_one(with(R"("parts":[{}])"), "required", "/parts/0/size");
  check_one(with(R"("parts":[{"size":1,"a~/b":1}])"), "unknown_field", "/parts/0/a~0~1b");
  check_one(with(R"("parts":[5])"), "wrong_type", "/parts/0");
  check_one(with(R"("parts":[{"size":1},{"size":7}])"), "unlucky", "/parts/1/size");
}

TEST_CASE("lengths are counted in characters", "[events][reader]") {
  CHECK(wrong_in(replaced("\"abc\"", "\"ÄÖÜ𝄞é\"")).empty());
  check_one(replaced("\"abc\"", "\"ÄÖÜ𝄞éa\""), "wrong_size", "/na~0me~1");
  CHECK(wrong_in(with(R"("tags":["日本語だ"])")).empty());
}

TEST_CASE("a whole number may be written with a fraction of nothing", "[events][reader]") {
  CHECK(wrong_in(with(R"("count":5.0)")).empty());
  CHECK(wrong_in(with(R"("count":0.5e1)")).empty());
  check_one(with(R"("count":1e300)"), "wrong_type", "/count");
}

TEST_CASE("a value on the edge of its rule is good", "[events][reader]") {
  CHECK(wrong_in(with(R"("count":1)")).empty());
  CHECK(wrong_in(with(R"("count":9)")).empty());
  CHECK(wrong_in(replaced("1.5", "100")).empty());
  CHECK(wrong_in(replaced("\"abc\"", "\"abcde\"")).empty());
  CHECK(wrong_in(with(R"("tags":["abcd","b","c"])")).empty());
  CHECK(wrong_in(with(R"("small":255)")).empty());
}

TEST_CASE("everything that is wrong is listed at once", "[events][reader]") {
  auto wrong = wrong_in(R"({"count":0,"flag":"x","paint":"blue","price":1,"unknown":[],)"
                        R"("parts":[{"size":-1},{"size":1},7]})");
  std::vector<std::string> pointers;
  for (const auto& each : wrong)
    pointers.push_back(each.pointer);
  CHECK(pointers
        == std::vector<std::string>{"/count", "/flag", "/paint", "/unknown", "/parts/0/size", "/parts/2",
                                    "/na~0me~1", "/made", "/id", "/version"});
}

TEST_CASE("a record that is no object is wrong at its own place", "[events][reader]") {
  for (auto json : {"[]", "5", "\"x\"", "null", "true"})
    check_one(json, "wrong_type", "");
}

TEST_CASE("violations are bounded however much is wrong", "[events][reader]") {
  std::string items = "[";
  for (int i = 0; i < 1'000; ++i)
    items += i == 0 ? "-1" : ",-1";
  auto wrong = wrong_in(with("\"levels\":" + items + "]"));
  CHECK(wrong.size() == violations_max);
}

TEST_CASE("fields of a later version can be ignored, but not repeated or wrong ones", "[events][reader]") {
  CHECK(wrong_in(with(R"("later":{"a":[1,2]})"), unknown_fields::ignore).empty());
  CHECK(wrong_in(with(R"("parts":[{"size":1,"later":1}])"), unknown_fields::ignore).empty());
  CHECK(wrong_in(with(R"("flag":true)"), unknown_fields::ignore).size() == 1);
  CHECK(wrong_in(with(R"("count":0,"later":1)"), unknown_fields::ignore).size() == 1);
}

TEST_CASE("money is rounded to the cent", "[events][reader]") {
  violations wrong;
  auto value = read<thing>(replaced("1.5", "19.999999999999996"), wrong, unknown_fields::refuse);
  REQUIRE(value);
  CHECK(value->price == usd{20'00});
}

TEST_CASE("any JSON is carried as it is, without blanks", "[events][reader]") {
  violations wrong;
  auto value = read<thing>(with(R"("note": {"a" : [ 1, "x\"y", null ]})"), wrong, unknown_fields::refuse);
  REQUIRE(value);
  CHECK(value->note.text == R"({"a":[1,"x\"y",null]})");
}
