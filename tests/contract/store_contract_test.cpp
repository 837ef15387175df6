#include "tests/contract/erasure_contract.hpp"
#include "tests/contract/language_model_rows_contract.hpp"
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
  actors::ports::session_reader& sessions() {
    return sessions_;
  }
  actors::ports::spending_reader& spending() {
    return spending_;
  }
  [[nodiscard]] simulated_tables tables() const {
    return *tables_;
  }

private:
  std::shared_ptr<simulated_tables> tables_ = std::make_shared<simulated_tables>();
  simulated_store store_{tables_};
  simulated_store another_{tables_};
  simulated_session_reader sessions_{tables_};
  simulated_spending_reader spending_{tables_};
};

template <class Fixture, class Sentences>
void keep_all(const Sentences& sentences) {
  for (auto [sentence, keep] : sentences)
    DYNAMIC_SECTION(sentence) {
      Fixture store;
      keep(store);
    }
}

} // namespace

TEST_CASE("the simulated store keeps the contract") {
  keep_all<simulated_store_fixture>(contract::of_the_store<simulated_store_fixture>);
}

TEST_CASE("the simulated store keeps the contract of what language models lead to") {
  keep_all<simulated_store_fixture>(contract::of_language_model_rows<simulated_store_fixture>);
}

TEST_CASE("the simulated store keeps the contract of feedback and erasures") {
  keep_all<simulated_store_fixture>(contract::of_erasures<simulated_store_fixture>);
}

TEST_CASE("PostgreSQL keeps the contract of feedback and erasures") {
  keep_all<postgres_store_fixture>(contract::of_erasures<postgres_store_fixture>);
}

TEST_CASE("PostgreSQL keeps the contract of the store") {
  keep_all<postgres_store_fixture>(contract::of_the_store<postgres_store_fixture>);
}

TEST_CASE("PostgreSQL keeps the contract of what language models lead to") {
  keep_all<postgres_store_fixture>(contract::of_language_model_rows<postgres_store_fixture>);
}
