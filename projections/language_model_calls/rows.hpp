#pragma once

#include "events/explanation/commands.hpp"
#include "events/ids.hpp"
#include "events/language_model/events.hpp"

#include <array>
#include <optional>
#include <string>
#include <string_view>

/// The read model `language_model_calls`: one row per call that has ended, for those who
/// ask what was spent, and on what.
namespace sonicmatch::projections::language_model_calls {

enum class outcome : std::uint8_t { replied, failed };
constexpr auto names(outcome) {
  return std::array<std::string_view, 2>{"replied", "failed"};
}

/// A call as its first outcome in the log tells it.
struct call_row {
  events::call_id id;
  std::optional<events::session_id> session;         ///< none: it was erased
  std::optional<events::explanation_id> explanation; ///< that it was made for; none: the session
  int attempt = 1;
  events::language_model::purpose purpose = events::language_model::purpose::answer;
  std::string provider;
  std::string model;
  int prompt_version = 0;
  language_model_calls::outcome outcome = outcome::replied;
  std::optional<std::string> stopped;                       ///< how the reply ended
  std::optional<std::string> code;                          ///< why there is none
  std::optional<std::int64_t> http_status;                  ///< of a response that was no reply
  std::optional<events::language_model::token_usage> usage; ///< of a reply
  std::optional<events::micro_dollars> cost;                ///< none: it is not known
  bool may_have_been_billed = false;                        ///< it was sent, and no answer came back
  std::optional<events::micro_dollars> cost_max;            ///< of one that may have been billed
  std::int64_t latency_ms = 0;
  std::optional<std::string> response_id; ///< of a reply
  std::string request_id;
  events::timestamp recorded_at;
  events::log_position position;

  bool operator==(const call_row&) const = default;
};

} // namespace sonicmatch::projections::language_model_calls
