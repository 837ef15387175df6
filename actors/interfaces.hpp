#pragma once

#include "actors/language_model/answer.hpp"
#include "actors/language_model/provider.hpp"
#include "actors/ports/log.hpp"
#include "actors/session_store/interfaces.hpp"
#include "events/envelope.hpp"
#include "events/explanation/document.hpp"
#include "events/session/commands.hpp"

#include <caf/all.hpp>

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Every actor protocol of the project, but those of the projections
/// (projections/interfaces.hpp), of the language model's gateway
/// (language_model/interfaces.hpp) and of the session store
/// (session_store/interfaces.hpp). Messages are named structs and stay in one
/// process; JSON on Kafka is the only wire.
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
/// overloaded, log_unavailable, log_full, log_rejected, shutting_down, not_found,
/// deadline_exceeded, store_unavailable, key_reused.
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
  // Records of the events topic end what is waiting and fill the session cache;
  // those of the commands topic are sessions that have been issued, by any edge.
  caf::reacts_to<tail_batch>,
  // A tail stands at its partition's end.
  caf::reacts_to<tail_reached_end>,
  // Where to begin with the commands topic.
  caf::reacts_to<committed_found>,
  // A command's delivery report.
  caf::reacts_to<command_delivered>, caf::reacts_to<explanation_delivered>,
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

// -- the recommender --------------------------------------------------------

struct partitions_assigned {
  std::vector<ports::assignment> partitions;
};
struct partitions_revoked {
  std::vector<partition_id> partitions;
  bool lost = false;
};
/// An owner has claimed and rebuilt its partition.
struct partition_owned {
  partition_id partition;
};
struct command_batch {
  ports::batch_ptr batch;
};
/// Given once, before anything else: the membership that the actor acts through.
struct group_joined {
  std::shared_ptr<ports::group_consumer> consumer;
};
/// `idle` is called once no owner is left: those that have handed off may still be
/// waiting for what their calls bring.
struct await_owners {
  std::function<void()> idle;
};

using recommender =
  caf::typed_actor<caf::reacts_to<group_joined>,
                   // Spawns an owner for each partition.
                   caf::reacts_to<partitions_assigned>,
                   // Has the owners hand off, or forget at once when the partitions are lost.
                   caf::reacts_to<partitions_revoked>,
                   // For the health page: ready is who owns all that it was given.
                   caf::reacts_to<partition_owned>,
                   // Commands, handed on to the owners of their partitions.
                   caf::reacts_to<command_batch>,
                   // Before the process ends.
                   caf::reacts_to<await_owners>>;

/// Records of one partition out of a batch.
struct owned_commands {
  ports::batch_ptr batch;
  std::vector<std::uint32_t> indexes; ///< into batch->records, in offset order
};
/// `generation` counts an owner's claims: an answer to an earlier one is stale.
struct claim_appended {
  std::uint64_t generation = 0;
  caf::expected<log_position> where;
};
/// Where the partition's commands ended after the claim.
struct commands_end_found {
  std::uint64_t generation = 0;
  caf::expected<log_offset> end;
};
struct events_replayed {
  std::uint64_t generation = 0;
  ports::batch_ptr batch;
};
/// What an owner appended, which says what it does once that is in the log.
enum class appended_kind : std::uint8_t {
  requested,    ///< the request was accepted: its command may be committed
  call_started, ///< a call is about to be made: now it may be
  fact,         ///< what a call brought
  terminal,     ///< the request's end: its place is free
  dead_letter,  ///< a command that cannot be read, in the dead letters: it may be committed
  hand_off      ///< the partition is let go
};
/// The delivery report of an owner's record, told once for each: where it is in the log, or
/// why it is not known to be there.
struct record_appended {
  std::uint64_t generation = 0;
  appended_kind kind = appended_kind::requested;
  events::stream_id stream;
  log_offset command; ///< the command that led to it, where there is one
  caf::expected<log_position> where;
  events::call_id call; ///< of a call's event
};
/// The gateway's answer to ask_admission, unless the asker has withdrawn.
struct call_admitted {
  enum class verdict : std::uint8_t {
    granted, ///< a place is kept: make_call or withdraw must follow
    trial,   ///< the same, to see whether a model that was down is back: nobody should wait for it
    refused, ///< for `reason`: fall back
    answered ///< by somebody else's call for the same question
  };
  std::uint64_t generation = 0;
  events::stream_id stream;
  verdict says = verdict::refused;
  std::string reason; ///< breaker_open, budget_spent, queue_full, or why the other call failed
  language_model::answer_ptr answer;
};
/// What came of a call.
struct call_ended {
  events::call_id call;
  language_model::call_outcome outcome;
  std::chrono::milliseconds latency{};
  bool model_is_down = false; ///< calls are being refused now, so that another try is of no use
};
struct claim_partition {
  std::uint64_t generation = 0;
};
struct owner_tick {};
struct hand_off_partition {
  bool lost = false; ///< it belongs to another member already
};

