#include "events/record/reader.hpp"
#include "tests/support/catch.hpp"

#include <bit>
#include <random>

using namespace sonicmatch::events;
using namespace sonicmatch::events::record;

namespace {

enum class shade : std::uint8_t { light, dark, none };
constexpr auto names(shade) {
  return std::array<std::string_view, 3>{"light", "dark", "none"};
}

struct leaf {
  std::string text;
  std::optional<std::int64_t> number;

  bool operator==(const leaf&) const = default;

  static constexpr std::string_view record_name = "leaf";
  static constexpr auto declaration() {
    return fields(field("text", &leaf::text), field("number", &leaf::number));
  }
};

/// A field of every type that a declaration may have.
struct everything {
  bool flag = false;
  std::int64_t wide = 0;
  std::uint32_t narrow = 0;
  double real = 0;
  usd money;
  std::string text;
  shade paint = shade::light;
  timestamp time;
  session_id id;
  log_offset offset;
  json_text any;
  leaf one;
  std::optional<leaf> maybe;
  std::optional<std::vector<double>> reals;
  std::vector<leaf> leaves;
  std::vector<std::vector<std::uint8_t>> table;

  bool operator==(const everything&) const = default;

  static constexpr std::string_view record_name = "everything";
  static constexpr auto declaration() {
    using e = everything;
    return fields(field("flag", &e::flag), field("wide", &e::wide), field("narrow", &e::narrow),
                  field("real", &e::real), field("money", &e::money), field("text", &e::text),
                  field("paint", &e::paint), field("time", &e::time), field("id", &e::id),
                  field("offset", &e::offset), field("any", &e::any), field("one", &e::one),
                  field("maybe", &e::maybe), field("reals", &e::reals), field("leaves", &e::leaves),
                  field("table", &e::table));
  }
};

class generator {
public:
  explicit generator(std::uint64_t seed)
    : random_(seed) {}

  everything draw() {
    everything out;
    out.flag = coin();
    out.wide = static_cast<std::int64_t>(random_());
    out.narrow = static_cast<std::uint32_t>(random_());
    out.real = real();
    out.money = {static_cast<std::int64_t>(random_() % 20'000'000) - 10'000'000};
    out.text = text();
    out.paint = static_cast<shade>(random_() % 3);
    out.time =
      timestamp{std::chrono::microseconds{static_cast<std::int64_t>(random_() % 253'402'300'800'000'000)}};
    for (auto& byte : out.id.value.bytes)
      byte = static_cast<std::uint8_t>(random_());
    out.offset.value = static_cast<std::int64_t>(random_() >> 1);
    constexpr std::string_view any[] = {"null",       "true", "-1.5",
                                        "\"a\\\"b\"", "[]",   "{\"a\":[1,{\"b\":null}]}"};
    out.any.text = any[random_() % std::size(any)];
    out.one = one();
    if (coin())
      out.maybe = one();
    if (coin()) {
      out.reals.emplace();
      fill(*out.reals, [this] { return real(); });
    }
    fill(out.leaves, [this] { return one(); });
    fill(out.table, [this] {
      std::vector<std::uint8_t> row;
      fill(row, [this] { return static_cast<std::uint8_t>(random_()); });
      return row;
    });
    return out;
  }

private:
  bool coin() {
    return random_() % 2 == 0;
  }

  /// Any finite number: every exponent as likely as any other.
  double real() {
    auto out = std::bit_cast<double>(random_());
    return std::isfinite(out) ? out : 0.5;
  }

  std::string text() {
    constexpr std::string_view pieces[] = {"a",       "Z9",   "\"",   "\\", "/",           "\n",
                                           "\t",      "\x01", "\x7f", "{}", "caf\xc3\xa9", "\xf0\x9f\x8e\xa7",
                                           "\\u0000", " "};
    std::string out;
    for (auto count = random_() % 12; count > 0; --count)
      out += pieces[random_() % std::size(pieces)];
    if (coin())
      out.push_back('\0');
    return out;
  }

  leaf one() {
    leaf out{text(), std::nullopt};
    if (coin())
      out.number = static_cast<std::int64_t>(random_());
    return out;
  }

  template <class T, class Make>
  void fill(std::vector<T>& out, Make make) {
    for (auto count = random_() % 5; count > 0; --count)
      out.push_back(make());
  }

  std::mt19937_64 random_;
};

} // namespace

TEST_CASE("whatever is written is read back as it was", "[events][property]") {
  generator values{20'261'122};
  for (int i = 0; i < 3'000; ++i) {
    auto value = values.draw();
    auto json = to_json(value);
    violations wrong;
    auto again = read<everything>(json, wrong, unknown_fields::refuse);
    CAPTURE(json);
    REQUIRE(wrong.empty());
    REQUIRE(again);
    REQUIRE(*again == value);
    REQUIRE(to_json(*again) == json);
  }
}

TEST_CASE("numbers at the ends of what doubles hold are read back", "[events][property]") {
  for (auto exponent = -1074; exponent <= 1023; ++exponent)
    for (auto sign : {1.0, -1.0}) {
      auto value = sign * std::ldexp(1.0, exponent);
      violations wrong;
      auto again = read<std::vector<double>>(to_json(std::vector{value}), wrong, unknown_fields::refuse);
      CAPTURE(value);
      REQUIRE(again);
      REQUIRE(again->front() == value);
    }
}
