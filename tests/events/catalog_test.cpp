#include "events/catalog/events.hpp"
#include "events/record/reader.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/samples.hpp"

#include <algorithm>
#include <random>

using namespace sonicmatch;
using namespace sonicmatch::events;
using namespace sonicmatch::events::catalog;

namespace {

headphone revised(headphone from) {
  from.price_usd.cents += 100;
  return from;
}

state holding(const std::vector<headphone>& all) {
  state out;
  for (const auto& each : all)
    evolve(out, headphone_listed{each});
  return out;
}

record::violations wrong_in(const headphone& value) {
  record::violations wrong;
  auto read = record::read<headphone>(record::to_json(value), wrong, record::unknown_fields::refuse);
  CHECK(read.has_value() == wrong.empty());
  return wrong;
}

} // namespace

TEST_CASE("a catalog follows its listings, revisions and retirements", "[events][catalog]") {
  state current;
  auto first = tests::sample_headphone("a");
  evolve(current, headphone_listed{first});
  CHECK(current == state{{first.id(), first}});
  evolve(current, headphone_listed{first});
  CHECK(current.size() == 1);
  evolve(current, headphone_revised{revised(first)});
  CHECK(current.at(first.id()) == revised(first));
  evolve(current, headphone_retired{"b"});
  CHECK(current.size() == 1);
  evolve(current, headphone_retired{"a"});
  CHECK(current.empty());
}

TEST_CASE("a revision of a headphone whose listing compaction removed lists it", "[events][catalog]") {
  state current;
  evolve(current, headphone_revised{tests::sample_headphone("a")});
  CHECK(current.size() == 1);
}

TEST_CASE("only differences lead to events", "[events][catalog]") {
  auto a = tests::sample_headphone("a");
  auto b = tests::sample_headphone("b");
  auto c = tests::sample_headphone("c");
  auto current = holding({a, b});
  CHECK(decide(current, {a, b}, true).empty());
  CHECK(decide(current, {c, revised(b), a}, false)
        == std::vector<event>{headphone_listed{c}, headphone_revised{revised(b)}});
  CHECK(decide(current, {b}, false).empty());
  CHECK(decide(current, {b}, true) == std::vector<event>{headphone_retired{"a"}});
  CHECK(decide({}, {}, true).empty());
}

TEST_CASE("retirements are in the order of ids", "[events][catalog]") {
  std::vector<headphone> all;
  for (auto slug : {"a", "b", "c", "d", "e"})
    all.push_back(tests::sample_headphone(slug));
  auto happened = decide(holding(all), {}, true);
  REQUIRE(happened.size() == all.size());
  CHECK(std::is_sorted(happened.begin(), happened.end(),
                       [](const auto& x, const auto& y) { return subject_of(x) < subject_of(y); }));
}

TEST_CASE("what is decided turns the catalog into what is wanted", "[events][catalog][property]") {
  std::mt19937_64 random{3};
  auto draw = [&] {
    std::vector<headphone> out;
    for (char name = 'a'; name <= 'h'; ++name)
      if (random() % 2 == 0) {
        out.push_back(tests::sample_headphone(std::string{name}));
        if (random() % 2 == 0)
          out.back() = revised(out.back());
      }
    std::shuffle(out.begin(), out.end(), random);
    return out;
  };
  for (int run = 0; run < 300; ++run) {
    auto current = holding(draw());
    auto wanted = draw();
    auto before = current;
    for (auto& happened : decide(current, wanted, true))
      evolve(current, std::move(happened));
    REQUIRE(current == holding(wanted));
    auto appended = before;
    for (auto& happened : decide(before, wanted, false))
      evolve(appended, std::move(happened));
    for (const auto& [id, each] : before)
      if (!current.contains(id))
        REQUIRE(appended.at(id) == each);
    REQUIRE(decide(appended, wanted, false).empty());
  }
}

TEST_CASE("an event is about the headphone with its slug's id", "[events][catalog]") {
  auto a = tests::sample_headphone("a");
  CHECK(subject_of(headphone_listed{a}) == headphone_id_of("a"));
  CHECK(subject_of(headphone_revised{a}) == headphone_id_of("a"));
  CHECK(subject_of(headphone_retired{"a"}) == headphone_id_of("a"));
}

TEST_CASE("a snapshot is in order of slug, with the views beside it", "[events][catalog]") {
  snapshot listed{
    {tests::sample_headphone("b"), tests::sample_headphone("a-2"), tests::sample_headphone("a")}, 17};
  CHECK(listed.version() == 17);
  std::vector<std::string> slugs;
  for (const auto& each : listed.all())
    slugs.push_back(each.slug);
  CHECK(slugs == std::vector<std::string>{"a", "a-2", "b"});
  REQUIRE(listed.views().size() == 3);
  for (std::size_t i = 0; i < 3; ++i)
    CHECK(listed.views()[i] == view_of(listed.all()[i]));
}

TEST_CASE("a snapshot finds by slug and by id", "[events][catalog]") {
  snapshot listed{{tests::sample_headphone("b"), tests::sample_headphone("a")}, 0};
  REQUIRE(listed.find("b") != nullptr);
  CHECK(listed.find("b")->slug == "b");
  REQUIRE(listed.find(to_string(headphone_id_of("a"))) != nullptr);
  CHECK(listed.find(to_string(headphone_id_of("a")))->slug == "a");
  CHECK(listed.find("c") == nullptr);
  CHECK(listed.find("") == nullptr);
  CHECK(listed.find("B") == nullptr);
}

TEST_CASE("a view shows what a person chooses by, and who measured it", "[events][catalog]") {
  auto shown = view_of(tests::sample_headphone());
  CHECK(shown.id == headphone_id_of("sennheiser-hd-560s"));
  CHECK(shown.measured_by == "oratory1990");
  CHECK(shown.price_usd == usd{179'00});
  CHECK(shown.weight_g == 240.5);
  CHECK_FALSE(shown.battery_hours);
}

TEST_CASE("a headphone's fields owe each other", "[events][catalog]") {
  CHECK(wrong_in(tests::sample_headphone()).empty());
  for (auto slug : {"Upper", "with space", "-a", "a-", "a_b", "caf\xc3\xa9"}) {
    auto wrong = wrong_in(tests::sample_headphone(slug));
    REQUIRE(wrong.size() == 1);
    CHECK(wrong[0].pointer == "/slug");
  }
  auto unit = tests::sample_headphone();
  unit.sensitivity_unit.reset();
  REQUIRE(wrong_in(unit).size() == 1);
  CHECK(wrong_in(unit)[0].pointer == "/sensitivity_unit");
}

TEST_CASE("a price tier follows from the list price", "[events][catalog]") {
  const std::pair<std::int64_t, price_tier> known[] = {
    {149'99, price_tier::budget},  {150'00, price_tier::mid},     {299'99, price_tier::mid},
    {300'00, price_tier::premium}, {600'00, price_tier::premium}, {600'01, price_tier::flagship}};
  for (auto [cents, tier] : known) {
    auto each = tests::sample_headphone();
    each.msrp_usd = {cents};
    each.price_tier = tier;
    CAPTURE(cents);
    CHECK(wrong_in(each).empty());
    each.price_tier = tier == price_tier::mid ? price_tier::budget : price_tier::mid;
    REQUIRE(wrong_in(each).size() == 1);
    CHECK(wrong_in(each)[0].pointer == "/price_tier");
  }
}
