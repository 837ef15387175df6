#include "tests/support/kafka_fixture.hpp"

#include "infra/kafka/client.hpp"
#include "tests/support/catch.hpp"

#include <array>
#include <atomic>
#include <cstdlib>
#include <unistd.h>

namespace sonicmatch::tests {

using namespace infra::kafka;
using namespace std::chrono_literals;

namespace {

constexpr int admin_timeout_ms = 20'000;

/// A client for what the ports can't do.
class raw_client {
public:
  raw_client(const infra::kafka::settings& values, actors::ports::logger& log)
    : observer_(log, "test") {
    auto opened = configuration{values, observer_}.open(RD_KAFKA_PRODUCER);
    REQUIRE(opened);
    client_ = std::move(*opened);
    answers_.reset(rd_kafka_queue_new(client_.get()));
  }

  rd_kafka_t* get() {
    return client_.get();
  }
  rd_kafka_queue_t* answers() {
    return answers_.get();
  }

  void await_answer() {
    event_handle event{rd_kafka_queue_poll(answers_.get(), admin_timeout_ms)};
    REQUIRE(event);
    INFO(rd_kafka_event_error_string(event.get()));
    REQUIRE(rd_kafka_event_error(event.get()) == RD_KAFKA_RESP_ERR_NO_ERROR);
  }

private:
  client_observer observer_;
  client_handle client_;
  queue_handle answers_;
};

template <class T>
T opened(caf::expected<T> result) {
  REQUIRE(result);
  return std::move(*result);
}

} // namespace

infra::kafka::settings kafka_test_settings() {
  const auto* brokers = std::getenv("SONICMATCH_TEST_KAFKA");
  if (!brokers)
    FAIL("SONICMATCH_TEST_KAFKA is not set: it names the broker to test with, like 127.0.0.1:9092");
  infra::kafka::settings values;
  values.brokers = brokers;
  values.client_id = "test";
  values.consumer.partition_bytes_max = kafka_fixture::held_bytes_max;
  values.consumer.batch_bytes_max = 64u << 10;
  values.group.release_timeout = 3s;
  return values;
}

std::string unique_name(const std::string& kind) {
  static std::atomic<int> count{0};
  auto now = std::chrono::system_clock::now().time_since_epoch().count();
  return "test." + kind + "." + std::to_string(now) + "." + std::to_string(::getpid()) + "."
         + std::to_string(++count);
}

kafka_fixture::kafka_fixture()
  : settings_(kafka_test_settings())
  , producer_(opened(infra::kafka::producer::open(settings_, log_)))
  , reader_(opened(infra::kafka::reader::open(settings_, log_)))
  , membership_(std::make_unique<infra::kafka::membership>(settings_, log_)) {}

kafka_fixture::~kafka_fixture() = default;

std::string kafka_fixture::new_topic(std::int32_t partitions) {
  auto name = unique_name("topic");
  raw_client client{settings_, log_};
  new_topic_handle topic{rd_kafka_NewTopic_new(name.c_str(), partitions, -1, nullptr, 0)};
  std::array list{topic.get()};
  rd_kafka_CreateTopics(client.get(), list.data(), list.size(), nullptr, client.answers());
  client.await_answer();
  return name;
}

void kafka_fixture::append_tombstone(const std::string& topic, std::int32_t partition,
                                     const std::string& key) {
  raw_client client{settings_, log_};
  auto code = rd_kafka_producev(client.get(), RD_KAFKA_V_TOPIC(topic.c_str()),
                                RD_KAFKA_V_PARTITION(partition), RD_KAFKA_V_KEY(key.data(), key.size()),
                                RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
  REQUIRE(code == RD_KAFKA_RESP_ERR_NO_ERROR);
  REQUIRE(rd_kafka_flush(client.get(), admin_timeout_ms) == RD_KAFKA_RESP_ERR_NO_ERROR);
}

void kafka_fixture::remove_before(const std::string& topic, std::int32_t partition, std::int64_t offset) {
  raw_client client{settings_, log_};
  partitions_handle before{rd_kafka_topic_partition_list_new(1)};
  rd_kafka_topic_partition_list_add(before.get(), topic.c_str(), partition)->offset = offset;
  handle<rd_kafka_DeleteRecords_t, rd_kafka_DeleteRecords_destroy> removal{
    rd_kafka_DeleteRecords_new(before.get())};
  std::array list{removal.get()};
  rd_kafka_DeleteRecords(client.get(), list.data(), list.size(), nullptr, client.answers());
  client.await_answer();
}

} // namespace sonicmatch::tests
