#include "tests/support/llm_stub/reply.hpp"

#include "tests/support/llm_stub/answer.hpp"
#include "tests/support/llm_stub/json_text.hpp"

namespace sonicmatch::tests::llm_stub {

namespace {

constexpr std::string_view aside =
  "Let me compare the candidates by bass, comfort and price before I answer.";
constexpr std::string_view refused = "I can't help with that.";
constexpr std::size_t envelope_bytes = 768;

std::string serial_name(std::string_view prefix, std::uint64_t serial) {
  return std::string{prefix} + std::to_string(serial);
}

std::string request_field(wire_format format, std::uint64_t serial) {
  return format == wire_format::anthropic ? serial_name("request-id: req_stub_", serial) + "\r\n"
                                          : serial_name("x-request-id: req_stub_", serial) + "\r\n";
}

void append_block(std::string& out, std::string_view type, std::string_view member, std::string_view text) {
  object_writer block{out};
  block.text("type", type);
  block.text(member, text);
  if (type == "thinking")
    block.text("signature", "c3R1Yg==");
  block.close();
}

/// A tool's input is JSON in the response itself, so what can't be JSON is put into it
/// as a string, and what is cut short is empty, as real models leave it.
void append_tool_use(std::string& out, const question& asked, fault how, std::string_view said,
                     std::uint64_t serial) {
  object_writer block{out};
  block.text("type", "tool_use");
  block.text("id", serial_name("toolu_stub_", serial));
  block.text("name", asked.tool);
  if (how == fault::truncation)
    block.raw("input", "{}");
  else if (how == fault::malformed || how == fault::markdown_fence)
    append_block(block.value_of("input"), "answer", "text", said);
  else
    block.raw("input", said);
  block.close();
}

void append_anthropic_content(std::string& out, const question& asked, fault how, std::string_view said,
                              std::uint64_t serial) {
  out += '[';
  if (how == fault::refusal) {
    append_block(out, "text", "text", refused);
  } else if (how != fault::empty_content) {
    if (how == fault::double_content)
      append_block(out, "thinking", "thinking", aside);
    else if (how == fault::double_text)
      append_block(out, "text", "text", aside);
    if (how == fault::double_content || how == fault::double_text)
      out += ',';
    if (asked.tool.empty())
      append_block(out, "text", "text", said);
    else
      append_tool_use(out, asked, how, said, serial);
  }
  out += ']';
}

std::string_view anthropic_stop(const question& asked, fault how) {
  if (how == fault::refusal)
    return "refusal";
  if (how == fault::truncation)
    return "max_tokens";
  return asked.tool.empty() || how == fault::empty_content ? "end_turn" : "tool_use";
}

std::string anthropic_body(const question& asked, fault how, std::string_view said, const usage& used,
                           std::uint64_t serial) {
  std::string out;
  out.reserve(said.size() + said.size() / 4 + envelope_bytes);
  object_writer whole{out};
  whole.text("id", serial_name("msg_stub_", serial));
  whole.text("type", "message");
  whole.text("role", "assistant");
  whole.text("model", asked.model);
  append_anthropic_content(whole.value_of("content"), asked, how, said, serial);
  whole.text("stop_reason", anthropic_stop(asked, how));
  whole.raw("stop_sequence", "null");
  object_writer tokens{whole.value_of("usage")};
  tokens.number("input_tokens", used.input_tokens);
  tokens.number("cache_creation_input_tokens", used.cache_creation_input_tokens);
  tokens.number("cache_read_input_tokens", used.cache_read_input_tokens);
  tokens.number("output_tokens", used.output_tokens);
  tokens.close();
  whole.close();
  return out;
}

void append_openai_message(std::string& out, fault how, std::string_view said) {
  object_writer message{out};
  message.text("role", "assistant");
  if (how == fault::refusal || how == fault::empty_content)
    message.raw("content", "null");
  else if (how == fault::double_text)
    message.text("content", std::string{aside} + "\n\n" + std::string{said});
  else
    message.text("content", said);
  // Gateways show what was thought so; OpenAI itself keeps it.
  if (how == fault::double_content)
    message.text("reasoning_content", aside);
  if (how == fault::refusal)
    message.text("refusal", refused);
  else
    message.raw("refusal", "null");
  message.close();
}

std::string openai_body(const question& asked, fault how, std::string_view said, const usage& used,
                        std::uint64_t serial) {
  std::string out;
  out.reserve(said.size() + said.size() / 4 + envelope_bytes);
  object_writer whole{out};
  whole.text("id", serial_name("chatcmpl-stub-", serial));
  whole.text("object", "chat.completion");
  whole.number("created", 1'750'000'000); // the same each time, so that runs can be compared
  whole.text("model", asked.model);
  auto& choices = whole.value_of("choices");
  choices += '[';
  object_writer choice{choices};
  choice.number("index", 0);
  append_openai_message(choice.value_of("message"), how, said);
  choice.raw("logprobs", "null");
  choice.text("finish_reason", how == fault::truncation ? "length" : "stop");
  choice.close();
  choices += ']';
  object_writer tokens{whole.value_of("usage")};
  auto prompt = used.input_tokens + used.cache_creation_input_tokens + used.cache_read_input_tokens;
  tokens.number("prompt_tokens", prompt);
  tokens.number("completion_tokens", used.output_tokens);
  tokens.number("total_tokens", prompt + used.output_tokens);
  object_writer read{tokens.value_of("prompt_tokens_details")};
  read.number("cached_tokens", used.cache_read_input_tokens);
  read.close();
  object_writer written{tokens.value_of("completion_tokens_details")};
  written.number("reasoning_tokens", used.reasoning_tokens);
  written.close();
  tokens.close();
  whole.close();
  return out;
}

std::string_view anthropic_type(int status) {
  switch (status) {
  case 401:
    return "authentication_error";
  case 402:
    return "billing_error";
  case 403:
    return "permission_error";
  case 404:
    return "not_found_error";
  case 413:
    return "request_too_large";
  case 429:
    return "rate_limit_error";
  case 504:
    return "timeout_error";
  case 529:
    return "overloaded_error";
  default:
    return status < 500 ? "invalid_request_error" : "api_error";
  }
}

struct openai_words {
  std::string_view type;
  std::string_view code; ///< empty: null
};

openai_words openai_words_of(const mistake& what) {
  if (what.status == 401)
    return {"invalid_request_error", "invalid_api_key"};
  if (what.status == 429)
    return what.is_spend_limit ? openai_words{"insufficient_quota", "insufficient_quota"}
                               : openai_words{"requests", "rate_limit_exceeded"};
  if (what.status == 503)
    return {"server_error", "slow_down"};
  return {what.status < 500 ? "invalid_request_error" : "server_error", ""};
}

std::string anthropic_mistake(const mistake& what, std::uint64_t serial) {
  std::string out;
  object_writer whole{out};
  whole.text("type", "error");
  object_writer error{whole.value_of("error")};
  error.text("type", anthropic_type(what.status));
  error.text("message", what.message);
  if (what.is_spend_limit && what.status == 429)
    error.raw("details", R"({"error_code":"enforced_spend_limit_reached"})");
  error.close();
  whole.text("request_id", serial_name("req_stub_", serial));
  whole.close();
  return out;
}

std::string openai_mistake(const mistake& what) {
  auto words = openai_words_of(what);
  std::string out;
  object_writer whole{out};
  object_writer error{whole.value_of("error")};
  error.text("message", what.message);
  error.text("type", words.type);
  error.raw("param", "null");
  if (words.code.empty())
    error.raw("code", "null");
  else
    error.text("code", words.code);
  error.close();
  whole.close();
  return out;
}

} // namespace

rendered render_answer(const question& asked, fault how, const std::string& outside, usage& used,
                       std::uint64_t serial) {
  auto text = answer_to(asked, how, outside);
  std::string_view said = text;
  if (how == fault::truncation)
    said = said.substr(0, said.size() / 2);
  else if (how == fault::refusal)
    said = refused;
  else if (how == fault::empty_content)
    said = {};
  used.output_tokens = tokens_of(said.size()) + used.reasoning_tokens;
  rendered out;
  out.fields = request_field(asked.format, serial);
  out.body = asked.format == wire_format::anthropic ? anthropic_body(asked, how, said, used, serial)
                                                    : openai_body(asked, how, said, used, serial);
  return out;
}

rendered render_mistake(wire_format format, const mistake& what, std::uint64_t serial) {
  return {what.status, request_field(format, serial),
          format == wire_format::anthropic ? anthropic_mistake(what, serial) : openai_mistake(what)};
}

} // namespace sonicmatch::tests::llm_stub
