#pragma once

#include "infra/kafka/membership.hpp"
#include "infra/kafka/producer.hpp"
#include "infra/kafka/reader.hpp"
#include "infra/kafka/settings.hpp"
#include "tests/support/log_observers.hpp"

#include <memory>
#include <string>

namespace sonicmatch::tests {

/// The settings of a test's client: the broker of SONICMATCH_TEST_KAFKA, which must
/// be set, and short times.
[[nodiscard]] infra::kafka::settings kafka_test_settings();

/// A name no other test, process or run uses.
[[nodiscard]] std::string unique_name(const std::string& kind);

/// The ports over a real Kafka. Topics get names of their own and are left behind:
/// a test run's broker is thrown away.
class kafka_fixture {
public:
  static constexpr std::size_t held_bytes_max = 256u << 10;

  kafka_fixture();
  ~kafka_fixture();

  infra::kafka::producer& producer() {
    return *producer_;
  }
  ports::log_reader& reader() {
    return *reader_;
  }
  ports::group_membership& membership() {
    return *membership_;
  }
  const infra::kafka::settings& settings() const {
    return settings_;
  }
  kept_log& log() {
    return log_;
  }

  std::string new_topic(std::int32_t partitions);
  std::string new_group() {
    return unique_name("group");
  }
  void append_tombstone(const std::string& topic, std::int32_t partition, const std::string& key);
  void remove_before(const std::string& topic, std::int32_t partition, std::int64_t offset);

private:
  kept_log log_;
  infra::kafka::settings settings_;
  std::unique_ptr<infra::kafka::producer> producer_;
  std::unique_ptr<infra::kafka::reader> reader_;
  std::unique_ptr<infra::kafka::membership> membership_;
};

} // namespace sonicmatch::tests
