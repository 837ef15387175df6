#include "actors/language_model/model_card.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace sonicmatch::actors::language_model;
using events::micro_dollars;
using events::language_model::token_usage;

namespace {

/// Dollars for a million tokens times 1,000,000, as on Anthropic's price list.
constexpr prices opus_4_5{5'000'000, 25'000'000, 6'250'000, 500'000};
constexpr prices haiku_4_5{1'000'000, 5'000'000, 1'250'000, 100'000};

std::int64_t micro_usd(const prices& paid, const token_usage& usage) {
  model_card model;
  model.prices = paid;
  auto cost = cost_of(model, usage);
  REQUIRE(cost);
  return cost->value;
}

token_usage used(std::int64_t input, std::int64_t output, std::int64_t cache_write = 0,
                 std::int64_t cache_read = 0) {
  token_usage out;
  out.input_tokens = input;
  out.output_tokens = output;
  out.cache_write_tokens = cache_write;
  out.cache_read_tokens = cache_read;
  return out;
}

} // namespace

TEST_CASE("a million tokens of a kind cost what the price list says", "[actors][language_model]") {
  CHECK(micro_usd(opus_4_5, used(1'000'000, 0)) == 5'000'000);
  CHECK(micro_usd(opus_4_5, used(0, 1'000'000)) == 25'000'000);
  CHECK(micro_usd(opus_4_5, used(0, 0, 1'000'000)) == 6'250'000);
  CHECK(micro_usd(opus_4_5, used(0, 0, 0, 1'000'000)) == 500'000);
}

TEST_CASE("a call costs the sum of its kinds of tokens", "[actors][language_model]") {
  // The first recommendation writes the cache: 350 * 5 + 900 * 25 + 6,000 * 6.25 micro-dollars.
  CHECK(micro_usd(opus_4_5, used(350, 900, 6'000)) == 61'750);
  // The next reads it: 350 * 5 + 900 * 25 + 6,000 * 0.5.
  CHECK(micro_usd(opus_4_5, used(350, 900, 0, 6'000)) == 27'250);
  CHECK(micro_usd(haiku_4_5, used(350, 900, 0, 6'000)) == 5'450);
  CHECK(micro_usd(opus_4_5, token_usage{}) == 0);
}

TEST_CASE("a cost is rounded once, to the nearest micro-dollar, halves up", "[actors][language_model]") {
  CHECK(micro_usd(haiku_4_5, used(0, 0, 0, 4)) == 0); // 0.4
  CHECK(micro_usd(haiku_4_5, used(0, 0, 0, 5)) == 1); // 0.5
  CHECK(micro_usd(haiku_4_5, used(0, 0, 0, 14)) == 1);
  CHECK(micro_usd(haiku_4_5, used(0, 0, 0, 15)) == 2);
  // 0.3 and 1.25: each rounded for itself would come to 1.
  CHECK(micro_usd(haiku_4_5, used(0, 0, 1, 3)) == 2);
}

TEST_CASE("reasoning is part of the output, and costs nothing beside it", "[actors][language_model]") {
  auto usage = used(100, 500);
  auto without = micro_usd(opus_4_5, usage);
  usage.reasoning_tokens = 400;
  CHECK(micro_usd(opus_4_5, usage) == without);
}

TEST_CASE("the largest usage and the largest price do not overflow", "[actors][language_model]") {
  constexpr std::int64_t tokens_max = 1'000'000'000'000; // as token_usage declares
  constexpr std::int64_t price_max = 1'000'000'000'000;  // a million dollars
  prices dearest{price_max, price_max, price_max, price_max};
  CHECK(micro_usd(dearest, used(tokens_max, tokens_max, tokens_max, tokens_max))
        == 4'000'000'000'000'000'000);
}

TEST_CASE("the cost of a model without prices is unknown, even for nothing", "[actors][language_model]") {
  CHECK_FALSE(cost_of(model_card{}, used(1, 1)));
  CHECK_FALSE(cost_of(model_card{}, token_usage{}));
}

TEST_CASE("an engine is named by provider and model", "[actors][language_model]") {
  model_card model;
  model.id = "claude-opus-4-5-20251101";
  CHECK(engine_name_of(model) == "anthropic/claude-opus-4-5-20251101");
  model.provider = provider_name::openai;
  model.id = "gpt-5";
  CHECK(engine_name_of(model) == "openai/gpt-5");
}
