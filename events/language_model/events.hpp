#pragma once

#include "events/ids.hpp"
#include "events/language_model/usage.hpp"
#include "events/record/declaration.hpp"

#include <optional>
#include <string>
#include <variant>

namespace sonicmatch::events {
/// One call of a language model: made from its command and its number, so that the
/// same call decided twice has the same id.
using call_id = uuid_id<struct call_tag>;

/// The n-th call (from 0) that `command` leads to.
[[nodiscard]] call_id call_id_of(const command_id& command, unsigned n);
} // namespace sonicmatch::events

/// What happens when a language model is asked, for a recommendation or an
/// explanation alike. Published: a change is a new version, an upcaster and a golden
/// file (tests/golden).
namespace sonicmatch::events::language_model {

/// Why a call is made.
enum class purpose : std::uint8_t {
  answer, ///< the question itself, for the first time or again
  repair  ///< the reply broke the rules; the model is told how
};
constexpr auto names(purpose) {
  return std::array<std::string_view, 2>{"answer", "repair"};
}

/// A call is about to be made. A decision: it has a version in its stream, and the
/// writer's claim fences it.
struct language_model_call_started {
  call_id call;
  int attempt = 1;
  language_model::purpose purpose = purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  std::string request_hash;
  timestamp deadline;
  std::int64_t reserved_micro_usd = 0;
  timestamp requested_at;

  bool operator==(const language_model_call_started&) const = default;

  static constexpr std::string_view record_name = "language_model_call_started";
  static constexpr std::string_view type_name = "sonicmatch.language_model_call_started.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = language_model_call_started;
    return record::fields(
      field("call_id", &e::call), field("attempt", &e::attempt).range(1, 1000).doc("of its request, from 1"),
      field("purpose", &e::purpose), field("provider", &e::provider).size(1, 32),
      field("model", &e::model).size(1, 128), field("prompt_version", &e::prompt_version).range(0, 1e6),
      field("request_hash", &e::request_hash).size(1, 64).doc("the same for the same question"),
      field("deadline", &e::deadline).doc("no outcome is recorded much later than this"),
      field("reserved_micro_usd", &e::reserved_micro_usd)
        .range(0, 1e15)
        .doc("what it may cost at most; the day's budget counts it until the outcome is known"),
      field("requested_at", &e::requested_at).doc("when the recommendation or explanation was asked for"));
  }
};

/// What a call that was answered brought, and cost. A fact: it was paid for, and holds
/// whoever owns the partition by then. The first outcome of a call counts.
struct language_model_reply_recorded {
  call_id call;
  int attempt = 1;
  language_model::purpose purpose = purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  std::string response_id;
  std::string request_id;
  std::string stopped;
  std::string reply;
  token_usage usage;
  std::optional<std::int64_t> cost_micro_usd;
  std::int64_t latency_ms = 0;

  bool operator==(const language_model_reply_recorded&) const = default;

  static constexpr std::string_view record_name = "language_model_reply_recorded";
  static constexpr std::string_view type_name = "sonicmatch.language_model_reply_recorded.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = language_model_reply_recorded;
    return record::fields(
      field("call_id", &e::call), field("attempt", &e::attempt).range(1, 1000), field("purpose", &e::purpose),
      field("provider", &e::provider).size(1, 32),
      field("model", &e::model).size(0, 128).doc("as the provider names it"),
      field("prompt_version", &e::prompt_version).range(0, 1e6), field("response_id", &e::response_id),
      field("request_id", &e::request_id).doc("of the exchange, for the provider's support"),
      field("stopped", &e::stopped).doc("finished, length, refusal or other"),
      field("reply", &e::reply).doc("the model's own words"), field("usage", &e::usage),
      field("cost_micro_usd", &e::cost_micro_usd).range(0, 1e15).doc("absent when the price is unknown"),
      field("latency_ms", &e::latency_ms).range(0, 1e12));
  }
};

/// What a call that brought no reply ended with. A fact too.
struct language_model_call_failed {
  call_id call;
  int attempt = 1;
  language_model::purpose purpose = purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  std::string code;
  std::string detail;
  std::int64_t http_status = 0;
  std::string request_id;
  bool retriable = false;
  std::optional<std::int64_t> retry_after_ms;
  bool may_have_been_billed = false;
  std::optional<std::int64_t> cost_max_micro_usd;
  std::int64_t latency_ms = 0;

  bool operator==(const language_model_call_failed&) const = default;

  static constexpr std::string_view record_name = "language_model_call_failed";
  static constexpr std::string_view type_name = "sonicmatch.language_model_call_failed.v1";
  static constexpr auto declaration() {
    using record::field;
    using e = language_model_call_failed;
    return record::fields(
      field("call_id", &e::call), field("attempt", &e::attempt).range(1, 1000), field("purpose", &e::purpose),
      field("provider", &e::provider).size(1, 32), field("model", &e::model).size(0, 128),
      field("prompt_version", &e::prompt_version).range(0, 1e6),
      field("code", &e::code).doc("a stable word, such as rate_limited"),
      field("detail", &e::detail).doc("a sentence for people"),
      field("http_status", &e::http_status).range(0, 999).doc("0 when there was no response"),
      field("request_id", &e::request_id), field("retriable", &e::retriable),
      field("retry_after_ms", &e::retry_after_ms).range(-1e12, 1e12).doc("what the provider asked for"),
      field("may_have_been_billed", &e::may_have_been_billed).doc("it was sent, and no answer came back"),
      field("cost_max_micro_usd", &e::cost_max_micro_usd)
        .range(0, 1e15)
        .doc("what it may have cost at most, when it may have been billed; the day's budget counts it"),
      field("latency_ms", &e::latency_ms).range(0, 1e12));
  }
};

/// The outcomes. They carry no version: the stream's decisions are numbered, and one
/// of these may arrive from an owner before.
using fact = std::variant<language_model_reply_recorded, language_model_call_failed>;

/// All that happens to a call. Its stream is the envelope's subject: a session, or an
/// explanation, whose records have the header `stream` too.
using event =
  std::variant<language_model_call_started, language_model_reply_recorded, language_model_call_failed>;

/// What all calls for one request came to.
struct calls_summary {
  int attempts = 0;
  token_usage usage;
  std::int64_t cost_micro_usd = 0;
  bool cost_is_known = true;

  bool operator==(const calls_summary&) const = default;

  static constexpr std::string_view record_name = "language_model_calls";
  static constexpr auto declaration() {
    using record::field;
    using c = calls_summary;
    return record::fields(
      field("attempts", &c::attempts).range(0, 1000).doc("calls that were started"),
      field("usage", &c::usage),
      field("cost_micro_usd", &c::cost_micro_usd).range(0, 1e15).doc("millionths of a US dollar"),
      field("cost_is_known", &c::cost_is_known)
        .doc("false when a price is unknown, or a call may have been billed and did not answer"));
  }
};

} // namespace sonicmatch::events::language_model
