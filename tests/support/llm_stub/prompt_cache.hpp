#pragma once

#include "tests/support/llm_stub/question.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>

#include <boost/unordered/unordered_flat_set.hpp>

namespace sonicmatch::tests::llm_stub {

/// Tokens, as Anthropic counts them: the first three do not overlap. A token is 4 bytes
/// of JSON.
struct usage {
  std::int64_t input_tokens = 0;
  std::int64_t cache_creation_input_tokens = 0;
  std::int64_t cache_read_input_tokens = 0;
  std::int64_t output_tokens = 0; ///< the reasoning included
  std::int64_t reasoning_tokens = 0;

  usage& operator+=(const usage& other) noexcept;
};

[[nodiscard]] std::int64_t tokens_of(std::size_t bytes) noexcept;

/// Which beginnings of prompts the provider has read before: the last 256 of them, for
/// as long as it runs.
class prompt_cache {
public:
  /// The input of a question. A prefix that is long enough, and marked if the format
  /// wants that, is known from now on.
  [[nodiscard]] usage read(const question& asked, std::int64_t tokens_min);

  void clear();

private:
  boost::unordered_flat_set<std::uint64_t> known_;
  std::deque<std::uint64_t> in_order_; ///< oldest first
};

} // namespace sonicmatch::tests::llm_stub
