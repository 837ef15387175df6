#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/session_reader.hpp"
#include "events/session/commands.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// Every actor protocol of the project, but those of the projections
/// (projections/interfaces.hpp). Messages are named structs and stay in one
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
};

/// Called exactly once, on the edge actor's thread; must not block. Errors:
/// overloaded, log_unavailable, log_full, log_rejected, shutting_down, not_found,
/// deadline_exceeded, store_unavailable.
using answer_session = std::function<void(caf::expected<session_answer>)>;

/// The log is there, its topics are as they should be: the tails may begin.
struct begin_tailing {};

struct submit_recommendation {
  events::session::preferences preferences;
  int max_results = 5;
  bool wait = true; ///< answer when the session has ended, or else as soon as it is durable
  std::string traceparent;
  answer_session answer;
};

struct find_session {
  events::session_id id;
  answer_session answer;
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
  // Records of the events topic end what is waiting and fill the session cache;
  // those of the commands topic are sessions that have been issued, by any edge.
  caf::reacts_to<tail_batch>,
  // A tail stands at its partition's end.
  caf::reacts_to<tail_reached_end>,
  // Where to begin with the commands topic.
  caf::reacts_to<committed_found>,
  // A command's delivery report.
  caf::reacts_to<command_delivered>,
  // Where a partition ended when somebody asked for a session.
  caf::reacts_to<log_end_found>,
  // Deadlines.
  caf::reacts_to<edge_tick>,
  // Before the process stops.
  caf::reacts_to<drain_edge>>;

// -- the session store: the read model's blocking reader, in a thread of its own --

struct load_session {
  events::session_id id;
};
struct load_progress {};
struct ping_store {};

using found_session = caf::expected<std::optional<ports::stored_session>>;
using found_progress = caf::expected<std::vector<ports::session_reader::progress>>;

/// Results travel as values, because CAF 0.17 takes an error in a response for a
/// failed handler.
struct session_loaded {
  found_session result;
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
  // How far the read model is.
  caf::replies_to<load_progress>::with<progress_loaded>,
  // Whether the database answers.
  caf::replies_to<ping_store>::with<store_pinged>>;

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

using recommender =
  caf::typed_actor<caf::reacts_to<group_joined>,
                   // Spawns an owner for each partition.
                   caf::reacts_to<partitions_assigned>,
                   // Has the owners hand off, or forget at once when the partitions are lost.
                   caf::reacts_to<partitions_revoked>,
                   // For the health page: ready is who owns all that it was given.
                   caf::reacts_to<partition_owned>,
                   // Commands, handed on to the owners of their partitions.
                   caf::reacts_to<command_batch>>;

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
enum class appended_kind : std::uint8_t { requested, terminal, dead_letter, hand_off };
struct record_appended {
  std::uint64_t generation = 0;
  appended_kind kind = appended_kind::requested;
  events::session_id session;
  log_offset command; ///< the command that led to it, where there is one
  caf::expected<log_position> where;
};
struct claim_partition {
  std::uint64_t generation = 0;
};
struct owner_tick {};
struct hand_off_partition {};

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
  // Finishes what is in flight, says so in the log, releases the partition, ends.
  caf::reacts_to<hand_off_partition>>;

} // namespace sonicmatch::actors

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::actors::name)
SONICMATCH_LOCAL_MESSAGE(begin_tailing)
SONICMATCH_LOCAL_MESSAGE(submit_recommendation)
SONICMATCH_LOCAL_MESSAGE(find_session)
SONICMATCH_LOCAL_MESSAGE(tail_batch)
SONICMATCH_LOCAL_MESSAGE(tail_reached_end)
SONICMATCH_LOCAL_MESSAGE(committed_found)
SONICMATCH_LOCAL_MESSAGE(command_delivered)
SONICMATCH_LOCAL_MESSAGE(log_end_found)
SONICMATCH_LOCAL_MESSAGE(edge_tick)
SONICMATCH_LOCAL_MESSAGE(drain_edge)
SONICMATCH_LOCAL_MESSAGE(load_session)
SONICMATCH_LOCAL_MESSAGE(load_progress)
SONICMATCH_LOCAL_MESSAGE(ping_store)
SONICMATCH_LOCAL_MESSAGE(session_loaded)
SONICMATCH_LOCAL_MESSAGE(progress_loaded)
SONICMATCH_LOCAL_MESSAGE(store_pinged)
SONICMATCH_LOCAL_MESSAGE(catalog_batch)
SONICMATCH_LOCAL_MESSAGE(catalog_reached_end)
SONICMATCH_LOCAL_MESSAGE(partitions_assigned)
SONICMATCH_LOCAL_MESSAGE(partitions_revoked)
SONICMATCH_LOCAL_MESSAGE(partition_owned)
SONICMATCH_LOCAL_MESSAGE(command_batch)
SONICMATCH_LOCAL_MESSAGE(group_joined)
SONICMATCH_LOCAL_MESSAGE(owned_commands)
SONICMATCH_LOCAL_MESSAGE(claim_appended)
SONICMATCH_LOCAL_MESSAGE(events_replayed)
SONICMATCH_LOCAL_MESSAGE(commands_end_found)
SONICMATCH_LOCAL_MESSAGE(record_appended)
SONICMATCH_LOCAL_MESSAGE(claim_partition)
SONICMATCH_LOCAL_MESSAGE(owner_tick)
SONICMATCH_LOCAL_MESSAGE(hand_off_partition)
#undef SONICMATCH_LOCAL_MESSAGE
