#pragma once

#include "actors/ports/log.hpp"
#include "actors/ports/logger.hpp"
#include "infra/kafka/settings.hpp"

namespace sonicmatch::infra::kafka {

/// The log_producer over Kafka: idempotent, acks=all, lz4.
///
/// Has one thread of its own, on which every callback runs except the one of a
/// record that is refused at once. A record is in the log exactly once, with one
/// exception: after a fatal error of librdkafka's idempotence the producer is
/// made anew and sends again whatever is unacknowledged, in order, so that a
/// record may then be there twice. Readers tell by the event's id.
///
/// The destructor gives up what is unacknowledged (log_unavailable); call
/// flush() before it.
class producer final : public actors::ports::log_producer {
public:
  /// Opens it, or bad_configuration. Does not wait for a broker. `log` outlives it.
  [[nodiscard]] static caf::expected<std::unique_ptr<producer>> open(const settings& values,
                                                                     actors::ports::logger& log);
  ~producer() override;

  void append(actors::ports::new_record record, delivered on_delivery) override;

  /// Learns who leads the topic's partitions, so that the first record need not wait
  /// for librdkafka to ask, which it does once a second. Blocks, appends too;
  /// log_unavailable after `timeout`.
  [[nodiscard]] caf::error prepare(const std::string& topic, std::chrono::milliseconds timeout);

  /// Waits until every record appended so far, and since, is acknowledged or given
  /// up. False when the time ran out. Not to be called from a callback.
  [[nodiscard]] bool flush(std::chrono::milliseconds timeout);

  /// Makes librdkafka believe that its idempotence broke, as a broker that lost
  /// its state would. For tests and drills.
  void provoke_fatal_error();

private:
  class session;
  explicit producer(std::unique_ptr<session> impl);

  std::unique_ptr<session> session_;
};

} // namespace sonicmatch::infra::kafka
