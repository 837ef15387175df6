#pragma once

#include "tests/support/llm_stub/prompt_cache.hpp"
#include "tests/support/llm_stub/question.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace sonicmatch::tests::llm_stub {

/// A response without what the connection adds. The fields are whole lines, "a: b\r\n".
struct rendered {
  int status = 200;
  std::string fields;
  std::string body;
};

/// What a provider says when it does not answer.
struct mistake {
  int status = 400;
  std::string_view message;
  bool is_spend_limit = false;
};

/// The answer to a question in its format, with what was used: `used` has its input and
/// its reasoning, and is given its output.
[[nodiscard]] rendered render_answer(const question& asked, fault how, const std::string& outside,
                                     usage& used, std::uint64_t serial);

/// An error in a format, with the provider's words for its status.
[[nodiscard]] rendered render_mistake(wire_format format, const mistake& what, std::uint64_t serial);

} // namespace sonicmatch::tests::llm_stub
