#include "tests/contract/log_contract.hpp"
#include "tests/support/kafka_fixture.hpp"

using namespace sonicmatch::tests;

TEST_CASE("Kafka keeps the contract of the log") {
  for (auto [sentence, keep] : contract::of_the_log<kafka_fixture>)
    DYNAMIC_SECTION(sentence) {
      kafka_fixture log;
      keep(log);
    }
}
