#pragma once

#include "actors/ports/session_reader.hpp"

#include <caf/all.hpp>

#include <optional>
#include <vector>

/// The protocol of the session store: the read model's blocking reader, in a thread of its
/// own.
namespace sonicmatch::actors {

struct load_session {
  events::session_id id;
};
struct load_explanation {
  events::session_id session;
  events::headphone_id headphone;
};
/// The sessions of a user, newest first.
struct load_sessions_of {
  events::user_id user;
  std::optional<ports::session_place> after; ///< the last one of the page before
  std::size_t count_max = 20;
};
struct load_progress {};
struct ping_store {};

using found_session = caf::expected<std::optional<ports::stored_session>>;
using found_explanation = caf::expected<std::optional<ports::stored_explanation>>;
using found_sessions = caf::expected<std::vector<ports::listed_session>>;
using found_progress = caf::expected<std::vector<ports::session_reader::progress>>;

/// Results travel as values, because CAF 0.17 takes an error in a response for a
/// failed handler.
struct session_loaded {
  found_session result;
};
struct explanation_loaded {
  found_explanation result;
};
struct sessions_loaded {
  found_sessions result;
};
struct progress_loaded {
  found_progress result;
};
struct store_pinged {
  caf::error result;
};

using session_store = caf::typed_actor<
  // One session from the read model.
  caf::replies_to<load_session>::with<session_loaded>,
  // The newest explanation of one of a session's picks.
  caf::replies_to<load_explanation>::with<explanation_loaded>,
  // A page of a user's sessions, newest first.
  caf::replies_to<load_sessions_of>::with<sessions_loaded>,
  // How far the read model is.
  caf::replies_to<load_progress>::with<progress_loaded>,
  // Whether the database answers.
  caf::replies_to<ping_store>::with<store_pinged>>;

} // namespace sonicmatch::actors

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::name)
SONICMATCH_LOCAL_MESSAGE(load_session)
SONICMATCH_LOCAL_MESSAGE(load_explanation)
SONICMATCH_LOCAL_MESSAGE(load_sessions_of)
SONICMATCH_LOCAL_MESSAGE(load_progress)
SONICMATCH_LOCAL_MESSAGE(ping_store)
SONICMATCH_LOCAL_MESSAGE(session_loaded)
SONICMATCH_LOCAL_MESSAGE(explanation_loaded)
SONICMATCH_LOCAL_MESSAGE(sessions_loaded)
SONICMATCH_LOCAL_MESSAGE(progress_loaded)
SONICMATCH_LOCAL_MESSAGE(store_pinged)
#undef SONICMATCH_LOCAL_MESSAGE
