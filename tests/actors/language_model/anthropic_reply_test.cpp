#include "tests/actors/language_model/wire_samples.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

lm::call_outcome read(const ports::http_response& response) {
  return lm::make_anthropic(sample_settings(lm::provider_name::anthropic))->read(response, sample_now);
}

/// A message with that content and reason to stop, both JSON.
std::string message(std::string content, std::string stop_reason = R"("end_turn")") {
  return R"({"id":"msg_01","type":"message","role":"assistant","model":"claude-opus-4-5-20251101","content":)"
         + content + R"(,"stop_reason":)" + stop_reason + R"(,"usage":{"input_tokens":1}})";
}

std::string text_of(std::string content) {
  CAPTURE(content);
  return reply_in(read(answered(200, message(std::move(content))))).text;
}

} // namespace

TEST_CASE("a message of Anthropic's is read whole", "[language_model][anthropic]") {
  auto body = R"({"id":"msg_013Zva2CMHLNnXjNJJKqJ2EF","type":"message","role":"assistant",
    "model":"claude-opus-4-5-20251101","content":[{"type":"text","text":"{\"picks\":[\"caf\u00e9\"]}"}],
    "stop_reason":"end_turn","stop_sequence":null,"usage":{"input_tokens":21,
    "cache_creation_input_tokens":188086,"cache_read_input_tokens":7,
    "cache_creation":{"ephemeral_5m_input_tokens":188086},"output_tokens":393,"service_tier":"standard"}})";
  lm::reply wanted{
    .response_id = "msg_013Zva2CMHLNnXjNJJKqJ2EF",
    .model = "claude-opus-4-5-20251101",
    .request_id = "req_018EeWyXxfu5pfWkrYcMdjWG",
    .stopped = lm::stop_reason::finished,
    .text = R"({"picks":["café"]})",
    .usage = {
      .input_tokens = 21, .cache_write_tokens = 188'086, .cache_read_tokens = 7, .output_tokens = 393}};
  CHECK(reply_in(read(answered(200, body, {{"request-id", "req_018EeWyXxfu5pfWkrYcMdjWG"}}))) == wanted);
}

TEST_CASE("every reason of Anthropic's to stop has its meaning", "[language_model][anthropic]") {
  using enum lm::stop_reason;
  const std::vector<std::pair<std::string, lm::stop_reason>> table{
    {R"("end_turn")", finished},
    {R"("stop_sequence")", finished},
    {R"("tool_use")", finished},
    {R"("max_tokens")", length},
    {R"("model_context_window_exceeded")", length},
    {R"("refusal")", refusal},
    {R"("pause_turn")", other},
    {R"("something_new")", other},
    {"null", other},
    {"7", other},
  };
  for (const auto& [name, meaning] : table) {
    CAPTURE(name);
    auto replied = reply_in(read(answered(200, message(R"([{"type":"text","text":"so far"}])", name))));
    CHECK(replied.stopped == meaning);
    CHECK(replied.text == "so far");
  }
}

TEST_CASE("the answer is looked for among all blocks", "[language_model][anthropic]") {
  const auto thinking = std::string{R"({"type":"thinking","thinking":"{\"no\":1}","signature":"x"})"};
  const auto answer = std::string{R"({"type":"text","text":"{\"a\":1}"})"};
  const auto other_answer = std::string{R"({"type":"text","text":"{\"b\":2}"})"};
  const auto prose = std::string{R"({"type":"text","text":"Here it is: "})"};
  CHECK(text_of("[" + answer + "]") == R"({"a":1})");
  CHECK(text_of("[" + thinking + "," + answer + "]") == R"({"a":1})");
  CHECK(text_of("[" + prose + "," + answer + "]") == R"({"a":1})");
  CHECK(text_of("[" + answer + "," + prose + "]") == R"({"a":1})");
  CHECK(text_of("[" + answer + "," + other_answer + "]") == R"({"b":2})"); // the last word counts
  CHECK(text_of("[" + prose + "]") == "Here it is: ");
  CHECK(text_of("[" + prose + "," + prose + "]") == "Here it is: Here it is: ");
  CHECK(text_of(R"([{"type":"text","text":"{\"a\":"},{"type":"text","text":"1}"}])") == R"({"a":1})");
  CHECK(text_of(R"([{"type":"text","text":"[1]"},{"type":"text","text":"2"}])") == "[1]2"); // no objects
}

TEST_CASE("a tool call's input is the answer, whatever is said beside it", "[language_model][anthropic]") {
  const auto call = std::string{
    R"({"type":"tool_use","id":"toolu_01","name":"recommendation","input":{ "picks" : ["a\nb", 1.5, null] }})"};
  const auto said = std::string{R"({"type":"text","text":"{\"no\":1}"})"};
  const auto wanted = R"({"picks":["a\nb",1.5,null]})";
  CHECK(text_of("[" + call + "]") == wanted);
  CHECK(text_of("[" + said + "," + call + "]") == wanted);
  CHECK(text_of("[" + call + "," + said + "]") == wanted);
  CHECK(text_of(R"([{"type":"tool_use","input":{}}])") == "{}");
  CHECK(text_of(R"([{"type":"tool_use"},{"type":"text","text":"words"}])") == "words");
}

TEST_CASE("a message without an answer is a reply without text, for it is paid for",
          "[language_model][anthropic]") {
  for (const auto* content :
       {"[]", "[null]", "[1,[],{}]", R"([{"type":"text"}])", R"([{"type":"text","text":5}])",
        R"([{"type":["text"],"text":"a"}])", R"([{"text":"of no type"}])",
        R"([{"type":"redacted_thinking","data":"x"}])", R"([{"type":"new","text":"a"}])"}) {
    CHECK(text_of(content).empty());
  }
}

TEST_CASE("a refusal before the first word gives its reason", "[language_model][anthropic]") {
  auto body = std::string{R"({"content":[],"stop_reason":"refusal","stop_details":{"type":"refusal",)"
                          R"("category":"bio","explanation":"Against the policy."}})"};
  auto refused = reply_in(read(answered(200, body)));
  CHECK(refused.stopped == lm::stop_reason::refusal);
  CHECK(refused.text == "Against the policy.");
  auto bare = reply_in(read(answered(200, R"({"content":[],"stop_reason":"refusal","stop_details":null})")));
  CHECK(bare.stopped == lm::stop_reason::refusal);
  CHECK(bare.text.empty());
}

TEST_CASE("what a gateway leaves out of a message is empty", "[language_model][anthropic]") {
  auto bare = reply_in(read(answered(200, R"({"content":[{"type":"text","text":"{}"}]})")));
  CHECK(bare
        == lm::reply{.response_id = "",
                     .model = "",
                     .request_id = "",
                     .stopped = lm::stop_reason::other,
                     .text = "{}",
                     .usage = {}});
}
