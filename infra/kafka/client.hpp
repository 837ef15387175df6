#pragma once

#include "actors/ports/logger.hpp"
#include "infra/kafka/handles.hpp"
#include "infra/kafka/settings.hpp"

#include <caf/error.hpp>
#include <caf/expected.hpp>

#include <atomic>
#include <string>
#include <string_view>

namespace sonicmatch::infra::kafka {

/// The receiver of what one librdkafka client says of itself.
///
/// Owned by whoever owns the client, and outlives it. All of it comes on the thread
/// that polls.
class client_observer {
public:
  client_observer(actors::ports::logger& log, std::string name);
  client_observer(const client_observer&) = delete;
  client_observer& operator=(const client_observer&) = delete;
  virtual ~client_observer();

  /// An error of the client as a whole, such as no broker being reachable, or a
  /// fatal one. The default writes it to the log.
  virtual void on_client_error(rd_kafka_resp_err_t code, std::string_view reason);

  /// The client's periodic statistics, as JSON, when it was configured to give any.
  virtual void on_statistics(std::string_view json);

  /// A log line of librdkafka's own; `level` is syslog's.
  void on_log_line(int level, std::string_view facility, std::string_view text);

  /// Sends librdkafka's own lines to debug, while a missing broker is being
  /// waited for and reported by somebody else.
  void quiet(bool on) noexcept {
    quiet_ = on;
  }

  [[nodiscard]] actors::ports::logger& log() const noexcept {
    return log_;
  }
  [[nodiscard]] const std::string& name() const noexcept {
    return name_;
  }

private:
  actors::ports::logger& log_;
  std::string name_;
  std::atomic<bool> quiet_{false};
};

/// Collects a client's properties and opens it. The first property librdkafka
/// refuses makes open() fail.
class configuration {
public:
  /// Begins with what all clients share. `observer` outlives the client.
  configuration(const settings& values, client_observer& observer);

  configuration& set(const char* property, const std::string& value);
  configuration& set(const char* property, long long value);

  /// For the callbacks that have no property.
  [[nodiscard]] rd_kafka_conf_t* native() noexcept {
    return conf_.get();
  }

  /// The client, or bad_configuration.
  [[nodiscard]] caf::expected<client_handle> open(rd_kafka_type_t type) &&;

private:
  conf_handle conf_;
  std::string mistake_;
};

/// What every client that fetches shares: how much it may hold, and low latency.
void set_fetching(configuration& conf, const consumer_limits& limits);

/// The observer a client was configured with.
[[nodiscard]] client_observer& observer_of(const rd_kafka_t* client) noexcept;

/// librdkafka's error as one of ours: log_rejected for what Kafka refuses for
/// good, log_unavailable for the rest. `attempt` says what was tried.
[[nodiscard]] caf::error error_of(rd_kafka_resp_err_t code, std::string_view attempt);

} // namespace sonicmatch::infra::kafka