using partition_owner = caf::typed_actor<
  // Commands to be accepted, in offset order.
  caf::reacts_to<owned_commands>,
  // Begins (again) to own: claims, rebuilds, then accepts.
  caf::reacts_to<claim_partition>,
  // The claim's delivery report: its offset is the fencing token.
  caf::reacts_to<claim_appended>,
  // Events from before the claim, folded into the open sessions.
  caf::reacts_to<events_replayed>,
  // Which commands earlier owners may have accepted.
  caf::reacts_to<commands_end_found>,
  // The delivery report of an event or a dead letter.
  caf::reacts_to<record_appended>,
  // Commits the watermark, takes up what had to wait.
  caf::reacts_to<owner_tick>,
  // Whether a call of the language model may be made.
  caf::reacts_to<call_admitted>,
  // A call's reply or failure, to be recorded whatever has become of its request.
  caf::reacts_to<call_ended>,
  // Says in the log that it lets go, releases the partition, records what calls under
  // way still bring, ends.
  caf::reacts_to<hand_off_partition>>;

} // namespace sonicmatch::actors

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::name)
SONICMATCH_LOCAL_MESSAGE(begin_tailing)
SONICMATCH_LOCAL_MESSAGE(submit_recommendation)
SONICMATCH_LOCAL_MESSAGE(find_session)
SONICMATCH_LOCAL_MESSAGE(watch_session)
SONICMATCH_LOCAL_MESSAGE(unwatch_session)
SONICMATCH_LOCAL_MESSAGE(submit_explanation)
SONICMATCH_LOCAL_MESSAGE(tail_batch)
SONICMATCH_LOCAL_MESSAGE(tail_reached_end)
SONICMATCH_LOCAL_MESSAGE(committed_found)
SONICMATCH_LOCAL_MESSAGE(command_delivered)
SONICMATCH_LOCAL_MESSAGE(explanation_delivered)
SONICMATCH_LOCAL_MESSAGE(log_end_found)
SONICMATCH_LOCAL_MESSAGE(edge_tick)
SONICMATCH_LOCAL_MESSAGE(drain_edge)
SONICMATCH_LOCAL_MESSAGE(catalog_batch)
SONICMATCH_LOCAL_MESSAGE(catalog_reached_end)
SONICMATCH_LOCAL_MESSAGE(partitions_assigned)
SONICMATCH_LOCAL_MESSAGE(partitions_revoked)
SONICMATCH_LOCAL_MESSAGE(partition_owned)
SONICMATCH_LOCAL_MESSAGE(command_batch)
SONICMATCH_LOCAL_MESSAGE(group_joined)
SONICMATCH_LOCAL_MESSAGE(await_owners)
SONICMATCH_LOCAL_MESSAGE(owned_commands)
SONICMATCH_LOCAL_MESSAGE(claim_appended)
SONICMATCH_LOCAL_MESSAGE(events_replayed)
SONICMATCH_LOCAL_MESSAGE(commands_end_found)
SONICMATCH_LOCAL_MESSAGE(record_appended)
SONICMATCH_LOCAL_MESSAGE(claim_partition)
SONICMATCH_LOCAL_MESSAGE(owner_tick)
SONICMATCH_LOCAL_MESSAGE(hand_off_partition)
SONICMATCH_LOCAL_MESSAGE(call_admitted)
SONICMATCH_LOCAL_MESSAGE(call_ended)
#undef SONICMATCH_LOCAL_MESSAGE
