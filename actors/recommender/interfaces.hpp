#pragma once

#include "actors/language_model/answer.hpp"
#include "actors/language_model/provider.hpp"
#include "actors/ports/log.hpp"
#include "events/ids.hpp"
#include "events/language_model/events.hpp"

#include <caf/all.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

/// The protocols of the recommender and of its partitions' owners. Messages are named
/// structs and stay in one process.
namespace sonicmatch::actors {

using events::log_offset;
using events::log_position;
using events::partition_id;

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
  noted,        ///< feedback or an erasure, which open nothing: its command may be committed
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
SONICMATCH_LOCAL_MESSAGE(partitions_assigned)
SONICMATCH_LOCAL_MESSAGE(partitions_revoked)
SONICMATCH_LOCAL_MESSAGE(partition_owned)
SONICMATCH_LOCAL_MESSAGE(command_batch)
SONICMATCH_LOCAL_MESSAGE(group_joined)
SONICMATCH_LOCAL_MESSAGE(await_owners)
SONICMATCH_LOCAL_MESSAGE(owned_commands)
SONICMATCH_LOCAL_MESSAGE(claim_appended)
SONICMATCH_LOCAL_MESSAGE(commands_end_found)
SONICMATCH_LOCAL_MESSAGE(events_replayed)
SONICMATCH_LOCAL_MESSAGE(record_appended)
SONICMATCH_LOCAL_MESSAGE(call_admitted)
SONICMATCH_LOCAL_MESSAGE(call_ended)
SONICMATCH_LOCAL_MESSAGE(claim_partition)
SONICMATCH_LOCAL_MESSAGE(owner_tick)
SONICMATCH_LOCAL_MESSAGE(hand_off_partition)
#undef SONICMATCH_LOCAL_MESSAGE
