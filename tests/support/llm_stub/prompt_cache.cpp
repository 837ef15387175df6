#include "tests/support/llm_stub/prompt_cache.hpp"

#include <functional>

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr std::size_t prefixes_max = 256;
constexpr std::size_t token_bytes = 4;

} // namespace

usage& usage::operator+=(const usage& other) noexcept {
  input_tokens += other.input_tokens;
  cache_creation_input_tokens += other.cache_creation_input_tokens;
  cache_read_input_tokens += other.cache_read_input_tokens;
  output_tokens += other.output_tokens;
  reasoning_tokens += other.reasoning_tokens;
  return *this;
}

std::int64_t tokens_of(std::size_t bytes) noexcept {
  return static_cast<std::int64_t>((bytes + token_bytes - 1) / token_bytes);
}

usage prompt_cache::read(const question& asked, std::int64_t tokens_min) {
  usage used;
  used.input_tokens = tokens_of(static_cast<std::size_t>(asked.body_bytes));
  auto prefix = tokens_of(static_cast<std::size_t>(asked.prefix_bytes));
  auto is_cached = asked.format == wire_format::openai || asked.marks_prefix;
  if (!is_cached || prefix == 0 || prefix < tokens_min)
    return used;
  auto [at, is_new] = known_.insert(asked.prefix_hash ^ std::hash<std::string>{}(asked.model));
  // OpenAI knows no price for writing to its cache: that is ordinary input.
  if (is_new && asked.format == wire_format::openai)
    prefix = 0;
  used.input_tokens -= prefix;
  (is_new ? used.cache_creation_input_tokens : used.cache_read_input_tokens) = prefix;
  if (!is_new)
    return used;
  in_order_.push_back(*at);
  if (in_order_.size() > prefixes_max) {
    known_.erase(in_order_.front());
    in_order_.pop_front();
  }
  return used;
}

void prompt_cache::clear() {
  known_.clear();
  in_order_.clear();
}

} // namespace sonicmatch::tests::llm_stub
