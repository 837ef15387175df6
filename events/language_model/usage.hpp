#pragma once

#include "events/record/declaration.hpp"

#include <cstdint>

namespace sonicmatch::events::language_model {

/// What one call, or some calls together, used. The kinds do not overlap: all that
/// was read is the sum of the first three.
struct token_usage {
  std::int64_t input_tokens = 0;       ///< read, neither from nor into the provider's cache
  std::int64_t cache_write_tokens = 0; ///< read, and put into the provider's cache
  std::int64_t cache_read_tokens = 0;  ///< read from the provider's cache
  std::int64_t output_tokens = 0;      ///< written, the reasoning included
  std::int64_t reasoning_tokens = 0;   ///< of output_tokens, those that were thought and not said

  bool operator==(const token_usage&) const = default;

  token_usage& operator+=(const token_usage& other) noexcept {
    input_tokens += other.input_tokens;
    cache_write_tokens += other.cache_write_tokens;
    cache_read_tokens += other.cache_read_tokens;
    output_tokens += other.output_tokens;
    reasoning_tokens += other.reasoning_tokens;
    return *this;
  }

  /// All tokens that were read.
  [[nodiscard]] std::int64_t prompt_tokens() const noexcept {
    return input_tokens + cache_write_tokens + cache_read_tokens;
  }

  static constexpr std::string_view record_name = "token_usage";
  static constexpr auto declaration() {
    using record::field;
    using u = token_usage;
    return record::fields(
      field("input_tokens", &u::input_tokens).range(0, 1e12).doc("read, beside the provider's cache"),
      field("cache_write_tokens", &u::cache_write_tokens).range(0, 1e12).doc("read, and cached"),
      field("cache_read_tokens", &u::cache_read_tokens).range(0, 1e12).doc("read from the cache"),
      field("output_tokens", &u::output_tokens).range(0, 1e12).doc("written, reasoning included"),
      field("reasoning_tokens", &u::reasoning_tokens).range(0, 1e12).doc("of output_tokens, thought only"));
  }
};

} // namespace sonicmatch::events::language_model
