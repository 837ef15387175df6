#pragma once

#include "actors/ports/log.hpp"
#include "projections/batch.hpp"
#include "projections/read_model_store.hpp"

#include <caf/all.hpp>

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

/// The protocols of the projections' actors. Messages are named structs and stay
/// in one process.
namespace sonicmatch::projections {

namespace ports = actors::ports;

// -- the store writer: the projection's blocking calls, in a thread of their own --

struct load_progress {};

/// Results travel as values, because CAF 0.17 takes an error in a response for a
/// failed handler.
struct progress_loaded {
  caf::expected<stored_progress> result;
};

struct write_batch {
  std::shared_ptr<const batch> work;
};

/// Gives the membership up, which may take a moment: the projector's last message.
struct leave_group {
  std::shared_ptr<ports::group_consumer> consumer;
};

using store_writer = caf::typed_actor<
  // Where the projection is.
  caf::replies_to<load_progress>::with<progress_loaded>,
  // Folds a batch and applies it as one transaction.
  caf::replies_to<write_batch>::with<batch_outcome>,
  // Leaves the group and ends.
  caf::reacts_to<leave_group>>;

// -- the projector ----------------------------------------------------------

/// What the adapter's thread tells the projector.
struct partitions_given {
  std::vector<ports::assignment> partitions;
};
struct partitions_taken {
  std::vector<partition_id> partitions;
  bool lost = false;
};
struct records_read {
  ports::batch_ptr records;
};
struct reading_troubled {
  caf::error error;
};
struct dead_letter_delivered {
  events::log_position origin;
  caf::error error; ///< none: it is in the log
};
/// The projector's own alarms.
struct write_due {};
struct try_again {};

struct describe_projector {};

/// How a projector is, for health and metrics.
struct projector_status {
  std::string projection;
  std::size_t partitions = 0; ///< assigned and begun
  std::size_t waiting = 0;    ///< records read and not applied
  std::uint64_t applied = 0;  ///< records applied since the start
  std::uint64_t batches = 0;  ///< transactions since the start
  std::uint64_t parked = 0;   ///< records parked or skipped since the start
  std::string trouble;        ///< what is being waited for; empty when all is well
};

/// Leaves the group in good order and ends.
struct stop_projector {};

using projector = caf::typed_actor<
  // Loads the checkpoints, then reads from there.
  caf::reacts_to<partitions_given>,
  // Lets what is being written finish, drops the rest, releases.
  caf::reacts_to<partitions_taken>,
  // Records to be applied.
  caf::reacts_to<records_read>,
  // The reader's lasting troubles, for the log.
  caf::reacts_to<reading_troubled>,
  // A poison record's dead letter is durable, or is not.
  caf::reacts_to<dead_letter_delivered>,
  // What has been collected may be written now.
  caf::reacts_to<write_due>,
  // The end of a backoff.
  caf::reacts_to<try_again>,
  // For health and metrics.
  caf::replies_to<describe_projector>::with<projector_status>,
  // Before the process stops.
  caf::reacts_to<stop_projector>>;

} // namespace sonicmatch::projections

#define SONICMATCH_LOCAL_MESSAGE(name) CAF_ALLOW_UNSAFE_MESSAGE_TYPE(sonicmatch::projections::name)
SONICMATCH_LOCAL_MESSAGE(load_progress)
SONICMATCH_LOCAL_MESSAGE(progress_loaded)
SONICMATCH_LOCAL_MESSAGE(write_batch)
SONICMATCH_LOCAL_MESSAGE(batch_outcome)
SONICMATCH_LOCAL_MESSAGE(leave_group)
SONICMATCH_LOCAL_MESSAGE(partitions_given)
SONICMATCH_LOCAL_MESSAGE(partitions_taken)
SONICMATCH_LOCAL_MESSAGE(records_read)
SONICMATCH_LOCAL_MESSAGE(reading_troubled)
SONICMATCH_LOCAL_MESSAGE(dead_letter_delivered)
SONICMATCH_LOCAL_MESSAGE(write_due)
SONICMATCH_LOCAL_MESSAGE(try_again)
SONICMATCH_LOCAL_MESSAGE(describe_projector)
SONICMATCH_LOCAL_MESSAGE(projector_status)
SONICMATCH_LOCAL_MESSAGE(stop_projector)
#undef SONICMATCH_LOCAL_MESSAGE
