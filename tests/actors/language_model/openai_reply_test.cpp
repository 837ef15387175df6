#include "tests/actors/language_model/wire_samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

lm::call_outcome read(const ports::http_response& response) {
  return lm::make_openai(sample_settings(lm::provider_name::openai))->read(response, sample_now);
}

/// A completion with that message and reason to stop, both JSON.
std::string completion(std::string message, std::string finish_reason = R"("stop")") {
  return R"({"id":"chatcmpl-1","object":"chat.completion","model":"gpt-5-mini","choices":[{"index":0,"message":)"
         + message + R"(,"finish_reason":)" + finish_reason + R"(}],"usage":{"prompt_tokens":1}})";
}

lm::reply reply_to(std::string message) {
  CAPTURE(message);
  return reply_in(read(answered(200, completion(std::move(message)))));
}

} // namespace

TEST_CASE("a completion of OpenAI's is read whole, its tokens told apart", "[language_model][openai]") {
  auto body =
    R"({"id":"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT","object":"chat.completion","created":1741569952,
    "model":"gpt-5-mini-2025-08-07","choices":[{"index":0,"message":{"role":"assistant",
    "content":"{\"picks\":[\"caf\u00e9\"]}","refusal":null,"annotations":[]},"logprobs":null,
    "finish_reason":"stop"}],"usage":{"prompt_tokens":2006,"completion_tokens":300,"total_tokens":2306,
    "prompt_tokens_details":{"cached_tokens":1920,"audio_tokens":0},
    "completion_tokens_details":{"reasoning_tokens":192,"audio_tokens":0}},"service_tier":"default"})";
  lm::reply wanted{
    .response_id = "chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT",
    .model = "gpt-5-mini-2025-08-07",
    .request_id = "req_42",
    .stopped = lm::stop_reason::finished,
    .text = R"({"picks":["café"]})",
    .usage = {.input_tokens = 86, .cache_read_tokens = 1920, .output_tokens = 300, .reasoning_tokens = 192}};
  CHECK(reply_in(read(answered(200, body, {{"x-request-id", "req_42"}}))) == wanted);
}

TEST_CASE("every reason of OpenAI's to stop has its meaning", "[language_model][openai]") {
  using enum lm::stop_reason;
  const std::vector<std::pair<std::string, lm::stop_reason>> table{
    {R"("stop")", finished},
    {R"("tool_calls")", finished},
    {R"("length")", length},
    {R"("content_filter")", refusal},
    {R"("function_call")", other},
    {R"("something_new")", other},
    {"null", other},
    {"{}", other},
  };
  for (const auto& [name, meaning] : table) {
    CAPTURE(name);
    auto replied = reply_in(read(answered(200, completion(R"({"content":"so far"})", name))));
    CHECK(replied.stopped == meaning);
    CHECK(replied.text == "so far");
  }
}

TEST_CASE("a refusal is one although the model stopped by itself", "[language_model][openai]") {
  for (const auto* message : {R"({"content":null,"refusal":"I can't help with that."})",
                              R"({"content":"{}","refusal":"I can't help with that."})",
                              R"({"content":[{"type":"refusal","refusal":"I can't help with that."}]})"}) {
    auto refused = reply_to(message);
    CHECK(refused.stopped == lm::stop_reason::refusal);
    CHECK(refused.text == "I can't help with that.");
  }
}

TEST_CASE("content may come in parts", "[language_model][openai]") {
  auto replied =
    reply_to(R"({"content":[{"type":"text","text":"{\"a\":"},{"type":"text","text":"1}"},null,7]})");
  CHECK(replied.stopped == lm::stop_reason::finished);
  CHECK(replied.text == R"({"a":1})");
}

TEST_CASE("a tool call's arguments are the answer, as text or as JSON", "[language_model][openai]") {
  auto call = [](std::string arguments) {
    return R"({"content":"Calling it.","tool_calls":[{"id":"call_1","type":"function","function":)"
           R"({"name":"recommendation","arguments":)"
           + arguments + "}}]}";
  };
  CHECK(reply_to(call(R"("{\"a\": 1}")")).text == R"({"a": 1})");
  CHECK(reply_to(call(R"({ "a" : 1 })")).text == R"({"a":1})");
  CHECK(reply_to(call("null")).text == "Calling it.");
  CHECK(reply_to(R"({"content":"words","tool_calls":[]})").text == "words");
  CHECK(reply_to(R"({"content":"words","tool_calls":[{"function":7}]})").text == "words");
}

TEST_CASE("a completion without content is a reply without text, for it is paid for",
          "[language_model][openai]") {
  for (const auto* message : {"{}", R"({"content":null})", R"({"content":""})", R"({"content":7})",
                              R"({"content":[],"refusal":""})", R"({"content":{"text":"a"},"refusal":7})"}) {
    auto replied = reply_to(message);
    CHECK(replied.stopped == lm::stop_reason::finished);
    CHECK(replied.text.empty());
  }
}

TEST_CASE("parts of the tokens are never more than the whole", "[language_model][openai]") {
  auto body = R"({"choices":[{"message":{}}],"usage":{"prompt_tokens":10,"completion_tokens":5,
    "prompt_tokens_details":{"cached_tokens":99},"completion_tokens_details":{"reasoning_tokens":99}}})";
  CHECK(reply_in(read(answered(200, body))).usage
        == events::language_model::token_usage{
          .cache_read_tokens = 10, .output_tokens = 5, .reasoning_tokens = 5});
}
