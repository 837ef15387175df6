#include "events/error.hpp"
#include "infra/kafka/client.hpp"
#include "infra/kafka/producer.hpp"
#include "tests/contract/log_contract.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kafka_fixture.hpp"

#include <librdkafka/rdkafka_mock.h>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;
using events::errc;

namespace {

/// A broker that goes and comes when the test says so: librdkafka's own imitation,
/// for the real one belongs to all tests. One broker, topics made when used.
class imitated_broker {
public:
  imitated_broker()
    : observer_(log_, "imitation") {
    auto opened = infra::kafka::configuration{infra::kafka::settings{}, observer_}.open(RD_KAFKA_PRODUCER);
    REQUIRE(opened);
    client_ = std::move(*opened);
    cluster_.reset(rd_kafka_mock_cluster_new(client_.get(), 1));
    REQUIRE(cluster_);
  }

  void go() {
    rd_kafka_mock_broker_set_down(cluster_.get(), 1);
  }
  void come() {
    rd_kafka_mock_broker_set_up(cluster_.get(), 1);
  }

  infra::kafka::settings settings() const {
    infra::kafka::settings values;
    values.brokers = rd_kafka_mock_cluster_bootstraps(cluster_.get());
    return values;
  }

  kept_log& log() {
    return log_;
  }

private:
  kept_log log_;
  infra::kafka::client_observer observer_;
  infra::kafka::client_handle client_;
  infra::kafka::handle<rd_kafka_mock_cluster_t, rd_kafka_mock_cluster_destroy> cluster_;
};

ports::new_record record(const std::string& topic, std::size_t number) {
  return {topic, {0}, "key", std::to_string(number), {{"type", "test"}}};
}

std::unique_ptr<infra::kafka::producer> opened(const infra::kafka::settings& values, ports::logger& log) {
  auto result = infra::kafka::producer::open(values, log);
  REQUIRE(result);
  return std::move(*result);
}

} // namespace

TEST_CASE("what is appended while the broker is away is delivered in order when it is back") {
  imitated_broker broker;
  auto producer = opened(broker.settings(), broker.log());
  deliveries told;
  producer->append(record("t", 0), told.callback());
  REQUIRE(told.await(1));
  broker.go();
  for (std::size_t i = 1; i <= 20; ++i)
    producer->append(record("t", i), told.callback());
  REQUIRE_FALSE(producer->flush(300ms));
  broker.come();
  REQUIRE(told.await(21));
  auto all = told.all();
  for (std::size_t i = 0; i <= 20; ++i) {
    REQUIRE(all[i]);
    REQUIRE(all[i]->offset.value == static_cast<std::int64_t>(i));
  }
  REQUIRE(producer->flush(0ms));
}

TEST_CASE("a record that can't be delivered in time is log_unavailable") {
  imitated_broker broker;
  auto values = broker.settings();
  values.producer.delivery_timeout = 500ms;
  auto producer = opened(values, broker.log());
  deliveries told;
  producer->append(record("t", 0), told.callback());
  REQUIRE(told.await(1));
  broker.go();
  producer->append(record("t", 1), told.callback());
  REQUIRE(told.await(2));
  REQUIRE(events::code_of(told.all()[1].error()) == errc::log_unavailable);
  broker.come();
  // Some time passes until it is connected again, and then there is nothing left of it.
  auto is_delivered = false;
  for (std::size_t n = 2; !is_delivered && n < 30; ++n) {
    producer->append(record("t", n), told.callback());
    REQUIRE(told.await(n + 1));
    is_delivered = told.all()[n].engaged();
  }
  REQUIRE(is_delivered);
}

TEST_CASE("a full queue refuses at once, and takes again when there is room") {
  imitated_broker broker;
  broker.go();
  auto values = broker.settings();
  SECTION("by records") {
    values.producer.queued_records_max = 10;
  }
  SECTION("by bytes") {
    values.producer.queued_bytes_max = 10 * 200;
  }
  auto producer = opened(values, broker.log());
  deliveries told;
  deliveries refused;
  std::size_t taken = 0;
  for (; refused.all().empty(); ++taken) {
    REQUIRE(taken <= 10);
    producer->append(record("t", taken), [&](auto result) {
      (result || events::code_of(result.error()) != errc::log_full ? told : refused)
        .callback()(std::move(result));
    });
  }
  REQUIRE(taken > 1);
  broker.come();
  REQUIRE(told.await(taken - 1));
  producer->append(record("t", 0), told.callback());
  REQUIRE(told.await(taken));
  REQUIRE(told.all().back());
}

TEST_CASE("what is unacknowledged when the producer goes is told log_unavailable") {
  imitated_broker broker;
  broker.go();
  deliveries told;
  {
    auto producer = opened(broker.settings(), broker.log());
    producer->append(record("t", 0), told.callback());
    producer->append(record("t", 1), told.callback());
  }
  auto all = told.all();
  REQUIRE(all.size() == 2);
  for (const auto& one : all)
    REQUIRE(events::code_of(one.error()) == errc::log_unavailable);
}

TEST_CASE("a record Kafka refuses for good is log_rejected, and the next one is taken") {
  kafka_fixture log;
  auto topic = log.new_topic(1);
  deliveries told;
  auto large = record(topic, 0);
  std::uint32_t noise = 1;
  for (auto i = 0; i < 3'000'000; ++i)
    large.value.push_back(static_cast<char>((noise = noise * 1'664'525 + 1'013'904'223) >> 24));
  log.producer().append(std::move(large), told.callback());
  log.producer().append(record(topic, 1), told.callback());
  log.producer().append({topic, {7}, "no such partition", "", {}}, told.callback());
  REQUIRE(told.await(3));
  auto rejected = 0;
  for (const auto& one : told.all())
    rejected += !one && events::code_of(one.error()) == errc::log_rejected;
  REQUIRE(rejected == 2);
}

TEST_CASE("a fatal error of idempotence goes unnoticed: all is delivered, in order") {
  kafka_fixture log;
  auto topic = log.new_topic(2);
  deliveries told;
  constexpr std::size_t count = 6'000;
  for (std::size_t i = 0; i < count; ++i) {
    if (i % 2'000 == 500)
      log.producer().provoke_fatal_error();
    auto one = record(topic, i);
    one.partition = {static_cast<std::int32_t>(i % 2)};
    log.producer().append(std::move(one), told.callback());
    if (i % 2'000 == 1'999)
      REQUIRE(told.await(i + 1)); // so that each fatal error meets a producer that works
  }
  REQUIRE(told.await(count));
  for (const auto& one : told.all()) {
    INFO((one ? std::string{} : events::describe(one.error())));
    REQUIRE(one);
  }
  for (auto partition : {0, 1}) {
    reading seen;
    auto subscription = log.reader().follow(topic, {partition}, {0}, seen.sink());
    auto read = seen.await_records(count / 2);
    REQUIRE(read);
    // What was on its way may be there twice; the first of each is in order.
    auto highest = partition - 2;
    for (auto number : contract::numbers_of(seen.records())) {
      REQUIRE(number <= highest + 2);
      highest = std::max(highest, number);
    }
    REQUIRE(highest == static_cast<int>(count) - 2 + partition);
  }
}
