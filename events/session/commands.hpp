#pragma once

#include "events/ids.hpp"
#include "events/language_model/events.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <array>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// What can be asked of a session. Commands are imperative; those with a
/// type_name travel on sonicmatch.commands.
namespace sonicmatch::events::session {

/// The most picks anyone may ask for.
inline constexpr int max_results_limit = 20;

/// Opens a session: recommend headphones for these wishes, by then.
struct request_recommendation {
  session::preferences preferences;
  int max_results = 5;
  timestamp deadline;

  bool operator==(const request_recommendation&) const = default;

  static constexpr std::string_view record_name = "request_recommendation";
  static constexpr std::string_view type_name = "sonicmatch.request_recommendation.v1";
  static constexpr auto declaration() {
    using record::field;
    using c = request_recommendation;
    return record::fields(field("preferences", &c::preferences),
                          field("max_results", &c::max_results).range(1, max_results_limit),
                          field("deadline", &c::deadline).doc("when an answer is of no more use"));
  }
};

/// Ends an open session with picks. Given by the recommender to itself; it
/// never travels.
struct complete_recommendation {
  std::vector<match> matches;
  std::vector<relaxation> relaxations;
  std::vector<std::string> notes;
  std::string engine;
  bool degraded = false;
  std::optional<std::string> degraded_reason;
  std::int64_t catalog_version = 0;
  std::optional<int> prompt_version;
  std::optional<call_id> reused_call;
};

/// Ends an open session without picks. It never travels either.
struct fail_recommendation {
  std::string code;
  std::string detail;
};

/// Why a session is erased.
enum class erasure_reason : std::uint8_t { session_deleted, account_deleted };
constexpr auto names(erasure_reason) {
  return std::array<std::string_view, 2>{"session_deleted", "account_deleted"};
}

/// Forget the session, whatever has become of it.
struct erase_session {
  erasure_reason reason = erasure_reason::session_deleted;

  bool operator==(const erase_session&) const = default;

  static constexpr std::string_view record_name = "erase_session";
  static constexpr std::string_view type_name = "sonicmatch.erase_session.v1";
  static constexpr auto declaration() {
    return record::fields(record::field("reason", &erase_session::reason)
                            .doc("who asked: the session's owner, or an account's end"));
  }
};

/// The commands that travel.
using command = std::variant<request_recommendation, erase_session>;

} // namespace sonicmatch::events::session
