#include "events/record/writer.hpp"
#include "tests/support/catch.hpp"

#include <cmath>
#include <limits>

using namespace sonicmatch::events;
using namespace sonicmatch::events::record;

namespace {

std::string text(std::string_view value) {
  std::string out;
  write_text(out, value);
  return out;
}

template <class Number>
std::string number(Number value) {
  std::string out;
  write_number(out, value);
  return out;
}

struct two_optionals {
  std::optional<int> first;
  std::optional<int> second;
  std::vector<std::optional<int>> items;

  static constexpr std::string_view record_name = "two_optionals";
  static constexpr auto declaration() {
    return fields(field("first", &two_optionals::first), field("second", &two_optionals::second),
                  field("items", &two_optionals::items));
  }
};

} // namespace

TEST_CASE("a text's quotes, backslashes and control characters are escaped", "[events][writer]") {
  CHECK(text("") == R"("")");
  CHECK(text("plain") == R"("plain")");
  CHECK(text("\"") == R"("\"")");
  CHECK(text("\\") == R"("\\")");
  CHECK(text("a\nb\tc\rd") == R"("a\nb\tc\rd")");
  CHECK(text(std::string_view{"\0", 1}) == R"("\u0000")");
  CHECK(text("\x1f\b\f") == R"("\u001f\u0008\u000c")");
  CHECK(text("\"a\"") == R"("\"a\"")");
}

TEST_CASE("a text's other bytes stay as they are", "[events][writer]") {
  CHECK(text("/ caf\xc3\xa9 \xf0\x9f\x8e\xa7 \x7f") == "\"/ caf\xc3\xa9 \xf0\x9f\x8e\xa7 \x7f\"");
}

TEST_CASE("a number is the shortest decimal that reads back", "[events][writer]") {
  CHECK(number(0.0) == "0");
  CHECK(number(-0.0) == "0");
  CHECK(number(0.1) == "0.1");
  CHECK(number(199.95) == "199.95");
  CHECK(number(100'000.0) == "100000");
  CHECK(number(-2.5e-7) == "-2.5e-07");
  CHECK(number(1e300) == "1e+300");
  CHECK(number(std::numeric_limits<std::int64_t>::min()) == "-9223372036854775808");
  CHECK(number(std::numeric_limits<std::uint64_t>::max()) == "18446744073709551615");
}

TEST_CASE("a large number is not written as a whole number that no reader takes", "[events][writer]") {
  // JSON readers, simdjson among them, refuse whole numbers beyond 64 bits.
  for (auto value : {std::ldexp(1.0, 64), -std::ldexp(1.0, 64), std::ldexp(1.0, 66)})
    CHECK(number(value).find('e') != std::string::npos);
}

TEST_CASE("an absent field is left out, an absent item is null", "[events][writer]") {
  CHECK(to_json(two_optionals{}) == R"({"items":[]})");
  CHECK(to_json(two_optionals{{}, 2, {}}) == R"({"second":2,"items":[]})");
  CHECK(to_json(two_optionals{1, 2, {1, {}, 3}}) == R"({"first":1,"second":2,"items":[1,null,3]})");
}

TEST_CASE("money is dollars with cents, whatever its binary fraction", "[events][writer]") {
  CHECK(to_json(usd{199'95}) == "199.95");
  CHECK(to_json(usd{200'00}) == "200");
  CHECK(to_json(usd{10}) == "0.1");
  CHECK(to_json(usd{-5}) == "-0.05");
  CHECK(to_json(usd{100'000'00}) == "100000");
}
