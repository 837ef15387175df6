#include "infra/kafka/client.hpp"

#include "events/error.hpp"

#include <array>

namespace sonicmatch::infra::kafka {

namespace {

using actors::ports::severity;

// syslog's levels, as librdkafka counts them.
constexpr int critical = 2;
constexpr int warning = 4;
constexpr int info = 6;
constexpr int debug = 7;

void forward_log(const rd_kafka_t* client, int level, const char* facility, const char* text) {
  observer_of(client).on_log_line(level, facility, text);
}

void forward_error(rd_kafka_t* client, int code, const char* reason, void*) {
  observer_of(client).on_client_error(static_cast<rd_kafka_resp_err_t>(code), reason);
}

int forward_statistics(rd_kafka_t*, char* json, size_t size, void* opaque) {
  static_cast<client_observer*>(opaque)->on_statistics({json, size});
  return 0; // librdkafka frees the text
}

bool refused_for_good(rd_kafka_resp_err_t code) noexcept {
  switch (code) {
  case RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_RECORD_LIST_TOO_LARGE:
  case RD_KAFKA_RESP_ERR_INVALID_RECORD:
  case RD_KAFKA_RESP_ERR_INVALID_MSG:
  case RD_KAFKA_RESP_ERR_TOPIC_EXCEPTION:
  case RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_CLUSTER_AUTHORIZATION_FAILED:
  case RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID:
  case RD_KAFKA_RESP_ERR__UNKNOWN_PARTITION:
  case RD_KAFKA_RESP_ERR__INVALID_ARG:
    return true;
  default:
    return false;
  }
}

} // namespace

client_observer::client_observer(actors::ports::logger& log, std::string name)
  : log_(log)
  , name_(std::move(name)) {}

client_observer::~client_observer() = default;

void client_observer::on_client_error(rd_kafka_resp_err_t code, std::string_view reason) {
  // A broken connection is in librdkafka's own line already.
  auto level = code == RD_KAFKA_RESP_ERR__TRANSPORT || code == RD_KAFKA_RESP_ERR__RESOLVE ? debug : warning;
  on_log_line(level, rd_kafka_err2name(code), reason);
}

void client_observer::on_statistics(std::string_view) {}

void client_observer::on_log_line(int level, std::string_view facility, std::string_view text) {
  auto weight = severity::debug;
  if (level <= critical)
    weight = severity::error;
  else if (level <= warning)
    weight = severity::warning;
  else if (level <= info)
    weight = severity::info;
  if (quiet_ && weight != severity::error)
    weight = severity::debug;
  log_.write(weight, text, {{"client", name_}, {"facility", std::string{facility}}});
}

configuration::configuration(const settings& values, client_observer& observer)
  : conf_(rd_kafka_conf_new()) {
  rd_kafka_conf_set_opaque(native(), &observer);
  rd_kafka_conf_set_log_cb(native(), forward_log);
  rd_kafka_conf_set_error_cb(native(), forward_error);
  rd_kafka_conf_set_stats_cb(native(), forward_statistics);
  set("bootstrap.servers", values.brokers);
  set("client.id", values.client_id);
  // librdkafka leaves Nagle's algorithm on, which costs up to 40 ms a request.
  set("socket.nagle.disable", "true");
  set("socket.keepalive.enable", "true");
  // The default grows to 10 s: too long to be back 3 s after a broker's restart.
  set("reconnect.backoff.ms", 50);
  set("reconnect.backoff.max.ms", 500);
  set("log.connection.close", "false");
  set("log.thread.name", "false");
  set("log.queue", "true"); // log lines on the polling thread, like everything else
}

configuration& configuration::set(const char* property, const std::string& value) {
  std::array<char, 512> reason{};
  if (rd_kafka_conf_set(native(), property, value.c_str(), reason.data(), reason.size()) != RD_KAFKA_CONF_OK
      && mistake_.empty())
    mistake_ = reason.data();
  return *this;
}

configuration& configuration::set(const char* property, long long value) {
  return set(property, std::to_string(value));
}

caf::expected<client_handle> configuration::open(rd_kafka_type_t type) && {
  if (!mistake_.empty())
    return events::make_error(events::errc::bad_configuration, "Kafka client: " + mistake_);
  std::array<char, 512> reason{};
  client_handle client{rd_kafka_new(type, native(), reason.data(), reason.size())};
  if (!client)
    return events::make_error(events::errc::bad_configuration, std::string{"Kafka client: "} + reason.data());
  std::ignore = conf_.release();                 // rd_kafka_new() owns it when it succeeds
  rd_kafka_set_log_queue(client.get(), nullptr); // null is the queue that is polled
  return client;
}

void set_fetching(configuration& conf, const consumer_limits& limits) {
  auto bytes = [](std::size_t n) { return static_cast<long long>(n); };
  conf.set("fetch.min.bytes", bytes(limits.fetch_min_bytes))
    .set("fetch.wait.max.ms", limits.fetch_wait.count())
    .set("fetch.max.bytes", bytes(limits.fetch_bytes_max))
    .set("fetch.message.max.bytes", bytes(limits.partition_fetch_bytes_max))
    .set("receive.message.max.bytes", bytes(limits.fetch_bytes_max + (8u << 20)))
    .set("queued.max.messages.kbytes", bytes(limits.prefetched_kbytes_max))
    .set("fetch.error.backoff.ms", 100);
}

client_observer& observer_of(const rd_kafka_t* client) noexcept {
  return *static_cast<client_observer*>(rd_kafka_opaque(client));
}

caf::error error_of(rd_kafka_resp_err_t code, std::string_view attempt) {
  auto kind = refused_for_good(code) ? events::errc::log_rejected : events::errc::log_unavailable;
  return events::make_error(kind, std::string{attempt} + ": " + rd_kafka_err2str(code));
}

} // namespace sonicmatch::infra::kafka
