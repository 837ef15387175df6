#include "events/record/writer.hpp"
#include "tests/actors/language_model/wire_samples.hpp"

#include <simdjson.h>

// Responses that no provider should send. Whatever comes, there is an outcome, it is within
// bounds, and nothing is thrown.

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

constexpr std::array providers{lm::provider_name::anthropic, lm::provider_name::openai};

lm::call_outcome read(lm::provider_name provider, std::string body, int status = 200) {
  return lm::make_provider(sample_settings(provider))->read(answered(status, std::move(body)), sample_now);
}

/// A whole response of the provider's whose answer is `text`, JSON of a string.
std::string response_with(lm::provider_name provider, const std::string& text, const std::string& usage) {
  if (provider == lm::provider_name::anthropic)
    return R"({"id":"msg_01","model":"m","content":[{"type":"text","text":)" + text
           + R"(}],"stop_reason":"end_turn","usage":)" + usage + "}";
  return R"({"id":"chatcmpl-1","model":"m","choices":[{"message":{"content":)" + text
         + R"(},"finish_reason":"stop"}],"usage":)" + usage + "}";
}

std::string nested(std::size_t levels) {
  return std::string(levels, '[') + std::string(levels, ']');
}

void check_unreadable(const lm::call_outcome& outcome) {
  auto failed = failure_in(outcome);
  CHECK(failed.code == "unreadable_response");
  CHECK(failed.http_status == 200);
  CHECK(failed.retriable);
  CHECK(failed.may_have_been_billed);
  CHECK_FALSE(failed.detail.empty());
}

} // namespace

