#include "actors/language_model/failure.hpp"
#include "actors/language_model/provider.hpp"
#include "actors/language_model/wire.hpp"
#include "events/record/writer.hpp"

#include <optional>
#include <utility>

/// Anthropic Messages, as of autumn 2026. The stable beginning of a body is tools, system,
/// and then the messages, because that is the order in which the provider caches prefixes.
namespace sonicmatch::actors::language_model {

namespace {

using events::record::write_number;
using events::record::write_text;
using simdjson::SUCCESS;

constexpr std::string_view path = "/v1/messages";
constexpr std::string_view api_version = "2023-06-01";

void write_schema_form(std::string& out, const instructions& fixed) {
  out += R"(,"output_config":{"format":{"type":"json_schema","schema":)";
  out += fixed.schema;
  out += "}}";
}

void write_tool_form(std::string& out, const instructions& fixed, bool is_forced) {
  out += R"(,"tools":[{"name":)";
  write_text(out, fixed.schema_name);
  out += R"(,"description":)";
  write_text(out, tool_description);
  out += R"(,"input_schema":)";
  out += fixed.schema;
  out += R"(,"strict":true}],"tool_choice":{"type":)";
  if (is_forced) {
    out += R"("tool","name":)";
    write_text(out, fixed.schema_name);
  } else {
    out += R"("auto")";
  }
  out += R"(,"disable_parallel_tool_use":true})";
}

stop_reason stop_reason_of(std::string_view name) noexcept {
  if (name == "end_turn" || name == "stop_sequence" || name == "tool_use")
    return stop_reason::finished;
  if (name == "max_tokens" || name == "model_context_window_exceeded")
    return stop_reason::length;
  if (name == "refusal")
    return stop_reason::refusal;
  return stop_reason::other; // pause_turn among them: tools of the provider's, which are not asked for
}

events::language_model::token_usage usage_of(json_place usage) noexcept {
  return {.input_tokens = tokens_at(usage["input_tokens"]),
          .cache_write_tokens = tokens_at(usage["cache_creation_input_tokens"]),
          .cache_read_tokens = tokens_at(usage["cache_read_input_tokens"]),
          .output_tokens = tokens_at(usage["output_tokens"])};
}

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const auto& each : texts)
    out += each;
  return out;
}

/// The answer among the blocks of a message: the input of the last tool call, if there is one.
/// Otherwise the last text that is a JSON object, since models announce what they say; and if
/// none is, all texts, so that the check of the reply sees what was said. Blocks of other
/// kinds (thinking) are no part of the answer.
std::string answer_in(simdjson::dom::array content) {
  std::vector<std::string> texts;
  std::optional<std::string> tool_input;
  for (auto each : content) {
    json_place block{std::move(each)};
    auto type = text_at(block["type"]);
    simdjson::dom::element input;
    if (type == "text")
      texts.emplace_back(text_at(block["text"]));
    else if (type == "tool_use" && block["input"].get(input) == SUCCESS)
      tool_input = simdjson::minify(input);
  }
  if (tool_input)
    return std::move(*tool_input);
  if (texts.size() > 1)
    for (auto text = texts.rbegin(); text != texts.rend(); ++text)
      if (is_json_object(*text))
        return std::move(*text);
  return joined(texts);
}

class anthropic final : public provider {
public:
  explicit anthropic(provider_settings settings)
    : settings_{std::move(settings)} {}

  [[nodiscard]] const provider_settings& settings() const noexcept override {
    return settings_;
  }

  [[nodiscard]] std::shared_ptr<const std::string> opening_of(const instructions& fixed) const override {
    const auto& model = settings_.model;
    std::string out = R"({"model":)";
    write_text(out, model.id);
    out += R"(,"max_tokens":)";
    write_number(out, std::int64_t{settings_.tokens_max});
    if (model.takes_temperature) {
      out += R"(,"temperature":)";
      write_number(out, settings_.temperature);
    }
    if (model.output == structured_output::schema)
      write_schema_form(out, fixed);
    else
      write_tool_form(out, fixed, model.takes_forced_tool_choice);
    out += R"(,"system":[{"type":"text","text":)";
    write_text(out, fixed.text);
    out += R"(,"cache_control":{"type":"ephemeral"}}],"messages":[)";
    return std::make_shared<const std::string>(std::move(out));
  }

  [[nodiscard]] ports::http_request request_of(std::shared_ptr<const std::string> opening,
                                               const std::vector<turn>& said) const override {
    ports::http_request out;
    out.url = settings_.base_url + std::string{path};
    if (!settings_.key.empty())
      out.headers.emplace_back("x-api-key", settings_.key);
    out.headers.emplace_back("anthropic-version", api_version);
    out.headers.emplace_back("content-type", "application/json");
    out.headers.emplace_back("accept", "application/json");
    out.opening = std::move(opening);
    write_turns(out.rest, said);
    out.rest += "]}";
    return out;
  }

  [[nodiscard]] call_outcome read(const ports::http_response& response,
                                  std::chrono::system_clock::time_point now) const override {
    auto root = parse_body(response.body);
    const auto* header = response.header("request-id");
    auto request_id = header != nullptr ? std::string_view{*header} : text_at(root["request_id"]);
    if (!is_success(response.status))
      return failure_of_status(response, complaint_in(root, response.status, request_id), settings_.key, now);
    simdjson::dom::array content;
    if (root["content"].get_array().get(content) != SUCCESS)
      return unreadable_response(response, presentable_id(request_id), why_unreadable(root, settings_.key));
    reply out{.response_id = presentable_id(text_at(root["id"])),
              .model = presentable_id(text_at(root["model"])),
              .request_id = presentable_id(request_id),
              .stopped = stop_reason_of(text_at(root["stop_reason"])),
              .text = answer_in(content),
              .usage = usage_of(root["usage"])};
    // A refusal before the first word has no text; then its reason is what there is to say.
    if (out.stopped == stop_reason::refusal && out.text.empty())
      out.text = text_at(root["stop_details"]["explanation"]);
    return out;
  }

private:
  [[nodiscard]] static complaint complaint_in(json_place root, int status, std::string_view request_id) {
    auto error = root["error"];
    return {.message = std::string{text_at(error["message"])},
            .request_id = std::string{request_id},
            .is_spent =
              status == 429 && text_at(error["details"]["error_code"]) == "enforced_spend_limit_reached"};
  }

  provider_settings settings_;
};

} // namespace

std::shared_ptr<const provider> make_anthropic(provider_settings settings) {
  return std::make_shared<const anthropic>(std::move(settings));
}

} // namespace sonicmatch::actors::language_model
