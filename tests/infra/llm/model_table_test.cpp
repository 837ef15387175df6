#include "events/error.hpp"
#include "infra/llm/model_table.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch_folder.hpp"

#include <algorithm>

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::language_model::model_card;
using actors::language_model::prices;
using actors::language_model::provider_name;
using actors::language_model::structured_output;
using events::errc;
using infra::llm::built_in_model_table;
using infra::llm::find_model;
using infra::llm::load_model_table;
using infra::llm::read_model_table;

namespace {

const std::string good = R"([[model]]
provider = "openai"
id = "m"
input_usd = 1.25
output_usd = 10
cache_write_usd = 0.15
cache_read_usd = 0.075
prices_verified = false
structured_output = "tool"
takes_temperature = false
takes_forced_tool_choice = true
retires_not_before = 2026-11-24
)";

/// The good table with one line put in place of that which begins like `from`.
std::string changed(std::string_view from, std::string_view to) {
  auto at = good.find("\n" + std::string{from}) + 1;
  REQUIRE(at > 0);
  auto out = good;
  return out.replace(at, good.find('\n', at) - at, to);
}

std::string mistakes_of(std::string_view toml) {
  auto read = read_model_table(toml, "my.toml");
  REQUIRE_FALSE(read);
  CHECK(events::code_of(read.error()) == errc::bad_configuration);
  return events::detail_of(read.error());
}

std::vector<model_card> built_in() {
  auto read = read_model_table(built_in_model_table(), "models.toml");
  INFO((read ? "" : events::describe(read.error())));
  REQUIRE(read);
  return *read;
}

} // namespace

TEST_CASE("a model's fields are read, prices in micro-dollars", "[infra][llm]") {
  auto read = read_model_table(good, "my.toml");
  REQUIRE(read);
  REQUIRE(read->size() == 1);
  model_card expected;
  expected.provider = provider_name::openai;
  expected.id = "m";
  expected.prices = prices{1'250'000, 10'000'000, 150'000, 75'000, false};
  expected.output = structured_output::tool;
  expected.takes_temperature = false;
  expected.takes_forced_tool_choice = true;
  expected.retires_not_before = 2026y / 11 / 24;
  CHECK(read->front() == expected);
}

TEST_CASE("a model may have no prices, and no day of retirement", "[infra][llm]") {
  auto read = read_model_table("[[model]]\nprovider = 'anthropic'\nid = 'm'\nstructured_output = 'schema'\n"
                               "takes_temperature = true\ntakes_forced_tool_choice = true\n",
                               "my.toml");
  REQUIRE(read);
  CHECK_FALSE(read->front().prices);
  CHECK_FALSE(read->front().retires_not_before);
  CHECK(read->front().known);
}

TEST_CASE("a mistake in the table is named with file, line and field", "[infra][llm]") {
  CHECK(mistakes_of(changed("provider", "provider = 'acme'"))
        == "my.toml:2 provider: must be anthropic or openai");
  CHECK(mistakes_of(changed("provider", "provider = 1")) == "my.toml:2 provider: must be a text");
  CHECK(mistakes_of(changed("provider", "")) == "my.toml:1 provider: is missing");
  CHECK(mistakes_of(changed("id", "id = ''")) == "my.toml:3 id: must not be empty");
  CHECK(mistakes_of(changed("input_usd", "input_usd = -0.01"))
        == "my.toml:4 input_usd: must be from 0 to 1000000");
  CHECK(mistakes_of(changed("input_usd", "input_usd = nan"))
        == "my.toml:4 input_usd: must be from 0 to 1000000");
  CHECK(mistakes_of(changed("output_usd", "output_usd = '10'")) == "my.toml:5 output_usd: must be a number");
  CHECK(mistakes_of(changed("cache_write_usd", "")) == "my.toml:1 cache_write_usd: is missing");
  CHECK(mistakes_of(changed("cache_read_usd", "cache_read = 1"))
        == "my.toml:7 cache_read: is not a field of a model\n  my.toml:1 cache_read_usd: is missing");
  CHECK(mistakes_of(changed("prices_verified", "prices_verified = 0"))
        == "my.toml:8 prices_verified: must be true or false");
  CHECK(mistakes_of(changed("structured_output", "structured_output = 'json'"))
        == "my.toml:9 structured_output: must be schema or tool");
  CHECK(mistakes_of(changed("takes_temperature", "takes_temperature = 'yes'"))
        == "my.toml:10 takes_temperature: must be true or false");
  CHECK(mistakes_of(changed("retires", "retires_not_before = '2026-11-24'"))
        == "my.toml:12 retires_not_before: must be a date such as 2026-11-24, without quotes");
  CHECK(mistakes_of(changed("retires", "retires_not_before = 2026-02-30")).find("my.toml:12 ") == 0);
}