TEST_CASE("a success that is no JSON is unreadable, and paid for", "[language_model][hostile]") {
  for (auto provider : providers)
    for (const auto& body :
         {std::string{}, std::string{" "}, std::string{"<html></html>"}, std::string{"{"}, std::string{"{}}"},
          std::string{"{'content':[]}"}, std::string(1, '\0'), std::string(100'000, '['),
          std::string{"\xff\xfe"}, std::string{"{\"content\":[\"\xc3\x28\"]}"},
          std::string{R"({"content":[],"choices":[{"message":)"},
          std::string{R"({"content":["\ud800"],"choices":[{"message":{"content":"\ud800"}}]})"}, nested(1000),
          R"({"content":[],"choices":[{"message":{}}],"x":)" + nested(100) + "}",
          std::string{R"({"content":[],"choices":[{"message":{}}],"x":1e999999})"},
          std::string{R"({"content":[],"choices":[{"message":{}}],"x":99999999999999999999999999})"}}) {
      CAPTURE(events::record::name_of(provider), body.substr(0, 80));
      check_unreadable(read(provider, body));
    }
}

TEST_CASE("a success of another form is unreadable, and paid for", "[language_model][hostile]") {
  for (auto provider : providers)
    for (const auto* body :
         {"null", "true", "7", "\"content\"", "[]", "{}", R"({"content":null,"choices":null})",
          R"({"content":"text","choices":"text"})", R"({"content":{},"choices":{}})",
          R"({"content":7,"choices":[]})", R"({"content":7,"choices":[null]})",
          R"({"content":7,"choices":[{"message":null}]})", R"({"content":7,"choices":[{"message":[]}]})",
          R"({"type":"error","error":{"type":"overloaded_error","message":"Busy."}})"}) {
      CAPTURE(events::record::name_of(provider), body);
      check_unreadable(read(provider, body));
    }
  auto said = failure_in(read(lm::provider_name::openai, R"({"error":{"message":"Busy."}})")).detail;
  CHECK(said.ends_with(": Busy."));
}

TEST_CASE("a response cut anywhere is unreadable", "[language_model][hostile]") {
  for (auto provider : providers) {
    auto whole = response_with(provider, R"("{\"a\":\"caf\u00e9 é\"}")", R"({"input_tokens":1})");
    CHECK(reply_in(read(provider, whole)).text == R"({"a":"café é"})");
    for (std::size_t size = 0; size < whole.size(); ++size) {
      CAPTURE(size);
      check_unreadable(read(provider, whole.substr(0, size)));
    }
  }
}

TEST_CASE("a response with any one byte wrong is a reply or unreadable", "[language_model][hostile]") {
  for (auto provider : providers) {
    auto whole = response_with(provider, R"("{\"a\":\"caf\u00e9 é\"}")", R"({"input_tokens":1})");
    for (std::size_t at = 0; at < whole.size(); ++at)
      for (auto byte : {'\0', ' ', '"', '\\', '{', ']', ',', '-', '9', 'e', '\x80', '\xff'}) {
        auto changed = whole;
        changed[at] = byte;
        auto outcome = read(provider, changed);
        if (const auto* replied = std::get_if<lm::reply>(&outcome)) {
          CAPTURE(changed);
          CHECK(simdjson::validate_utf8(replied->text));
          CHECK(replied->usage.input_tokens >= 0);
          CHECK(replied->usage.input_tokens <= 1'000'000'000);
        } else {
          check_unreadable(outcome);
        }
      }
  }
}

TEST_CASE("token counts that make no sense do not count", "[language_model][hostile]") {
  struct row {
    std::string count;
    std::int64_t tokens;
  };
  const std::vector<row> table{
    {"12", 12},
    {"12.9", 12},
    {"-5", 0},
    {"-1e300", 0},
    {"null", 0},
    {"\"12\"", 0},
    {"[12]", 0},
    {"{}", 0},
    {"true", 0},
    {"1e300", 1'000'000'000},
    {"18446744073709551615", 1'000'000'000},
    {"9223372036854775807", 1'000'000'000},
  };
  for (auto provider : providers)
    for (const auto& [count, tokens] : table) {
      CAPTURE(events::record::name_of(provider), count);
      auto usage = R"({"input_tokens":)" + count + R"(,"output_tokens":)" + count + R"(,"prompt_tokens":)"
                   + count + R"(,"completion_tokens":)" + count + "}";
      auto used = reply_in(read(provider, response_with(provider, R"("{}")", usage))).usage;
      CHECK(used == events::language_model::token_usage{.input_tokens = tokens, .output_tokens = tokens});
    }
  for (auto provider : providers)
    for (const auto* usage : {"null", "7", "[]", "{}", R"({"prompt_tokens_details":7})"})
      CHECK(reply_in(read(provider, response_with(provider, R"("{}")", usage))).usage
            == events::language_model::token_usage{});
}

TEST_CASE("an answer is handed on as it was said, whatever it is", "[language_model][hostile]") {
  const std::string large(4'000'000, 'a');
  for (auto provider : providers) {
    for (const auto& said :
         {std::string{"a\0b", 3}, std::string{"\x01\x1f\x7f"}, std::string{"\xe2\x80\xae"}, large}) {
      std::string text;
      events::record::write_text(text, said);
      CHECK((reply_in(read(provider, response_with(provider, text, "{}"))).text == said));
    }
    // A large response leaves nothing behind that a later one could stumble on.
    CHECK(reply_in(read(provider, response_with(provider, R"("{}")", "{}"))).text == "{}");
  }
}

TEST_CASE("ids and names from outside are short words", "[language_model][hostile]") {
  auto long_word = std::string(100'000, 'x');
  for (auto provider : providers) {
    auto replied = reply_in(read(provider, R"({"id":")" + long_word
                                             + R"(","model":"a \n\u00e9b","content":[],)"
                                               R"("choices":[{"message":{}}],"request_id":")"
                                             + long_word + "\"}"));
    CHECK(replied.response_id == long_word.substr(0, 128));
    CHECK(replied.model == "ab");
    CHECK(replied.request_id.size() <= 128);
    CHECK(reply_in(read(provider, R"({"id":7,"model":{},"content":[],"choices":[{"message":{}}]})"))
            .model.empty());
  }
}

TEST_CASE("a tool's deeply nested input is written as it was read", "[language_model][hostile]") {
  for (std::size_t levels = 1; levels <= 58; ++levels) {
    CAPTURE(levels);
    auto input = R"({"a":)" + nested(levels) + R"(,"b":[1,{"c":"d"}]})";
    auto said = R"({"content":[{"type":"tool_use","input":)" + input + "}]}";
    CHECK(reply_in(read(lm::provider_name::anthropic, said)).text == input);
  }
}
