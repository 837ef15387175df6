#include "tests/contract/read_model_store_contract.hpp"
#include "tests/support/postgres_fixture.hpp"

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

class simulated_store_fixture {
public:
  projections::read_model_store& store() {
    return store_;
  }
  projections::read_model_store& another() {
    return another_;
  }
  [[nodiscard]] simulated_tables tables() const {
    return *tables_;
  }

private:
  std::shared_ptr<simulated_tables> tables_ = std::make_shared<simulated_tables>();
  simulated_store store_{tables_};
  simulated_store another_{tables_};
};

} // namespace

TEST_CASE("the simulated store keeps the contract") {
  for (auto [sentence, keep] : contract::of_the_store<simulated_store_fixture>)
    DYNAMIC_SECTION(sentence) {
      simulated_store_fixture store;
      keep(store);
    }
}

TEST_CASE("PostgreSQL keeps the contract of the store") {
  for (auto [sentence, keep] : contract::of_the_store<postgres_store_fixture>)
    DYNAMIC_SECTION(sentence) {
      postgres_store_fixture store;
      keep(store);
    }
}
