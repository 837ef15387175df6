#include "infra/wiring/process.hpp"

#include <array>
#include <unistd.h>

namespace sonicmatch::infra {

kafka::settings kafka_settings_of(const configuration& values) {
  kafka::settings out;
  out.brokers = values.kafka_brokers;
  out.client_id = "sonicmatch";
  out.group.instance_id = values.instance_id;
  out.topics.partitions = static_cast<std::int32_t>(values.kafka_partitions);
  out.topics.events_retention = std::chrono::hours{24} * values.events_retention_days;
  return out;
}

kafka::settings attentive(kafka::settings values) {
  values.consumer.fetch_min_bytes = 2u << 10; // lz4 leaves an end with its picks more than that
  values.consumer.fetch_wait = std::chrono::milliseconds{10};
  return values;
}

kafka::settings patient(kafka::settings values) {
  values.consumer = kafka::consumer_limits::bulk(); // they have the whole log to read after a rebuild
  values.consumer.fetch_min_bytes = 256u << 10;
  values.consumer.fetch_wait = std::chrono::milliseconds{20};
  return values;
}

kafka::settings leisurely(kafka::settings values) {
  values = patient(std::move(values));
  values.consumer.fetch_wait = std::chrono::milliseconds{200};
  return values;
}

postgres::settings postgres_settings_of(const configuration& values) {
  postgres::settings out;
  out.url = values.database_url;
  return out;
}

std::string process_name_of(const configuration& values) {
  if (!values.instance_id.empty())
    return values.instance_id;
  std::array<char, 256> host{};
  gethostname(host.data(), host.size() - 1);
  return std::string{host.data()} + ":" + std::to_string(getpid());
}

} // namespace sonicmatch::infra
