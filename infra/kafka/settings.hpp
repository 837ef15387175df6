#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <string>

namespace sonicmatch::infra::kafka {

/// The topics' names; they are part of the system's contract with analysts.
namespace topic {
inline constexpr const char* commands = "sonicmatch.commands";
inline constexpr const char* events = "sonicmatch.events";
inline constexpr const char* catalog = "sonicmatch.catalog";
inline constexpr const char* dead_letters = "sonicmatch.dead-letters";
} // namespace topic

/// What the producer may hold and how long it may try.
struct producer_limits {
  std::size_t queued_records_max = 50'000;
  std::size_t queued_bytes_max = 32u << 20;
  /// How long a record waits for others. At zero the batches of a busy producer form
  /// by themselves, behind the requests under way; measured with 1, 64 and 1,000
  /// records in flight, waiting gains nothing, and 0.1 ms costs a lone record 2 ms.
  double linger_ms = 0;
  /// After this an unacknowledged record is given up with log_unavailable.
  std::chrono::milliseconds delivery_timeout{30'000};
};

/// What a consumer or reader may hold, per client. A client's memory is bounded by
/// `prefetched_kbytes_max` plus one response of `fetch_bytes_max`, which may be
/// several times as large uncompressed, in librdkafka, and in batches by
/// `outstanding_bytes_max`; a reader's by `partition_bytes_max` for each partition.
struct consumer_limits {
  std::size_t batch_records_max = 512;
  std::size_t batch_bytes_max = 512u << 10;
  /// Batches given out and not yet dropped: overall, and of one partition.
  std::size_t outstanding_batches_max = 256;
  std::size_t outstanding_bytes_max = 8u << 20;
  std::size_t partition_bytes_max = 2u << 20;
  std::size_t prefetched_kbytes_max = 8'192;
  std::size_t fetch_bytes_max = 2u << 20;
  std::size_t partition_fetch_bytes_max = 128u << 10;
  /// The broker answers a fetch once it has so much, or after fetch_wait. One byte is
  /// the least latency; more saves requests where some milliseconds do not matter.
  std::size_t fetch_min_bytes = 1;
  /// How long the broker holds an empty fetch. A record that arrives ends the wait
  /// at once; a partition that is added waits for the fetch under way, so this
  /// bounds how late a partition begins.
  std::chrono::milliseconds fetch_wait{50};

  /// For a process whose work is to read the log as fast as it can (replay,
  /// rebuild): 2.0.2 looks only once a second whether a full prefetch queue has
  /// room again, so the queue's size is what can be read in a second.
  [[nodiscard]] static consumer_limits bulk() {
    consumer_limits limits;
    limits.prefetched_kbytes_max = 64u << 10;
    limits.outstanding_bytes_max = 32u << 20;
    limits.partition_bytes_max = 8u << 20;
    return limits;
  }
};

/// How a member of a group behaves.
struct group_limits {
  /// Static membership when not empty: a member that comes back under the same
  /// name within the session timeout gets its partitions back without a
  /// rebalance. Unique per process; the group's name is appended by the adapter.
  std::string instance_id;
  std::chrono::milliseconds session_timeout{6'000};
  std::chrono::milliseconds heartbeat_interval{1'000};
  /// How long the others wait for a member that does not rejoin.
  std::chrono::milliseconds max_poll_interval{30'000};
  /// How long a revoked partition waits for release().
  std::chrono::milliseconds release_timeout{5'000};
  std::chrono::milliseconds commit_interval{100};
  /// No progress for so long is a hang of librdkafka: the process ends.
  std::chrono::milliseconds hang_timeout{120'000};
};

/// How the topics are made, and checked at each start.
struct topic_plan {
  std::int32_t partitions = 32; ///< of commands and of events; never changed
  std::chrono::hours commands_retention{7 * 24};
  std::chrono::hours events_retention{45 * 24};
  std::chrono::hours dead_letters_retention{30 * 24};
  /// Put before each topic's name; for tests, which share a broker.
  std::string name_prefix;
};

/// Everything the adapter can be told. A plain value, copied into each client.
struct settings {
  std::string brokers = "127.0.0.1:9092";
  std::string client_id = "sonicmatch";
  producer_limits producer;
  consumer_limits consumer;
  group_limits group;
  topic_plan topics;
};

} // namespace sonicmatch::infra::kafka
