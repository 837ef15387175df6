#pragma once

#include "events/ids.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The log as the actors see it: four small ports, each asynchronous.
///
/// Every callback below runs on a thread of the adapter and must not block; an
/// actor's callback sends its actor a message. The real adapters are in
/// infra/kafka, the simulated ones in tests/support; tests/contract runs the same
/// tests on both.
namespace sonicmatch::actors::ports {

using events::log_offset;
using events::log_position;
using events::partition_id;

/// A record header: name and value.
using header = std::pair<std::string, std::string>;

/// A record as it was read.
struct log_record {
  partition_id partition;
  log_offset offset;
  events::timestamp time; ///< the record's timestamp in the log, milliseconds
  std::string key;
  std::optional<std::string> value; ///< nothing for a tombstone
  std::vector<header> headers;

  /// The value of the first header of that name, or an empty view.
  [[nodiscard]] std::string_view header_value(std::string_view name) const noexcept {
    for (const auto& [known, value_] : headers)
      if (known == name)
        return value_;
    return {};
  }
};

/// Some records of one topic, in offset order within each partition.
///
/// Flow control is by lifetime: a reader bounds how many batches it has given out
/// and not seen destroyed, and stops fetching (never polling) beyond that. Whoever
/// holds a batch holds the reader back; drop it when its records are dealt with.
struct record_batch {
  std::vector<log_record> records;
  std::shared_ptr<void> credit; ///< released with the batch
};

using batch_ptr = std::shared_ptr<const record_batch>;

/// A record to be appended.
struct new_record {
  std::string topic;
  partition_id partition; ///< always explicit: events::partition_of(key, count)
  std::string key;
  std::string value;
  std::vector<header> headers;
};

/// Appends records durably: idempotent, acknowledged by all in-sync replicas.
class log_producer {
public:
  /// Told once per record where it is, or why it is not there. log_unavailable
  /// means that it may or may not be in the log.
  using delivered = std::function<void(caf::expected<log_position>)>;

  virtual ~log_producer() = default;

  /// Appends one record. Never blocks; callable from any thread. Records given
  /// by one thread for one partition keep their order. A full queue calls
  /// `on_delivery` at once, in the caller's thread, with log_full.
  virtual void append(new_record record, delivered on_delivery) = 0;
};

/// Reads partitions by assignment, without a group.
class log_reader {
public:
  /// Stops the reading when destroyed. No batch is delivered after the destructor has returned.
  class subscription {
  public:
    virtual ~subscription() = default;
  };

  struct sink {
    std::function<void(batch_ptr)> on_batch;
    /// The reader has been at the end of the partition: every record before
    /// `next` has been given to on_batch. Called each time the end is reached.
    std::function<void(partition_id, log_offset next)> on_end;
    /// A lasting trouble, for the log and the health page; reading goes on by itself.
    std::function<void(caf::error)> on_error;
  };

  virtual ~log_reader() = default;

  /// Reads one partition from `from` on, until the subscription is dropped. An
  /// offset that retention has removed means the earliest one there is.
  [[nodiscard]] virtual std::unique_ptr<subscription> follow(const std::string& topic, partition_id partition,
                                                             log_offset from, sink out) = 0;

  /// Asks the broker for a partition's end: the offset the next record will get.
  /// Bounded by `timeout`; log_unavailable after it.
  virtual void find_end(const std::string& topic, partition_id partition, std::chrono::milliseconds timeout,
                        std::function<void(caf::expected<log_offset>)> on_found) = 0;

  /// Asks what a consumer group has committed of a topic: one entry for each
  /// partition from 0, nothing where it has committed nothing. For a reader
  /// outside the group. Bounded by `timeout`; log_unavailable after it.
  virtual void
  find_committed(const std::string& group, const std::string& topic, std::int32_t partition_count,
                 std::chrono::milliseconds timeout,
                 std::function<void(caf::expected<std::vector<std::optional<log_offset>>>)> on_found) = 0;
};

/// A partition given to a member of a consumer group.
struct assignment {
  partition_id partition;
  std::optional<log_offset> committed; ///< the group's offset, if it has one
  std::string metadata;                ///< what was committed with it
};

/// One member of a consumer group over one topic.
class group_consumer {
public:
  struct sink {
    /// Nothing of these partitions is fetched until start() is called for each.
    std::function<void(std::vector<assignment>)> on_assigned;
    /// These are about to go to another member. The adapter waits for release()
    /// of each, a few seconds at most, before it lets them go. No batch of them
    /// follows. When `lost`, they are gone already and nothing can be committed.
    std::function<void(std::vector<partition_id>, bool lost)> on_revoked;
    std::function<void(batch_ptr)> on_batch;
    /// A lasting trouble, for the log and the health page; polling goes on.
    std::function<void(caf::error)> on_error;
  };

  virtual ~group_consumer() = default;

  /// Leaves the group: partitions are revoked and released as above. Blocks the
  /// caller, who must not be one of those that release, until the group has been
  /// left, a few seconds at most. No callback follows. The destructor leaves too,
  /// without the handshake, when nobody has.
  virtual void leave() = 0;

  /// Begins fetching an assigned partition at `from` (or starts it again elsewhere).
  virtual void start(partition_id partition, log_offset from) = 0;

  /// Commits `next` (the offset after the last record that is done with) and
  /// `metadata` for the group. Later commits of a partition overtake earlier ones.
  virtual void commit(partition_id partition, log_offset next, std::string metadata) = 0;

  /// Says that the owner is finished with a revoked partition; commits before
  /// this are carried out first.
  virtual void release(partition_id partition) = 0;
};

/// Joins groups.
class group_membership {
public:
  virtual ~group_membership() = default;

  /// Joins `group` on `topic`; callbacks begin before or after this returns.
  [[nodiscard]] virtual std::unique_ptr<group_consumer>
  join(const std::string& group, const std::string& topic, group_consumer::sink out) = 0;
};

} // namespace sonicmatch::actors::ports
