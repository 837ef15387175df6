#include "tests/contract/log_contract.hpp"
#include "tests/support/simulated_log_fixture.hpp"

using namespace sonicmatch::tests;

TEST_CASE("the simulated log keeps the contract of the log") {
  for (auto [sentence, keep] : contract::of_the_log<simulated_log_fixture>)
    DYNAMIC_SECTION(sentence) {
      simulated_log_fixture log;
      keep(log);
    }
}
