#include "actors/language_model/failure.hpp"

#include "events/error.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/language_model/wire_samples.hpp"

#include <caf/sec.hpp>
#include <simdjson.h>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;

namespace {

constexpr std::array providers{lm::provider_name::anthropic, lm::provider_name::openai};

lm::call_failure failure(lm::provider_name provider, const ports::http_response& response) {
  return failure_in(lm::make_provider(sample_settings(provider))->read(response, sample_now));
}

/// An error's body that both providers' readers understand.
std::string error_saying(std::string_view message, std::string_view type = "some_error") {
  std::string out = R"({"type":"error","error":{"type":)";
  events::record::write_text(out, type);
  out += R"(,"message":)";
  events::record::write_text(out, message);
  return out + "}}";
}

std::string detail_of(std::string_view message) {
  return failure(lm::provider_name::anthropic, answered(400, error_saying(message))).detail;
}

} // namespace

TEST_CASE("every error status has a code, and is retried or not", "[language_model][failure]") {
  struct row {
    int status;
    std::string code;
    bool retriable;
  };
  const std::vector<row> table{
    {400, "invalid_request", false},   {401, "authentication", false},
    {402, "billing", false},           {403, "permission", false},
    {404, "not_found", false},         {408, "timeout", true},
    {409, "conflict", true},           {413, "request_too_large", false},
    {422, "invalid_request", false},   {429, "rate_limited", true},
    {500, "server_error", true},       {502, "server_error", true},
    {503, "overloaded", true},         {504, "timeout", true},
    {520, "server_error", true},       {529, "overloaded", true},
    {599, "server_error", true},       {0, "unexpected_status", false},
    {100, "unexpected_status", false}, {302, "unexpected_status", false},
    {405, "unexpected_status", false}, {418, "unexpected_status", false},
    {600, "unexpected_status", false}, {-1, "unexpected_status", false},
  };
  for (auto provider : providers)
    for (const auto& [status, code, retriable] : table) {
      CAPTURE(events::record::name_of(provider), status);
      auto failed = failure(provider, answered(status, error_saying("No."), {{"retry-after", "7"}}));
      CHECK(failed
            == lm::call_failure{.code = code,
                                .detail = "No.",
                                .http_status = status,
                                .request_id = "",
                                .retriable = retriable,
                                .retry_after = 7s,
                                .may_have_been_billed = false});
    }
}

TEST_CASE("the provider's own word on a retry decides", "[language_model][failure]") {
  for (auto provider : providers)
    for (auto status : {400, 401, 429, 500, 529}) {
      auto body = error_saying("No.");
      CHECK(failure(provider, answered(status, body, {{"x-should-retry", "true"}})).retriable);
      CHECK_FALSE(failure(provider, answered(status, body, {{"x-should-retry", "false"}})).retriable);
      CHECK(failure(provider, answered(status, body, {{"x-should-retry", "perhaps"}})).retriable
            == (status >= 429));
    }
}

TEST_CASE("an allowance that is used up is not asked again", "[language_model][failure]") {
  auto anthropic = R"({"type":"error","error":{"type":"rate_limit_error","message":"Spent.",
    "details":{"error_code":"enforced_spend_limit_reached"}},"request_id":"req_1"})";
  auto by_type = R"({"error":{"message":"Spent.","type":"insufficient_quota","param":null,"code":null}})";
  auto by_code = R"({"error":{"message":"Spent.","type":"tokens","param":null,"code":"insufficient_quota"}})";
  for (const auto& [provider, body] :
       {std::pair{lm::provider_name::anthropic, anthropic}, std::pair{lm::provider_name::openai, by_type},
        std::pair{lm::provider_name::openai, by_code}})
    for (const auto* word : {"", "true", "false"}) {
      auto failed = failure(provider, answered(429, body, {{"x-should-retry", word}}));
      CHECK(failed.code == "spend_limit");
      CHECK_FALSE(failed.retriable);
      CHECK(failed.detail == "Spent.");
    }
}

TEST_CASE("words of an allowance mean nothing where the status is another", "[language_model][failure]") {
  auto anthropic = R"({"error":{"message":"Odd.","details":{"error_code":"enforced_spend_limit_reached"}}})";
  auto openai = R"({"error":{"message":"Odd.","type":"insufficient_quota"}})";
  for (const auto& [provider, body] :
       {std::pair{lm::provider_name::anthropic, anthropic}, std::pair{lm::provider_name::openai, openai}}) {
    auto failed = failure(provider, answered(500, body));
    CHECK(failed.code == "server_error");
    CHECK(failed.retriable);
  }
}

TEST_CASE("a rate limit that passes is asked again", "[language_model][failure]") {
  for (const auto* body :
       {R"({"error":{"message":"Slow.","type":"tokens","code":"rate_limit_exceeded"}})",
        R"({"error":{"message":"Slow.","type":"slow_down","code":null}})",
        R"({"error":{"message":"Slow.","type":"rate_limit_error","details":{"error_code":7}}})",
        R"({"error":"Slow."})", "Slow.", ""}) {
    for (auto provider : providers) {
      CAPTURE(body);
      auto failed = failure(provider, answered(429, body, {{"retry-after-ms", "250"}}));
      CHECK(failed.code == "rate_limited");
      CHECK(failed.retriable);
      CHECK(failed.retry_after == 250ms);
    }
  }
}

