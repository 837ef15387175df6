#include "infra/llm/model_table.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;
using namespace std::chrono_literals;
using actors::language_model::model_card;
using actors::language_model::prices;
using infra::llm::warnings_about;

namespace {

constexpr std::chrono::sys_days last_day{2026y / 11 / 24};

model_card usual() {
  model_card out;
  out.id = "m";
  out.prices = prices{1, 1, 1, 1, true};
  return out;
}

std::vector<std::string> retirement_warnings(std::chrono::microseconds before) {
  auto card = usual();
  card.retires_not_before = last_day;
  return warnings_about(card, events::timestamp{last_day} - before);
}

} // namespace

TEST_CASE("a model that is known, priced and promised for long gives no warning", "[infra][llm]") {
  CHECK(warnings_about(usual(), events::timestamp{last_day}).empty());
  CHECK(retirement_warnings(60 * 24h + 1us).empty());
}

TEST_CASE("unknown costs are warned of", "[infra][llm]") {
  auto card = usual();
  card.prices->verified = false;
  CHECK(warnings_about(card, events::timestamp{})
        == std::vector<std::string>{
          "The prices of anthropic/m in the model table are not verified, and costs may be wrong."});
  card.prices.reset();
  CHECK(warnings_about(card, events::timestamp{})
        == std::vector<std::string>{
          "The model table has no prices of anthropic/m: the cost of its calls is unknown."});
  card.known = false;
  CHECK(
    warnings_about(card, events::timestamp{})
    == std::vector<std::string>{"anthropic/m is not in the model table: the cost of its calls is unknown, "
                                "and no temperature is sent to it."});
}

TEST_CASE("a retirement is warned of from sixty days before", "[infra][llm]") {
  CHECK(retirement_warnings(60 * 24h)
        == std::vector<std::string>{
          "anthropic/m may be retired from 2026-11-24 on, in 60 days. Choose another model."});
  CHECK(retirement_warnings(1us)
        == std::vector<std::string>{
          "anthropic/m may be retired from 2026-11-24 on, in 1 day. Choose another model."});
}

TEST_CASE("a model whose promised days are over may be gone any day", "[infra][llm]") {
  for (std::chrono::microseconds before : {0us, std::chrono::microseconds{-1'000h}})
    CHECK(
      retirement_warnings(before)
      == std::vector<std::string>{"anthropic/m may be retired any day: its provider promised it only until "
                                  "2026-11-24. Choose another model."});
}
