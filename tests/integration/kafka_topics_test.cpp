#include "events/error.hpp"
#include "infra/kafka/topics.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/kafka_fixture.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace std::chrono_literals;
using Catch::Matchers::Contains;
using events::errc;

namespace {

infra::kafka::settings fresh_settings() {
  auto values = kafka_test_settings();
  values.topics.name_prefix = unique_name("topics") + ".";
  values.topics.partitions = 3;
  return values;
}

std::size_t warnings_of(const kept_log& log) {
  std::size_t count = 0;
  for (const auto& line : log.lines())
    count += line.level == ports::severity::warning;
  return count;
}

} // namespace

TEST_CASE("missing topics are made as planned, and found in order afterwards") {
  auto values = fresh_settings();
  kept_log log;
  REQUIRE(events::describe(infra::kafka::ensure_topics(values, log)) == "none");
  REQUIRE(log.lines().size() == 4);
  for (const auto* name : {infra::kafka::topic::commands, infra::kafka::topic::events,
                           infra::kafka::topic::catalog, infra::kafka::topic::dead_letters})
    REQUIRE(log.await(values.topics.name_prefix + name));
  REQUIRE(events::describe(infra::kafka::ensure_topics(values, log)) == "none");
  REQUIRE(log.lines().size() == 4);
}

TEST_CASE("a partition count that is not the plan's is an error that names all three") {
  auto values = fresh_settings();
  kept_log log;
  REQUIRE(events::describe(infra::kafka::ensure_topics(values, log)) == "none");
  values.topics.partitions = 5;
  auto error = infra::kafka::ensure_topics(values, log);
  REQUIRE(events::code_of(error) == errc::topic_mismatch);
  REQUIRE_THAT(events::detail_of(error),
               Contains(values.topics.name_prefix + "sonicmatch.commands has 3 partitions, expected 5"));
  REQUIRE_THAT(events::detail_of(error), Contains("sonicmatch.events has 3 partitions, expected 5"));
}

TEST_CASE("another retention is left alone, with a warning") {
  auto values = fresh_settings();
  kept_log log;
  REQUIRE(events::describe(infra::kafka::ensure_topics(values, log)) == "none");
  values.topics.events_retention = std::chrono::hours{1};
  REQUIRE(events::describe(infra::kafka::ensure_topics(values, log)) == "none");
  REQUIRE(warnings_of(log) == 1);
  REQUIRE(log.await("setting=retention.ms found=3888000000 expected=3600000"));
}

TEST_CASE("a broker that is there is not waited for") {
  kept_log log;
  REQUIRE(events::describe(infra::kafka::wait_for_broker(kafka_test_settings(), log, [] { return false; }))
          == "none");
  REQUIRE(warnings_of(log) == 0);
}

TEST_CASE("waiting for a broker says so in one line, and can be stopped") {
  infra::kafka::settings values;
  values.brokers = "127.0.0.1:1"; // nobody listens there
  kept_log log;
  auto error = infra::kafka::wait_for_broker(values, log, [&] { return warnings_of(log) > 0; });
  REQUIRE(events::code_of(error) == errc::shutting_down);
  REQUIRE(warnings_of(log) == 1);
  REQUIRE(log.await("Kafka at 127.0.0.1:1 does not answer; waiting"));
}

TEST_CASE("settings librdkafka refuses are bad_configuration") {
  auto values = kafka_test_settings();
  values.producer.delivery_timeout = -7ms;
  kept_log log;
  auto opened = infra::kafka::producer::open(values, log);
  REQUIRE_FALSE(opened);
  REQUIRE(events::code_of(opened.error()) == errc::bad_configuration);
  REQUIRE_THAT(events::detail_of(opened.error()), Contains("message.timeout.ms"));
}
