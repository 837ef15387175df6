#include "infra/kafka/credit.hpp"

#include "tests/support/catch.hpp"

using sonicmatch::infra::kafka::credit_ledger;

namespace {

struct ledger_fixture {
  int reliefs = 0;
  std::shared_ptr<credit_ledger> ledger = std::make_shared<credit_ledger>(
    credit_ledger::limits{.batches_max = 4, .bytes_max = 100, .partition_bytes_max = 40},
    [this] { ++reliefs; });
};

} // namespace

TEST_CASE_METHOD(ledger_fixture, "a partition's bound stops that partition alone") {
  auto loan = ledger->lend({{0, 40}, {1, 10}});
  REQUIRE(ledger->exhausted(0));
  REQUIRE_FALSE(ledger->exhausted(1));
  REQUIRE_FALSE(ledger->exhausted());
}

TEST_CASE_METHOD(ledger_fixture, "the bounds on bytes and on batches stop all partitions") {
  std::vector<std::shared_ptr<void>> loans;
  SECTION("bytes") {
    for (auto partition : {0, 1, 2})
      loans.push_back(ledger->lend({{partition, 34}}));
  }
  SECTION("batches") {
    for (auto i = 0; i < 4; ++i)
      loans.push_back(ledger->lend({{0, 1}}));
  }
  REQUIRE(ledger->exhausted());
  REQUIRE(ledger->exhausted(9));
}

TEST_CASE_METHOD(ledger_fixture, "relief comes at half of the bound, and once for each asking") {
  auto first = ledger->lend({{0, 30}});
  auto second = ledger->lend({{0, 10}});
  ledger->await_relief();
  second.reset();
  REQUIRE_FALSE(ledger->exhausted(0));
  REQUIRE_FALSE(ledger->relieved(0));
  REQUIRE(reliefs == 0);
  first.reset();
  REQUIRE(ledger->relieved(0));
  REQUIRE(reliefs == 1);
  ledger->lend({{0, 1}}).reset();
  REQUIRE(reliefs == 1);
}

TEST_CASE_METHOD(ledger_fixture, "a loan may outlive whoever lent it") {
  auto loan = ledger->lend({{0, 30}});
  ledger->await_relief();
  ledger->disconnect();
  ledger.reset();
  loan.reset();
  REQUIRE(reliefs == 0);
}