TEST_CASE("what is not a table of models is refused", "[infra][llm]") {
  CHECK(mistakes_of("") == "my.toml:1 has no [[model]]");
  CHECK(mistakes_of("models = 1\n" + good).find("my.toml:1 models: is not known here") == 0);
  CHECK(mistakes_of("[model]\nid = 'm'\n") == "my.toml:1 model: must be written [[model]]");
  CHECK(mistakes_of("model = []\n") == "my.toml:1 model: must be written [[model]]");
  CHECK(mistakes_of(good + "id = 'twice'\n").find("my.toml:13 ") == 0);
  CHECK(mistakes_of(good + "[[model\n").find("my.toml:13 ") == 0);
}

TEST_CASE("every mistake of a table is named at once", "[infra][llm]") {
  CHECK(mistakes_of(changed("id", "id = 7") + changed("input_usd", "input_usd = true"))
        == "my.toml:3 id: must be a text\n  my.toml:16 input_usd: must be a number");
}

TEST_CASE("a model can be in the table once", "[infra][llm]") {
  CHECK(mistakes_of(good + good) == "my.toml:13 id: m is in line 1 already");
  CHECK(read_model_table(good + changed("provider", "provider = 'anthropic'"), "my.toml"));
}

TEST_CASE("the table in the program is good, and prices are as the providers have them", "[infra][llm]") {
  auto table = built_in();
  auto opus = find_model(table, provider_name::anthropic, "claude-opus-4-5");
  CHECK(opus.known);
  CHECK(opus.prices == prices{5'000'000, 25'000'000, 6'250'000, 500'000, true});
  CHECK(opus.takes_temperature);
  CHECK(opus.retires_not_before == std::chrono::sys_days{2026y / 11 / 24});
  auto newest = find_model(table, provider_name::anthropic, "claude-opus-5-5");
  CHECK(newest.prices == prices{4'000'000, 20'000'000, 5'000'000, 200'000, true});
  CHECK_FALSE(newest.takes_temperature);
  CHECK_FALSE(newest.takes_forced_tool_choice);
  for (const auto& each : table) {
    CAPTURE(each.id);
    REQUIRE(each.prices);
    // Of OpenAI's nothing was read in a price list, and of Haiku's not all.
    CHECK(each.prices->verified
          == (each.provider == provider_name::anthropic && each.id != "claude-haiku-4-5"));
    CHECK(each.prices->cache_read < each.prices->input);
    CHECK(each.prices->cache_write >= each.prices->input);
    CHECK(each.prices->output > each.prices->input);
  }
}

TEST_CASE("a model is found by its dated names too, and keeps the name it was asked for by", "[infra][llm]") {
  auto table = built_in();
  for (auto id : {"claude-opus-4-5-20251101", "claude-opus-4-5-latest"}) {
    auto card = find_model(table, provider_name::anthropic, id);
    auto expected = find_model(table, provider_name::anthropic, "claude-opus-4-5");
    expected.id = id;
    CHECK(card == expected);
  }
  CHECK(find_model(table, provider_name::openai, "gpt-4o-mini-2024-07-18").prices->input == 150'000);
  CHECK(find_model(table, provider_name::openai, "gpt-5-mini-2025-08-07").prices->input == 250'000);
}

TEST_CASE("of a model that is not in the table nothing is claimed", "[infra][llm]") {
  auto table = built_in();
  for (auto id : {"claude-opus-4-5-", "claude-opus-4-5-2025110", "claude-opus-4-5-2025110a",
                  "claude-opus-4-5-new", "claude-opus-4", "Claude-opus-4-5", "gpt-5", ""}) {
    CAPTURE(id);
    auto card = find_model(table, provider_name::anthropic, id);
    CHECK(card.id == id);
    CHECK_FALSE(card.known);
    CHECK_FALSE(card.prices);
    CHECK(card.output == structured_output::schema);
    CHECK_FALSE(card.takes_temperature);
    CHECK_FALSE(card.takes_forced_tool_choice);
    CHECK_FALSE(card.retires_not_before);
  }
}

TEST_CASE("a file replaces the table in the program", "[infra][llm]") {
  tests::scratch_folder folder;
  auto from_file = load_model_table(folder.write("models.toml", good));
  REQUIRE(from_file);
  CHECK(from_file->size() == 1);
  auto without = load_model_table("");
  REQUIRE(without);
  CHECK(*without == built_in());
}

TEST_CASE("a file of models that cannot be read is named", "[infra][llm]") {
  tests::scratch_folder folder;
  auto path = (folder.path() / "none.toml").string();
  auto read = load_model_table(path);
  REQUIRE_FALSE(read);
  CHECK(events::code_of(read.error()) == errc::bad_configuration);
  CHECK(events::detail_of(read.error()) == path + " cannot be read");
}
