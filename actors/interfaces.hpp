#pragma once

#include "actors/ports/log.hpp"
#include "actors/recommender/interfaces.hpp"
#include "actors/session_store/interfaces.hpp"
#include "events/envelope.hpp"
#include "events/explanation/document.hpp"
#include "events/feedback/commands.hpp"
#include "events/session/commands.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Every actor protocol of the project, but those of the projections
/// (projections/interfaces.hpp), of the language model's gateway
/// (language_model/interfaces.hpp), of the recommender (recommender/interfaces.hpp) and of
/// the session store (session_store/interfaces.hpp). Messages are named structs and stay in
/// one process; JSON on Kafka is the only wire.
namespace sonicmatch::actors {

using events::log_offset;
using events::log_position;
using events::partition_id;

// -- the edge ---------------------------------------------------------------

/// A session as far as the edge knows it.
struct session_answer {
  events::session_id id;
  std::shared_ptr<const std::string> document; ///< the session document, JSON
  events::stream_version version;
  bool terminal = false; ///< false: pending; the document says so
  events::stream_origin origin{};
  events::timestamp created_at{};
};

/// Called exactly once, on the edge actor's thread; must not block. Errors:
/// overloaded, log_unavailable, log_full, log_rejected, shutting_down, not_found, erased
/// (as good as not_found), deadline_exceeded, store_unavailable, key_reused.
using answer_session = std::function<void(caf::expected<session_answer>)>;

/// The log is there, its topics are as they should be: the tails may begin.
struct begin_tailing {};

struct submit_recommendation {
  events::session::preferences preferences;
  int max_results = 5;
  bool wait = true; ///< answer when the session has ended, or else as soon as it is durable
  std::string traceparent;
  answer_session answer;
  std::optional<events::user_id> user{}; ///< whose session it is to be
  /// Repeats with the same key and wishes get the same session; key_reused with others.
  std::optional<std::string> idempotency_key{};
  /// How long it waits at most, where that is less than the edge would.
  std::optional<std::chrono::milliseconds> wait_max{};
};

struct find_session {
  events::session_id id;
  answer_session answer;
  bool to_watch = false; ///< refused with `overloaded` when nobody more may watch
};

/// What is new of a session, for one who knows it as of version `known`.
struct session_news {
  session_answer now;
  events::stream_version known;
  std::optional<events::timestamp> time; ///< of the newest event, when it has just been read
};

/// News as the bytes that watchers are sent.
using render_news = std::string (*)(const session_news&);

/// Where the bytes go. The functions are called on the edge actor's thread; they must not
/// block.
struct session_watcher {
  std::function<bool(std::shared_ptr<const std::string>)> write; ///< false: nobody is there any more
  std::function<void()> end;
  std::atomic<bool> is_closed = false; ///< set, on any thread, once nobody is there
};
using session_watcher_ptr = std::shared_ptr<session_watcher>;

/// From now on the watcher is told what happens to the session, beginning with what it
/// does not know yet, until the session has ended or the watcher is gone.
struct watch_session {
  events::session_id id;
  std::optional<events::user_id> asker;
  events::stream_version known; ///< the newest version the watcher knows
  render_news render = nullptr;
  session_watcher_ptr watcher;
};
struct unwatch_session {
  events::session_id id;
  session_watcher_ptr watcher;
};

/// An explanation as far as the edge knows it.
struct explanation_answer {
  events::session_id session;
  events::headphone_id headphone;
  events::explanation_id id;
  std::shared_ptr<const std::string> document; ///< the explanation document, JSON
  events::explanation::document_status status = events::explanation::document_status::pending;
  bool degraded = false;
  std::optional<events::session::failure> failure; ///< when the status is error
  std::optional<events::user_id> user{};           ///< whose session it is of
};

/// Called exactly once, on the edge actor's thread; must not block. Errors: those of
/// answer_session, not_complete, not_a_match, store_rejected.
using answer_explanation = std::function<void(caf::expected<explanation_answer>)>;

struct submit_explanation {
  events::session_id session;
  std::string headphone; ///< one of the session's picks: its id or its slug
  bool wait = true;      ///< answer when the explanation has ended, or else as soon as it is durable
  std::string traceparent;
  answer_explanation answer;
  std::optional<events::user_id> asker{}; ///< a session of somebody else is not found
};

/// Feedback that will be recorded: its command is durable.
struct feedback_answer {
  events::feedback_id id;
  events::session_id session;
};

/// Called exactly once, on the edge actor's thread; must not block. Errors: those of
/// answer_session, not_complete, not_a_match, store_rejected.
using answer_feedback = std::function<void(caf::expected<feedback_answer>)>;

struct submit_feedback {
  events::session_id session;
  std::string headphone; ///< one of the session's picks: its id or its slug
  events::feedback::kind kind = events::feedback::kind::viewed;
  std::optional<int> rating; ///< with the kind rated, and with no other
  std::string traceparent;
  answer_feedback answer;
  std::optional<events::user_id> asker{}; ///< a session of somebody else is not found
};

/// Called exactly once, on the edge actor's thread; must not block. None: the command is
/// durable, and the session is not found from now on. Errors: those of answer_session;
/// erased when it is erased already.
using answer_erasure = std::function<void(caf::error)>;

struct erase_session {
  events::session_id id;
  std::optional<events::user_id> asker; ///< a session of somebody else is not found
  events::session::erasure_reason reason = events::session::erasure_reason::session_deleted;
  std::string traceparent;
  answer_erasure answer;
};

/// The two topics that an edge tails.
enum class tailed : std::uint8_t { events, commands };

/// What the adapters' threads tell the edge.
struct tail_batch {
  tailed topic = tailed::events;
  ports::batch_ptr batch;
};
struct tail_reached_end {
  tailed topic = tailed::events;
  partition_id partition;
  log_offset next;
};
/// What the recommenders have committed of each partition of the commands topic.
struct committed_found {
  caf::expected<std::vector<std::optional<log_offset>>> offsets;
};
struct command_delivered {
  events::session_id id;
  caf::expected<log_position> where;
};
struct explanation_delivered {
  events::session_id session;
  events::headphone_id headphone;
  events::explanation_id id;
  caf::expected<log_position> where;
};
/// Of a command that opens nothing.
struct brief_delivered {
  std::uint64_t number = 0;
  caf::expected<log_position> where;
};
struct log_end_found {
  std::uint64_t search = 0;
  tailed topic = tailed::events;
  caf::expected<log_offset> end;
};
struct edge_tick {};
/// Accepts nothing more; what is waiting is still answered.
struct drain_edge {
  std::function<void()> drained; ///< called once nothing is waiting
  /// After this a request is answered with what is known of it: accepted, not done.
  std::chrono::milliseconds patience{10'000};
};

using edge = caf::typed_actor<
  // Begins to tail the log; until then every request is refused.
  caf::reacts_to<begin_tailing>,
  // Appends request_recommendation and answers when it is durable, or done.
  caf::reacts_to<submit_recommendation>,
  // Answers with what the tails or the read model know, once they have caught up.
  caf::reacts_to<find_session>,
  // What happens to a session, told to whoever watches it.
  caf::reacts_to<watch_session>, caf::reacts_to<unwatch_session>,
  // Answers with an explanation that is known, joins one that is being made, or
  // appends request_explanation and answers when it is durable, or done.
  caf::reacts_to<submit_explanation>,
  // Appends record_feedback and answers when it is durable.
  caf::reacts_to<submit_feedback>,
  // Appends erase_session and answers when it is durable; forgets the session.
  caf::reacts_to<erase_session>,
  // Records of the events topic end what is waiting and fill the session cache;
  // those of the commands topic are sessions that have been issued, by any edge.
  caf::reacts_to<tail_batch>,
  // A tail stands at its partition's end.
  caf::reacts_to<tail_reached_end>,
  // Where to begin with the commands topic.
  caf::reacts_to<committed_found>,
  // A command's delivery report.
  caf::reacts_to<command_delivered>, caf::reacts_to<explanation_delivered>, caf::reacts_to<brief_delivered>,
  // Where a partition ended when somebody asked for a session.
  caf::reacts_to<log_end_found>,
  // Deadlines.
  caf::reacts_to<edge_tick>,
  // Before the process stops.
  caf::reacts_to<drain_edge>>;

// -- the catalog ------------------------------------------------------------

struct catalog_batch {
  ports::batch_ptr batch;
};
struct catalog_reached_end {
  log_offset next;
};

using catalog_keeper = caf::typed_actor<
  // Records of the catalog topic, folded.
  caf::reacts_to<catalog_batch>,
  // Publishes the fold as a snapshot, when anything has changed.
  caf::reacts_to<catalog_reached_end>>;

} // namespace sonicmatch::actors

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::name)
SONICMATCH_LOCAL_MESSAGE(begin_tailing)
SONICMATCH_LOCAL_MESSAGE(submit_recommendation)
SONICMATCH_LOCAL_MESSAGE(find_session)
SONICMATCH_LOCAL_MESSAGE(watch_session)
SONICMATCH_LOCAL_MESSAGE(unwatch_session)
SONICMATCH_LOCAL_MESSAGE(submit_explanation)
SONICMATCH_LOCAL_MESSAGE(submit_feedback)
SONICMATCH_LOCAL_MESSAGE(erase_session)
SONICMATCH_LOCAL_MESSAGE(tail_batch)
SONICMATCH_LOCAL_MESSAGE(tail_reached_end)
SONICMATCH_LOCAL_MESSAGE(committed_found)
SONICMATCH_LOCAL_MESSAGE(command_delivered)
SONICMATCH_LOCAL_MESSAGE(explanation_delivered)
SONICMATCH_LOCAL_MESSAGE(brief_delivered)
SONICMATCH_LOCAL_MESSAGE(log_end_found)
SONICMATCH_LOCAL_MESSAGE(edge_tick)
SONICMATCH_LOCAL_MESSAGE(drain_edge)
SONICMATCH_LOCAL_MESSAGE(catalog_batch)
SONICMATCH_LOCAL_MESSAGE(catalog_reached_end)
#undef SONICMATCH_LOCAL_MESSAGE
