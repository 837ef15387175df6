#pragma once

#include "actors/language_model/provider.hpp"
#include "tests/support/catch.hpp"

#include <chrono>
#include <string>
#include <utility>
#include <variant>
#include <vector>

/// Providers, questions and responses that the tests of the wire formats share.
namespace sonicmatch::tests {

namespace lm = actors::language_model;
namespace ports = actors::ports;

inline constexpr std::string_view sample_key = "sk-ant-api03-Zm9yIHRlc3Rz_0123456789";
inline constexpr std::chrono::system_clock::time_point sample_now{std::chrono::seconds{1'696'004'797}};

inline lm::provider_settings sample_settings(lm::provider_name provider,
                                             lm::structured_output output = lm::structured_output::schema) {
  bool is_anthropic = provider == lm::provider_name::anthropic;
  lm::provider_settings out;
  out.model.provider = provider;
  out.model.id = is_anthropic ? "claude-opus-4-5" : "gpt-5-mini";
  out.model.output = output;
  out.base_url = is_anthropic ? "https://api.anthropic.com" : "https://api.openai.com";
  out.key = sample_key;
  return out;
}

inline lm::instructions sample_instructions() {
  return {.text = "You pick headphones.\nAnswer with \"picks\" from the catalog: café, 96 dB.",
          .schema_name = "recommendation",
          .schema = R"({"type":"object","properties":{"picks":{"type":"array","items":{"type":"string"}}},)"
                    R"("required":["picks"],"additionalProperties":false})"};
}

inline ports::http_response answered(int status, std::string body,
                                     std::vector<std::pair<std::string, std::string>> headers = {}) {
  return {status, std::move(headers), std::move(body)};
}

inline lm::reply reply_in(const lm::call_outcome& outcome) {
  if (const auto* failed = std::get_if<lm::call_failure>(&outcome))
    FAIL("a failure: " << failed->code << ": " << failed->detail);
  return std::get<lm::reply>(outcome);
}

inline lm::call_failure failure_in(const lm::call_outcome& outcome) {
  if (const auto* replied = std::get_if<lm::reply>(&outcome))
    FAIL("a reply: " << replied->text);
  return std::get<lm::call_failure>(outcome);
}

} // namespace sonicmatch::tests
