#pragma once

#include "actors/language_model/model_card.hpp"
#include "actors/ports/http_client.hpp"
#include "events/language_model/usage.hpp"

#include <caf/error.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// A provider's wire format, as pure functions: what is asked becomes a request, and
/// a response becomes a reply or a failure. Who sends it: the gateway. Formats:
/// Anthropic Messages (anthropic.cpp), OpenAI chat completions (openai.cpp).
namespace sonicmatch::actors::language_model {

/// What every question of one kind has in common, to the byte, so that the
/// provider's prompt cache can serve it.
struct instructions {
  std::string text;        ///< the system prompt: what to do, and the catalog
  std::string schema_name; ///< of letters and underscores
  std::string schema;      ///< JSON Schema of the answer, as JSON text
};

/// Who said something: `user` is this program, `assistant` the model.
enum class speaker : std::uint8_t { user, assistant };

/// Something that was said. The first and the last of a conversation are the user's.
struct turn {
  speaker by = speaker::user;
  std::string text;

  bool operator==(const turn&) const = default;
};

/// Whom to ask, and how.
struct provider_settings {
  model_card model;         ///< names the provider and the model, and says what it takes
  std::string base_url;     ///< without a slash at its end, "https://api.anthropic.com"
  std::string key;          ///< a secret: goes into a header and nowhere else; empty: none is sent
  int tokens_max = 4000;    ///< that an answer may have, reasoning included
  double temperature = 0.7; ///< from 0 to 2; sent only to models that take it
};

/// Why a model stopped.
enum class stop_reason : std::uint8_t { finished, length, refusal, other };
constexpr auto names(stop_reason) {
  return std::array<std::string_view, 4>{"finished", "length", "refusal", "other"};
}

/// What came back from a model that was paid for it.
struct reply {
  std::string response_id; ///< the provider's id of the answer
  std::string model;       ///< as the provider names it
  std::string request_id;  ///< of the exchange, for the provider's support; may be empty
  stop_reason stopped = stop_reason::finished;
  std::string text; ///< the answer: JSON, if it did as it was told; the refusal's words
  events::language_model::token_usage usage;

  bool operator==(const reply&) const = default;
};

/// Why a call brought no reply.
struct call_failure {
  std::string code;   ///< a stable word: rate_limited, overloaded, server_error, authentication, …
  std::string detail; ///< a sentence, without any key
  int http_status = 0;
  std::string request_id;
  bool retriable = false;                               ///< the same call may work later
  std::optional<std::chrono::milliseconds> retry_after; ///< what the provider asks for, as it is
  bool may_have_been_billed = false;

  bool operator==(const call_failure&) const = default;
};

using call_outcome = std::variant<reply, call_failure>;

/// Immutable and pure, so it is shared between threads as it is.
class provider {
public:
  virtual ~provider() = default;

  [[nodiscard]] virtual const provider_settings& settings() const noexcept = 0;

  /// The request's body up to the first turn. The same instructions give the same bytes,
  /// and they go out as they are: `fixed.schema` must be JSON.
  [[nodiscard]] virtual std::shared_ptr<const std::string> opening_of(const instructions& fixed) const = 0;

  /// The whole request: `opening` is what opening_of() gave, and is shared. `said` is not
  /// empty. The timeout is the port's default; who sends the request sets its own.
  [[nodiscard]] virtual ports::http_request request_of(std::shared_ptr<const std::string> opening,
                                                       const std::vector<turn>& said) const = 0;

  /// What a response says, whatever it holds: nothing in it is trusted, and nothing is
  /// thrown. An answer without words is a reply with an empty text, since it is paid for.
  /// `now` is for a retry-after that is a date.
  [[nodiscard]] virtual call_outcome read(const ports::http_response& response,
                                          std::chrono::system_clock::time_point now) const = 0;
};

/// Speaks Anthropic Messages, POST base_url/v1/messages, with the key as x-api-key. The
/// settings are taken as they are, whatever provider the model's card names.
[[nodiscard]] std::shared_ptr<const provider> make_anthropic(provider_settings settings);

/// Speaks OpenAI chat completions, POST base_url/v1/chat/completions, with the key as a
/// bearer token; so do many compatible servers. The settings are taken as they are.
[[nodiscard]] std::shared_ptr<const provider> make_openai(provider_settings settings);

/// Makes the provider that the model's card names.
[[nodiscard]] std::shared_ptr<const provider> make_provider(provider_settings settings);

/// The failure that an error of the http_client port means: its code is the error's name,
/// but "timeout" for deadline_exceeded, and "unexpected_error" for what is none of ours.
[[nodiscard]] call_failure failure_of(const caf::error& reason);

} // namespace sonicmatch::actors::language_model
