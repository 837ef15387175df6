/// The limit the pipeline is measured against: librdkafka alone. A record of 1 KB
/// goes to one topic, is read there and sent on to another, and is read again.
///
/// Usage: bare_rdkafka BROKERS RECORDS IN_FLIGHT. Prints one JSON line: round trips
/// a second, and their p50 in milliseconds.
#include <librdkafka/rdkafka.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

namespace {

using clock_type = std::chrono::steady_clock;

void set(rd_kafka_conf_t* conf, const char* name, const char* value) {
  char reason[256];
  if (rd_kafka_conf_set(conf, name, value, reason, sizeof reason) != RD_KAFKA_CONF_OK) {
    std::cerr << reason << '\n';
    std::exit(1);
  }
}

rd_kafka_t* open(rd_kafka_type_t type, const char* brokers) {
  auto* conf = rd_kafka_conf_new();
  set(conf, "bootstrap.servers", brokers);
  set(conf, "log_level", "2");
  if (type == RD_KAFKA_PRODUCER) {
    set(conf, "enable.idempotence", "true");
    set(conf, "compression.type", "lz4");
    set(conf, "linger.ms", "0");
  } else {
    set(conf, "group.id", "bare_rdkafka");
    set(conf, "fetch.wait.max.ms", "50");
  }
  char reason[256];
  auto* client = rd_kafka_new(type, conf, reason, sizeof reason);
  if (client == nullptr) {
    std::cerr << reason << '\n';
    std::exit(1);
  }
  return client;
}

rd_kafka_t* reader_of(const char* brokers, const char* topic, std::int64_t from) {
  auto* client = open(RD_KAFKA_CONSUMER, brokers);
  auto* list = rd_kafka_topic_partition_list_new(1);
  rd_kafka_topic_partition_list_add(list, topic, 0)->offset = from;
  rd_kafka_assign(client, list);
  rd_kafka_topic_partition_list_destroy(list);
  return client;
}

void create(rd_kafka_t* client, const char* topic) {
  char reason[256];
  auto* wanted = rd_kafka_NewTopic_new(topic, 1, 1, reason, sizeof reason);
  auto* queue = rd_kafka_queue_new(client);
  rd_kafka_CreateTopics(client, &wanted, 1, nullptr, queue);
  rd_kafka_event_destroy(rd_kafka_queue_poll(queue, 10'000));
  rd_kafka_queue_destroy(queue);
  rd_kafka_NewTopic_destroy(wanted);
}

void send(rd_kafka_t* producer, const char* topic, const void* value, std::size_t size) {
  while (rd_kafka_producev(producer, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_PARTITION(0),
                           RD_KAFKA_V_VALUE(const_cast<void*>(value), size),
                           RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END)
         == RD_KAFKA_RESP_ERR__QUEUE_FULL)
    rd_kafka_poll(producer, 1);
  rd_kafka_poll(producer, 0);
}

/// The next record's value, or nothing after a while.
rd_kafka_message_t* next(rd_kafka_t* reader) {
  for (;;) {
    auto* message = rd_kafka_consumer_poll(reader, 20'000);
    if (message == nullptr) {
      std::cerr << "no record in 20 s\n";
      std::exit(1);
    }
    if (message->err == RD_KAFKA_RESP_ERR_NO_ERROR)
      return message;
    rd_kafka_message_destroy(message);
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::cerr << "usage: bare_rdkafka BROKERS RECORDS IN_FLIGHT\n";
    return 2;
  }
  const auto* brokers = argv[1];
  auto records = std::strtoul(argv[2], nullptr, 10);
  auto in_flight = std::strtoul(argv[3], nullptr, 10);
  auto stamp = std::to_string(clock_type::now().time_since_epoch().count());
  auto there = "bench.there." + stamp;
  auto back = "bench.back." + stamp;
  auto* producer = open(RD_KAFKA_PRODUCER, brokers);
  create(producer, there.c_str());
  create(producer, back.c_str());

  std::thread relay{[&] {
    auto* from = reader_of(brokers, there.c_str(), 0);
    auto* to = open(RD_KAFKA_PRODUCER, brokers);
    for (std::size_t i = 0; i < records; ++i) {
      auto* message = next(from);
      send(to, back.c_str(), message->payload, message->len);
      rd_kafka_message_destroy(message);
    }
    rd_kafka_flush(to, 20'000);
    rd_kafka_destroy(to);
    rd_kafka_destroy(from);
  }};

  auto* answers = reader_of(brokers, back.c_str(), 0);
  std::vector<double> took;
  std::string value(1024, 'x');
  std::size_t sent = 0;
  auto began = clock_type::now();
  auto send_one = [&] {
    auto now = clock_type::now();
    std::memcpy(value.data(), &now, sizeof now);
    send(producer, there.c_str(), value.data(), value.size());
    ++sent;
  };
  while (sent < std::min(in_flight, records))
    send_one();
  while (took.size() < records) {
    auto* message = next(answers);
    clock_type::time_point at;
    std::memcpy(&at, message->payload, sizeof at);
    took.push_back(std::chrono::duration<double, std::milli>(clock_type::now() - at).count());
    rd_kafka_message_destroy(message);
    if (sent < records)
      send_one();
  }
  auto seconds = std::chrono::duration<double>(clock_type::now() - began).count();
  relay.join();
  std::sort(took.begin(), took.end());
  std::cout << "RESULT {\"rate\":" << static_cast<double>(records) / seconds
            << ",\"p50_ms\":" << took[took.size() / 2] << "}\n";
  rd_kafka_destroy(answers);
  rd_kafka_destroy(producer);
}
