#pragma once

#include "tests/support/llm_stub/settings.hpp"

#include <simdjson.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::tests::llm_stub {

enum class wire_format : std::uint8_t { anthropic, openai };

/// What of a request decides how it is answered. It is kept while the answer waits, by
/// thousands, so it holds no more than that.
struct question {
  wire_format format = wire_format::anthropic;
  std::string model;
  bool is_explanation = false;
  std::vector<std::string> headphones; ///< the first `max_results` of the candidates
  std::string tool;                    ///< the first tool's name; empty: no tools
  bool forces_tool = false;
  bool sets_sampling = false;    ///< temperature, top_p or top_k
  int user_turns = 0;            ///< more than one: a repair
  std::uint64_t hash = 0;        ///< of all that was said after the system text
  bool marks_prefix = false;     ///< Anthropic's cache_control is somewhere before the messages
  std::uint64_t prefix_hash = 0; ///< of the tools and the system text, see question_reader
  std::int64_t prefix_bytes = 0;
  std::int64_t body_bytes = 0;

  [[nodiscard]] bool is_repair() const noexcept {
    return user_turns > 1;
  }
};

/// Reads requests of either format. One thread at a time: it keeps simdjson's buffers.
///
/// A body of 30 KB is read in about 10 us: simdjson finds where values begin and end,
/// the system text is only looked at from outside, and of what it says only its length,
/// its first and its last 2 KB are hashed.
class question_reader {
public:
  /// The question in `body`, or nothing when it is no request of that format. `body`
  /// may get more capacity, as simdjson reads in blocks; its text stays.
  [[nodiscard]] std::optional<question> read(wire_format format, std::string& body);

private:
  simdjson::ondemand::parser parser_;
};

/// A headphone of the catalog in the request's system text that is no candidate of its
/// user's turns; empty when there is none. The catalog is lines of columns, `slug|name|...`,
/// after a line that says so. Looks through the whole body.
[[nodiscard]] std::string headphone_outside(std::string_view body);

} // namespace sonicmatch::tests::llm_stub
