#pragma once

#include "actors/accounts/secret.hpp"
#include "actors/ports/account_store.hpp"
#include "actors/ports/personal_records.hpp"
#include "actors/ports/session_reader.hpp"
#include "events/record/declaration.hpp"

#include <caf/all.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <variant>
#include <vector>

/// The protocols of the actors that know accounts.
namespace sonicmatch::actors::accounts {

// -- the hasher: a thread for what takes tens of milliseconds ------------------

struct hash_password {
  secret password;
};
struct check_password {
  secret password;
  std::optional<std::string> hash; ///< nothing: no such account; it takes as long all the same
};

/// Results travel as values, because CAF 0.17 takes an error in a response for a failed
/// handler.
struct password_hashed {
  caf::expected<std::string> hash;
};
struct password_checked {
  caf::expected<bool> matches;
  std::optional<std::string> renewed{}; ///< of a right password whose hash is outdated
};

using password_hasher = caf::typed_actor<
  // The hash of a new password.
  caf::replies_to<hash_password>::with<password_hashed>,
  // Whether it is the password of that hash.
  caf::replies_to<check_password>::with<password_checked>>;

// -- the desk: everything that a person does with an account -------------------

/// Why something was not done. `why` may be over_the_rate, unauthenticated,
/// already_exists, invalid_record, overloaded, store_unavailable, shutting_down.
struct refusal {
  caf::error why;
  events::record::violations fields{};
  std::optional<std::chrono::seconds> retry_after{};
};

template <class T>
using outcome = std::variant<T, refusal>;

struct granted_tokens {
  ports::account account;
  std::string access_token;
  std::string refresh_token;
  std::chrono::seconds expires_in{}; ///< of the access token
};
struct done {};

/// Called exactly once, on the desk's thread; must not block.
using answer_tokens = std::function<void(outcome<granted_tokens>)>;
using answer_account = std::function<void(outcome<ports::account>)>;
using answer_done = std::function<void(outcome<done>)>;

/// E-mail, password and name have been checked, and are in their normalised form.
struct open_account {
  std::string email;
  secret password;
  std::optional<std::string> display_name;
  events::timestamp asked_at{};
  answer_tokens answer;
};
struct log_in {
  std::string email;
  secret password;
  events::timestamp asked_at{};
  answer_tokens answer;
};
struct refresh_login {
  std::string refresh_token;
  events::timestamp asked_at{};
  answer_tokens answer;
};
struct log_out {
  std::string refresh_token;
  events::timestamp asked_at{};
  answer_done answer;
};
struct find_account {
  events::user_id user;
  events::timestamp asked_at{};
  answer_account answer;
};
struct close_account {
  events::user_id user;
  secret password;
  events::timestamp asked_at{};
  answer_done answer;
};

using account_desk = caf::typed_actor<
  // Registers a person, who is logged in with that. Refused: already_exists.
  caf::reacts_to<open_account>,
  // A new login. Refused: unauthenticated, the same for a wrong e-mail and a wrong
  // password; over_the_rate.
  caf::reacts_to<log_in>,
  // The next tokens of a login. Refused: unauthenticated; when the token had been used
  // before, somebody has it who should not, and the login is ended.
  caf::reacts_to<refresh_login>,
  // Ends a login; done too when there is none.
  caf::reacts_to<log_out>,
  // The account. Refused: unauthenticated, when it is gone.
  caf::reacts_to<find_account>,
  // Forgets the person, and has all sessions of the account erased. Refused:
  // invalid_record for a wrong password; over_the_rate.
  caf::reacts_to<close_account>>;

// -- the sessions of an account -------------------------------------------------

/// A page of a user's sessions, newest first, behind `after`. Calls back once, from any
/// thread. Errors: store_unavailable.
using found_sessions = caf::expected<std::vector<ports::listed_session>>;
using session_finder =
  std::function<void(const events::user_id& user, const std::optional<ports::session_place>& after,
                     std::size_t count_max, std::function<void(found_sessions)> on_found)>;

/// Has a session erased. Calls back once, from any thread, when that is certain to happen.
using session_eraser = std::function<void(const events::user_id& user, const events::session_id& session,
                                          std::function<void(caf::error)> on_accepted)>;

// -- the collector: a thread for what an export reads beside the sessions -----------

struct collect_records {
  events::user_id user;
  std::size_t count_max = 0; ///< of each kind
  /// Called exactly once, on the collector's thread; must not block.
  std::function<void(caf::expected<ports::personal_records>)> answer;
};

using record_collector = caf::typed_actor<
  // What the read models have of a user. Error: store_unavailable.
  caf::reacts_to<collect_records>>;

// -- the eraser ----------------------------------------------------------------

/// Looks after the erasures that have begun.
struct continue_erasures {
  std::uint64_t tick = 0; ///< of the eraser's own timer; 0: somebody else's
};
/// `round` counts the pages that were asked for: an answer to an earlier one is stale.
struct sessions_to_erase {
  std::uint64_t round = 0;
  found_sessions found;
};
struct session_erasure_accepted {
  std::uint64_t round = 0;
  caf::error failed;
};
/// A page has taken too long: the callbacks it waits for may never come.
struct erasure_overdue {
  std::uint64_t round = 0;
};

using account_eraser = caf::typed_actor<
  // The desk has begun one, or it is time to look again.
  caf::reacts_to<continue_erasures>,
  // A page of the sessions of the account that is being erased.
  caf::reacts_to<sessions_to_erase>,
  // One of them will be erased, or not now.
  caf::reacts_to<session_erasure_accepted>,
  // The page is given up, to be asked for again in the next round.
  caf::reacts_to<erasure_overdue>>;

} // namespace sonicmatch::actors::accounts

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::accounts::name)
SONICMATCH_LOCAL_MESSAGE(hash_password)
SONICMATCH_LOCAL_MESSAGE(check_password)
SONICMATCH_LOCAL_MESSAGE(password_hashed)
SONICMATCH_LOCAL_MESSAGE(password_checked)
SONICMATCH_LOCAL_MESSAGE(open_account)
SONICMATCH_LOCAL_MESSAGE(log_in)
SONICMATCH_LOCAL_MESSAGE(refresh_login)
SONICMATCH_LOCAL_MESSAGE(log_out)
SONICMATCH_LOCAL_MESSAGE(find_account)
SONICMATCH_LOCAL_MESSAGE(close_account)
SONICMATCH_LOCAL_MESSAGE(collect_records)
SONICMATCH_LOCAL_MESSAGE(continue_erasures)
SONICMATCH_LOCAL_MESSAGE(sessions_to_erase)
SONICMATCH_LOCAL_MESSAGE(session_erasure_accepted)
SONICMATCH_LOCAL_MESSAGE(erasure_overdue)
#undef SONICMATCH_LOCAL_MESSAGE
