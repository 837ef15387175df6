#include "events/error.hpp"
#include "infra/postgres/migrations.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/postgres_fixture.hpp"

#include <thread>

using namespace sonicmatch;
using namespace sonicmatch::infra::postgres;
using events::errc;
using sonicmatch::tests::postgres_schema;

namespace {

const std::vector<migration> two{
  {"0001_first", "create table first (a int); insert into first values (1)", "drop table first"},
  {"0002_second", "create table second (b int)", "drop table second"}};

std::vector<migration_state> states(const postgres_schema& schema, std::span<const migration> all) {
  std::vector<migration_state> out;
  auto history = migration_history(schema.settings(), all);
  REQUIRE(history);
  for (const auto& each : *history)
    out.push_back(each.state);
  return out;
}

using enum migration_state;

} // namespace

TEST_CASE("the program's own migrations go up, and down again to nothing") {
  postgres_schema schema;
  auto up = migrate_up(schema.settings());
  REQUIRE(up);
  REQUIRE(up->size() == migrations().size());
  CHECK(up->front() == "0001_checkpoints");
  CHECK(schema.run("select count(*) from sessions") == "0");
  for (auto left = migrations().size(); left > 0; --left) {
    auto down = migrate_down(schema.settings());
    REQUIRE(down);
    CHECK(*down == migrations()[left - 1].name);
  }
  CHECK(schema.run("select count(*) from information_schema.tables where table_schema = current_schema()")
        == "1");
  auto nothing = migrate_down(schema.settings());
  REQUIRE(nothing);
  CHECK(nothing->empty());
  CHECK(migrate_up(schema.settings()));
}

TEST_CASE("sessions from before language models stay as they are, and their tokens fit on the way back") {
  postgres_schema schema;
  auto before = std::span{migrations()}.first(4);
  REQUIRE(migrate_up(schema.settings(), before));
  const std::string id = "'01a203ef-01e2-785e-a92d-5b2806dd8eef'";
  schema.run("insert into sessions (id, status, document, created_at, version, partition, \"offset\","
             " correlation_id) values ("
             + id + ", 'complete', '{}', now(), 2, 0, 7, " + id + ")");
  REQUIRE(migrate_up(schema.settings()));
  CHECK(schema.run("select cost_is_known and prompt_tokens is null and cost_micro_usd is null from sessions")
        == "t");
  schema.run("update sessions set prompt_tokens = 3000000000, completion_tokens = 640");
  for (auto left = migrations().size(); left > before.size(); --left)
    REQUIRE(migrate_down(schema.settings()));
  CHECK(schema.run("select prompt_tokens || ' ' || completion_tokens from sessions") == "2147483647 640");
}

TEST_CASE("the history says what is applied and what is pending") {
  postgres_schema schema;
  CHECK(states(schema, two) == std::vector{pending, pending});
  REQUIRE(migrate_up(schema.settings(), std::span{two}.first(1)));
  CHECK(states(schema, two) == std::vector{applied, pending});
  auto rest = migrate_up(schema.settings(), two);
  REQUIRE(rest);
  CHECK(*rest == std::vector<std::string>{"0002_second"});
  auto history = migration_history(schema.settings(), two);
  REQUIRE(history);
  CHECK(history->at(0).applied_at.size() == 20);
  CHECK(history->at(0).checksum.size() == 64);
}

TEST_CASE("migrating up twice does nothing the second time") {
  postgres_schema schema;
  REQUIRE(migrate_up(schema.settings(), two));
  auto again = migrate_up(schema.settings(), two);
  REQUIRE(again);
  CHECK(again->empty());
  CHECK(schema.run("select count(*) from first") == "1");
}

TEST_CASE("a migration that was changed since it was applied is named and stops everything") {
  postgres_schema schema;
  REQUIRE(migrate_up(schema.settings(), std::span{two}.first(1)));
  auto changed_since = two;
  changed_since[0].up = "create table first (a bigint)";
  CHECK(states(schema, changed_since) == std::vector{changed, pending});
  auto up = migrate_up(schema.settings(), changed_since);
  REQUIRE_FALSE(up);
  CHECK(events::code_of(up.error()) == errc::migration_failed);
  CHECK(events::detail_of(up.error()).find("0001_first.up.sql") != std::string::npos);
  CHECK_FALSE(migrate_down(schema.settings(), changed_since));
}

TEST_CASE("a migration that fails leaves nothing of itself and is named") {
  postgres_schema schema;
  auto broken = two;
  broken[1].up = "create table second (b int); insert into nowhere values (1)";
  auto up = migrate_up(schema.settings(), broken);
  REQUIRE_FALSE(up);
  CHECK(events::code_of(up.error()) == errc::migration_failed);
  CHECK(events::detail_of(up.error()).find("0002_second.up.sql") != std::string::npos);
  CHECK(events::detail_of(up.error()).find("nowhere") != std::string::npos);
  CHECK(states(schema, two) == std::vector{applied, pending});
  CHECK(schema.run("select to_regclass('second') is null") == "t");
}

TEST_CASE("a migration that this program does not know stops it") {
  postgres_schema schema;
  REQUIRE(migrate_up(schema.settings(), two));
  auto older = std::span{two}.first(1);
  CHECK(states(schema, older) == std::vector{applied, unknown});
  auto up = migrate_up(schema.settings(), older);
  REQUIRE_FALSE(up);
  CHECK(events::detail_of(up.error()).find("0002_second") != std::string::npos);
}

TEST_CASE("two processes that migrate at once apply each migration once") {
  postgres_schema schema;
  std::vector<std::string> first, second;
  auto apply = [&](std::vector<std::string>& applied) {
    if (auto done = migrate_up(schema.settings(), two))
      applied = *done;
  };
  std::thread other{[&] { apply(first); }};
  apply(second);
  other.join();
  CHECK(first.size() + second.size() == 2);
  CHECK(schema.run("select count(*) from first") == "1");
}

TEST_CASE("a PostgreSQL that is not there is a clear error") {
  settings nowhere;
  nowhere.url = "postgresql://sonicmatch@127.0.0.1:1/sonicmatch";
  auto up = migrate_up(nowhere);
  REQUIRE_FALSE(up);
  CHECK(events::code_of(up.error()) == errc::store_unavailable);
  CHECK(events::detail_of(up.error()).find("refused") != std::string::npos);
}
