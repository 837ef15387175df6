#include "actors/language_model/failure.hpp"
#include "actors/language_model/provider.hpp"
#include "actors/language_model/wire.hpp"
#include "events/record/writer.hpp"

#include <algorithm>
#include <utility>

/// OpenAI chat completions, as of autumn 2026. The provider caches the longest prefix it has
/// seen by itself, so the opening ends with the system message.
namespace sonicmatch::actors::language_model {

namespace {

using events::record::write_number;
using events::record::write_text;
using simdjson::SUCCESS;

constexpr std::string_view path = "/v1/chat/completions";

void write_schema_form(std::string& out, const instructions& fixed) {
  out += R"(,"response_format":{"type":"json_schema","json_schema":{"name":)";
  write_text(out, fixed.schema_name);
  out += R"(,"strict":true,"schema":)";
  out += fixed.schema;
  out += "}}";
}

void write_tool_form(std::string& out, const instructions& fixed, bool is_forced) {
  out += R"(,"tools":[{"type":"function","function":{"name":)";
  write_text(out, fixed.schema_name);
  out += R"(,"description":)";
  write_text(out, tool_description);
  out += R"(,"strict":true,"parameters":)";
  out += fixed.schema;
  out += R"(}}],"tool_choice":)";
  if (is_forced) {
    out += R"({"type":"function","function":{"name":)";
    write_text(out, fixed.schema_name);
    out += "}}";
  } else {
    out += R"("auto")";
  }
  out += R"(,"parallel_tool_calls":false)";
}

stop_reason stop_reason_of(std::string_view name) noexcept {
  if (name == "stop" || name == "tool_calls")
    return stop_reason::finished;
  if (name == "length")
    return stop_reason::length;
  if (name == "content_filter")
    return stop_reason::refusal;
  return stop_reason::other;
}

events::language_model::token_usage usage_of(json_place usage) noexcept {
  auto prompt = tokens_at(usage["prompt_tokens"]);
  auto cached = std::min(tokens_at(usage["prompt_tokens_details"]["cached_tokens"]), prompt);
  auto output = tokens_at(usage["completion_tokens"]);
  return {.input_tokens = prompt - cached,
          .cache_read_tokens = cached,
          .output_tokens = output,
          .reasoning_tokens =
            std::min(tokens_at(usage["completion_tokens_details"]["reasoning_tokens"]), output)};
}

/// What a message says: `said` or, in other words, why not.
struct words {
  std::string said;
  std::string refusal;
};

/// The content of a message is a text, or a list of parts that are texts or refusals.
words content_of(json_place message) {
  words out{std::string{text_at(message["content"])}, std::string{text_at(message["refusal"])}};
  simdjson::dom::array parts;
  if (message["content"].get_array().get(parts) != SUCCESS)
    return out;
  for (auto each : parts) {
    json_place part{std::move(each)};
    out.said += text_at(part["text"]);
    out.refusal += text_at(part["refusal"]);
  }
  return out;
}

/// The arguments of the first tool call: a text that holds JSON; some gateways send the JSON itself.
std::string tool_arguments_of(json_place message) {
  auto arguments = message["tool_calls"].at(0)["function"]["arguments"];
  simdjson::dom::object object;
  if (arguments.get_object().get(object) == SUCCESS)
    return simdjson::minify(object);
  return std::string{text_at(arguments)};
}

class openai final : public provider {
public:
  explicit openai(provider_settings settings)
    : settings_{std::move(settings)} {}

  [[nodiscard]] const provider_settings& settings() const noexcept override {
    return settings_;
  }

  [[nodiscard]] std::shared_ptr<const std::string> opening_of(const instructions& fixed) const override {
    const auto& model = settings_.model;
    std::string out = R"({"model":)";
    write_text(out, model.id);
    out += R"(,"max_completion_tokens":)";
    write_number(out, std::int64_t{settings_.tokens_max});
    if (model.takes_temperature) {
      out += R"(,"temperature":)";
      write_number(out, settings_.temperature);
    }
    if (model.output == structured_output::schema)
      write_schema_form(out, fixed);
    else
      write_tool_form(out, fixed, model.takes_forced_tool_choice);
    out += R"(,"messages":[{"role":"system","content":)";
    write_text(out, fixed.text);
    out += '}';
    return std::make_shared<const std::string>(std::move(out));
  }

  [[nodiscard]] ports::http_request request_of(std::shared_ptr<const std::string> opening,
                                               const std::vector<turn>& said) const override {
    ports::http_request out;
    out.url = settings_.base_url + std::string{path};
    if (!settings_.key.empty())
      out.headers.emplace_back("authorization", "Bearer " + settings_.key);
    out.headers.emplace_back("content-type", "application/json");
    out.headers.emplace_back("accept", "application/json");
    out.opening = std::move(opening);
    out.rest = ",";
    write_turns(out.rest, said);
    out.rest += "]}";
    return out;
  }

  [[nodiscard]] call_outcome read(const ports::http_response& response,
                                  std::chrono::system_clock::time_point now) const override {
    auto root = parse_body(response.body);
    const auto* header = response.header("x-request-id");
    auto request_id = presentable_id(header != nullptr ? std::string_view{*header} : std::string_view{});
    if (!is_success(response.status))
      return failure_of_status(response, complaint_in(root, response.status, std::move(request_id)),
                               settings_.key, now);
    auto choice = root["choices"].at(0);
    auto message = choice["message"];
    if (!message.is_object())
      return unreadable_response(response, std::move(request_id), why_unreadable(root, settings_.key));
    reply out{.response_id = presentable_id(text_at(root["id"])),
              .model = presentable_id(text_at(root["model"])),
              .request_id = std::move(request_id),
              .stopped = stop_reason_of(text_at(choice["finish_reason"])),
              .text = tool_arguments_of(message),
              .usage = usage_of(root["usage"])};
    auto [said, refusal] = content_of(message);
    if (!refusal.empty()) {
      out.stopped = stop_reason::refusal; // its finish_reason is "stop"
      out.text = std::move(refusal);
    } else if (out.text.empty()) {
      out.text = std::move(said);
    }
    return out;
  }

private:
  [[nodiscard]] static complaint complaint_in(json_place root, int status, std::string request_id) {
    constexpr std::string_view spent = "insufficient_quota";
    auto error = root["error"];
    return {.message = std::string{text_at(error["message"])},
            .request_id = std::move(request_id),
            .is_spent =
              status == 429 && (text_at(error["type"]) == spent || text_at(error["code"]) == spent)};
  }

  provider_settings settings_;
};

} // namespace

std::shared_ptr<const provider> make_openai(provider_settings settings) {
  return std::make_shared<const openai>(std::move(settings));
}

} // namespace sonicmatch::actors::language_model
