#include "events/error.hpp"
#include "infra/postgres/account_store.hpp"
#include "infra/postgres/migrations.hpp"
#include "infra/postgres/personal_records.hpp"
#include "tests/contract/account_store_contract.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/simulated_accounts.hpp"

#include <thread>

using namespace sonicmatch;
using namespace sonicmatch::tests;

namespace {

class simulated_fixture {
public:
  actors::ports::account_store& store() {
    return store_;
  }
  actors::ports::account_store& another() {
    return another_;
  }

private:
  std::shared_ptr<simulated_people> people_ = std::make_shared<simulated_people>();
  simulated_accounts store_{people_};
  simulated_accounts another_{people_};
};

class postgres_fixture {
public:
  postgres_fixture() {
    auto applied = infra::postgres::migrate_up(schema_.settings());
    if (!applied)
      throw std::runtime_error{events::describe(applied.error())};
  }
  actors::ports::account_store& store() {
    return *store_;
  }
  actors::ports::account_store& another() {
    return *another_;
  }
  const postgres_schema& schema() const {
    return schema_;
  }

private:
  postgres_schema schema_;
  std::unique_ptr<actors::ports::account_store> store_ =
    infra::postgres::make_account_store(schema_.settings());
  std::unique_ptr<actors::ports::account_store> another_ =
    infra::postgres::make_account_store(schema_.settings());
};

template <class Fixture>
void keep_all() {
  for (auto [sentence, keep] : contract::of_the_account_store<Fixture>)
    DYNAMIC_SECTION(sentence) {
      Fixture fixture;
      keep(fixture);
    }
}

} // namespace

TEST_CASE("the simulated account store keeps the contract") {
  keep_all<simulated_fixture>();
}

TEST_CASE("PostgreSQL keeps the contract of the account store") {
  keep_all<postgres_fixture>();
}

TEST_CASE("of many who bring one refresh token at once, one gets the next") {
  postgres_fixture fixture;
  REQUIRE_FALSE(fixture.store().add(contract::person(1, "a@example.com")));
  REQUIRE_FALSE(fixture.store().add_login(contract::login_of(1, 1)));
  std::atomic<int> rotated = 0;
  std::vector<std::jthread> threads;
  for (std::uint8_t n = 0; n < 6; ++n)
    threads.emplace_back([&, n] {
      auto store = infra::postgres::make_account_store(fixture.schema().settings());
      auto next = contract::next_of(contract::login_of(1, 1), static_cast<std::uint8_t>(10 + n),
                                    std::chrono::seconds{1});
      auto done = store->rotate(contract::hash(1), next);
      if (done && done->says == actors::ports::rotation::verdict::rotated)
        ++rotated;
    });
  threads.clear();
  CHECK(rotated == 1);
}

TEST_CASE("what there is of a user is found by way of their sessions, newest first") {
  postgres_fixture fixture;
  auto ann = contract::user(1);
  std::string session = to_string(sample_id<events::session_id>(1));
  std::string another = to_string(sample_id<events::session_id>(2));
  auto add_session = [&](const std::string& id, const std::string& user) {
    fixture.schema().run(
      "insert into sessions (id, user_id, status, document, created_at, version, partition,"
      " \"offset\", correlation_id) values ('"
      + id + "', " + user + ", 'pending', '{}', now(), 1, 0, 0, '" + id + "')");
  };
  add_session(session, "'" + to_string(ann) + "'");
  add_session(another, "null");
  auto feedback = [&](std::uint8_t n, const std::string& of_session, const std::string& kind,
                      const std::string& rating) {
    fixture.schema().run(
      "insert into feedback (feedback_id, session_id, headphone_id, slug, rank, overall, kind, rating,"
      " created_at, partition, \"offset\") values ('"
      + to_string(sample_id<events::feedback_id>(n)) + "', '" + of_session + "', '" + of_session
      + "', 'a-slug', 1, 0.5, '" + kind + "', " + rating + ", '2026-11-22T14:15:39Z'::timestamptz + "
      + std::to_string(n) + " * interval '1 second', 0, 0)");
  };
  feedback(1, session, "rated", "4");
  feedback(2, session, "saved", "null");
  feedback(3, another, "saved", "null");
  feedback(4, session, "of a later version", "null");
  auto reader = infra::postgres::make_personal_record_reader(fixture.schema().settings());
  auto found = reader->find_records_of(ann, 10);
  REQUIRE(found);
  CHECK(found->explanations.empty());
  using events::feedback::kind;
  auto id = sample_id<events::session_id>(1);
  CHECK((found->feedback
         == std::vector<actors::ports::given_feedback>{
           {id, "a-slug", kind::saved, std::nullopt, sample_time(std::chrono::seconds{2})},
           {id, "a-slug", kind::rated, 4, sample_time(std::chrono::seconds{1})}}));
  CHECK(reader->find_records_of(ann, 2)->feedback.size() == 1);
  CHECK(reader->find_records_of(contract::user(2), 10)->feedback.empty());
}

TEST_CASE("the database itself holds e-mails to be unique in any case") {
  postgres_fixture fixture;
  REQUIRE_FALSE(fixture.store().add(contract::person(1, "a@example.com")));
  CHECK_THROWS(
    fixture.schema().run("insert into accounts (id, email, password_hash, created_at) values"
                         " ('01a203ef-0000-7000-8000-000000000001', 'A@Example.com', 'x', now())"));
}
