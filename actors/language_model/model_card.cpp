#include "actors/language_model/model_card.hpp"

#include "events/record/declaration.hpp"

namespace sonicmatch::actors::language_model {

namespace {

/// Tokens and prices, each within its declaration's range, multiply to more than 64 bits hold.
__extension__ using wide = __int128;

constexpr wide tokens_per_price = 1'000'000;

} // namespace

std::optional<events::micro_dollars> cost_of(const model_card& model,
                                             const events::language_model::token_usage& usage) {
  if (!model.prices)
    return std::nullopt;
  const auto& price = *model.prices;
  // Rounded once, at the end: each kind for itself would be off by up to two micro-dollars.
  wide sum = wide{usage.input_tokens} * price.input + wide{usage.output_tokens} * price.output
             + wide{usage.cache_write_tokens} * price.cache_write
             + wide{usage.cache_read_tokens} * price.cache_read;
  return events::micro_dollars{static_cast<std::int64_t>((sum + tokens_per_price / 2) / tokens_per_price)};
}

std::string engine_name_of(const model_card& model) {
  std::string out{events::record::name_of(model.provider)};
  return out += "/" + model.id;
}

} // namespace sonicmatch::actors::language_model
