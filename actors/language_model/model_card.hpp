#pragma once

#include "events/ids.hpp"
#include "events/language_model/usage.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::actors::language_model {

enum class provider_name : std::uint8_t { anthropic, openai };
constexpr auto names(provider_name) {
  return std::array<std::string_view, 2>{"anthropic", "openai"};
}

/// What a million tokens cost, in millionths of a US dollar.
struct prices {
  std::int64_t input = 0;
  std::int64_t output = 0;
  std::int64_t cache_write = 0;
  std::int64_t cache_read = 0;
  bool verified = true; ///< false: taken from memory, and to be checked before anybody relies on it

  bool operator==(const prices&) const = default;
};

/// How a model is made to answer in the shape of a schema.
enum class structured_output : std::uint8_t {
  schema, ///< Anthropic's output_config, OpenAI's response_format
  tool    ///< a tool whose input is the answer, for gateways that know nothing else
};
constexpr auto names(structured_output) {
  return std::array<std::string_view, 2>{"schema", "tool"};
}

/// What is known of a model. The table is infra/llm/models.toml.
struct model_card {
  provider_name provider = provider_name::anthropic;
  std::string id;
  std::optional<language_model::prices> prices; ///< nothing: the cost of its calls is unknown
  structured_output output = structured_output::schema;
  bool takes_temperature = true;
  bool takes_forced_tool_choice = true;
  /// The provider does not retire it before this day.
  std::optional<std::chrono::sys_days> retires_not_before;
  bool known = true; ///< false: it is not in the table, and the defaults above stand

  bool operator==(const model_card&) const = default;
};

/// The model's cost of `usage`, rounded to the nearest micro-dollar (halves up);
/// nothing when its prices are unknown. Reasoning is part of the output and not
/// counted twice.
[[nodiscard]] std::optional<events::micro_dollars> cost_of(const model_card& model,
                                                           const events::language_model::token_usage& usage);

/// "anthropic/claude-opus-4-5", as answers name their engine.
[[nodiscard]] std::string engine_name_of(const model_card& model);

} // namespace sonicmatch::actors::language_model