TEST_CASE("the exchange's id is found where each provider puts it", "[language_model][failure]") {
  auto body = R"({"type":"error","error":{"type":"x","message":"No."},"request_id":"req_body"})";
  using enum lm::provider_name;
  CHECK(failure(anthropic, answered(500, body)).request_id == "req_body");
  CHECK(failure(anthropic, answered(500, body, {{"request-id", "req_header"}})).request_id == "req_header");
  CHECK(failure(openai, answered(500, body, {{"x-request-id", "req_header"}})).request_id == "req_header");
  CHECK(failure(openai, answered(500, body)).request_id.empty());
  // Headers are bytes; an id is one word of bounded length.
  CHECK(failure(openai, answered(500, "",
                                 {{"x-request-id", "re q\r\n\xff_\xc3\xa9"
                                                   "1"}}))
          .request_id
        == "req_1");
  CHECK(failure(openai, answered(500, "", {{"x-request-id", std::string(1000, 'a')}})).request_id.size()
        == lm::id_bytes_max);
}

TEST_CASE("an error that gives no reason is said to give none", "[language_model][failure]") {
  for (auto provider : providers)
    for (const auto* body : {"", "<html>Bad gateway</html>", "{}", "[]", "null", R"({"error":{}})",
                             R"({"error":{"message":7}})", R"({"error":{"message":" \u0000\n "}})"})
      CHECK(failure(provider, answered(502, body)).detail == "The provider answered 502 and gave no reason.");
}

TEST_CASE("no key comes out in a failure's detail", "[language_model][failure]") {
  CHECK(detail_of("Key " + std::string{sample_key} + " is wrong.") == "Key *** is wrong.");
  CHECK(detail_of(std::string{sample_key} + std::string{sample_key}) == "******");
  CHECK(detail_of("Incorrect API key provided: sk-proj-ab***************wxyz. See the page.")
        == "Incorrect API key provided: ***. See the page.");
  CHECK(detail_of("x-api-key=sk-other_KEY-1, sk-a,(sk-b)") == "x-api-key=***, ***,(***)");
  CHECK(detail_of("a task-oriented desk-lamp and sk- alone") == "a task-oriented desk-lamp and sk- alone");
  auto settings = sample_settings(lm::provider_name::openai);
  settings.key = "a gateway's own secret";
  auto body = error_saying("Bearer a gateway's own secret is unknown");
  auto provider = lm::make_provider(settings);
  CHECK(failure_in(provider->read(answered(401, body), sample_now)).detail == "Bearer *** is unknown");
  auto ignored = failure_in(provider->read(answered(200, body), sample_now)).detail;
  CHECK(ignored.find("*** is unknown") != std::string::npos);
  // The key straddles the place where the detail is cut.
  auto cut = detail_of(std::string(lm::detail_bytes_max - 10, 'x') + " " + std::string{sample_key});
  CHECK(cut == std::string(lm::detail_bytes_max - 10, 'x') + " ***");
}

TEST_CASE("a detail is one bounded line of text", "[language_model][failure]") {
  CHECK(detail_of("  two\r\n\tlines \x01\x7f and \u0085 more  ") == "two lines and more");
  CHECK(detail_of("café ☕ 🎧") == "café ☕ 🎧");
  for (std::size_t before = 290; before <= 301; ++before) {
    auto detail = detail_of(std::string(before, 'x') + "🎧🎧🎧🎧");
    CAPTURE(before);
    CHECK(detail.size() <= lm::detail_bytes_max);
    CHECK(detail.size() > lm::detail_bytes_max - 4);
    CHECK(simdjson::validate_utf8(detail));
  }
  CHECK(lm::presentable("caf\xe9 and \xff more", "") == "caf and more");
}

TEST_CASE("a transport's error says whether the call may be paid for", "[language_model][failure]") {
  using events::errc;
  struct row {
    errc error;
    std::string code;
    bool retriable;
    bool may_have_been_billed;
  };
  const std::vector<row> table{
    {errc::peer_unreachable, "peer_unreachable", true, false},
    {errc::connection_lost, "connection_lost", true, true},
    {errc::deadline_exceeded, "timeout", true, true},
    {errc::cancelled, "cancelled", false, true},
    {errc::response_too_large, "response_too_large", false, true},
  };
  for (const auto& [error, code, retriable, billed] : table) {
    CAPTURE(code);
    CHECK(lm::failure_of(events::make_error(error, "api.example: sk-123\n"))
          == lm::call_failure{.code = code,
                              .detail = "api.example: ***",
                              .http_status = 0,
                              .request_id = "",
                              .retriable = retriable,
                              .retry_after = std::nullopt,
                              .may_have_been_billed = billed});
  }
  auto foreign = lm::failure_of(caf::make_error(caf::sec::unexpected_message));
  CHECK(foreign.code == "unexpected_error");
  CHECK_FALSE(foreign.retriable);
  CHECK(foreign.may_have_been_billed);
}
