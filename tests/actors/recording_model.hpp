#pragma once

#include "actors/language_model/gateway.hpp"
#include "actors/language_model/prompt_book.hpp"
#include "events/record/writer.hpp"
#include "tests/actors/recording_ports.hpp"

#include <string>
#include <vector>

/// A language model that is the test: what is asked of it is noted, and the test answers.
namespace sonicmatch::tests {

class recording_client final : public ports::http_client {
public:
  struct post_call {
    ports::http_request request;
    done answer;
    bool cancelled = false;
  };

  ticket post(ports::http_request request, done on_done) override {
    calls.push_back({std::move(request), std::move(on_done)});
    return calls.size() - 1;
  }
  void cancel(ticket which) override {
    auto& call = calls.at(which);
    call.cancelled = true;
    if (auto answer = std::exchange(call.answer, nullptr))
      answer(events::make_error(events::errc::cancelled, "cancelled"));
  }

  void respond(std::size_t n, int status, std::string body) {
    std::exchange(calls.at(n).answer, nullptr)(
      ports::http_response{status, {{"request-id", "req_" + std::to_string(n)}}, std::move(body)});
  }
  void fail(std::size_t n, events::errc code) {
    std::exchange(calls.at(n).answer, nullptr)(events::make_error(code, "simulated"));
  }

  std::vector<post_call> calls;
};

/// An answer in Anthropic's format: 100 tokens in, 9,000 from the cache, 500 out.
[[nodiscard]] inline std::string message_of(const std::string& text,
                                            const std::string& stop_reason = "end_turn") {
  std::string out = R"({"id":"msg_1","type":"message","role":"assistant","model":"claude-opus-4-5-20251101",)"
                    R"("content":[{"type":"text","text":)";
  events::record::write_text(out, text);
  return out + R"(}],"stop_reason":")" + stop_reason
         + R"(","usage":{"input_tokens":100,"cache_creation_input_tokens":0,"cache_read_input_tokens":9000,)"
           R"("output_tokens":500}})";
}
/// By the price list: 100 * 5 + 9,000 * 0.5 + 500 * 25 millionths of a dollar.
inline constexpr std::int64_t message_cost_micro_usd = 17'500;

inline constexpr auto overloaded_body =
  R"({"type":"error","error":{"type":"overloaded_error","message":"Busy"}})";

/// One pick as the model gives it.
[[nodiscard]] inline std::string pick_of(const std::string& slug, const std::string& score = "0.9",
                                         const std::string& text = "It suits you.") {
  return R"({"headphone":")" + slug + R"(","overall_score":)" + score
         + R"(,"scores":{"genre_match":0.9,"sound_profile":0.8,"use_case":0.7,"budget":0.6,"feature_match":0.5},)"
           R"("explanation":")"
         + text
         + R"(","personalized_pros":["Even"],"personalized_cons":["Leaks"],"match_highlights":["Near its target"]})";
}
[[nodiscard]] inline std::string picks_of(const std::vector<std::string>& picks) {
  std::string out;
  for (const auto& each : picks)
    out += (out.empty() ? "" : ",") + each;
  return R"({"matches":[)" + out + R"(],"notes":[]})";
}

[[nodiscard]] inline std::shared_ptr<const actors::language_model::provider> sample_provider() {
  actors::language_model::provider_settings out;
  out.model.id = "claude-opus-4-5";
  out.model.prices = actors::language_model::prices{5'000'000, 25'000'000, 6'250'000, 500'000, true};
  out.base_url = "http://model.test";
  out.key = "sk-ant-secret";
  return actors::language_model::make_provider(out);
}

} // namespace sonicmatch::tests
