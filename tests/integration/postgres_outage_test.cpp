#include "events/error.hpp"
#include "infra/postgres/read_model_store.hpp"
#include "infra/postgres/session_reader.hpp"
#include "infra/postgres/spending_reader.hpp"
#include "tests/contract/language_model_rows_contract.hpp"
#include "tests/support/postgres_fixture.hpp"
#include "tests/support/tcp_gate.hpp"

#include <charconv>

using namespace sonicmatch;
using namespace sonicmatch::tests;
using namespace sonicmatch::tests::contract;

namespace {

/// A migrated schema behind a gate.
struct gated_postgres {
  postgres_store_fixture database;
  infra::postgres::settings settings = database.schema.settings();
  tcp_gate gate{port_in(settings.url)};
  std::unique_ptr<projections::read_model_store> store = infra::postgres::make_read_model_store(gated());
  std::unique_ptr<actors::ports::session_reader> reader = infra::postgres::make_session_reader(gated());

  static std::string::size_type port_place(const std::string& url) {
    return url.find(':', url.find("//") + 2) + 1;
  }
  static std::uint16_t port_in(const std::string& url) {
    std::uint16_t port = 0;
    std::from_chars(url.data() + port_place(url), url.data() + url.size(), port);
    return port;
  }
  infra::postgres::settings gated() const {
    auto out = settings;
    out.url.replace(port_place(out.url), std::to_string(port_in(out.url)).size(),
                    std::to_string(gate.port()));
    return out;
  }
};

} // namespace

TEST_CASE_METHOD(gated_postgres, "a store whose PostgreSQL goes away says so, and goes on when it is back") {
  REQUIRE_FALSE(store->apply(sessions_batch(step(-1, 1), {session_row(1, 1)})));
  gate.close();
  auto error = store->apply(sessions_batch(step(1, 2), {session_row(1, 2)}));
  CHECK(events::code_of(error) == errc::store_unavailable);
  CHECK(events::code_of(store->load("sessions").error()) == errc::store_unavailable);
  gate.open();
  CHECK_FALSE(store->apply(sessions_batch(step(1, 2), {session_row(1, 2)})));
  CHECK(database.tables().sessions.at(session_of(1)).version == stream_version{2});
}

TEST_CASE_METHOD(gated_postgres,
                 "a read is tried again at once on a connection that turns out to be broken") {
  REQUIRE_FALSE(store->apply(sessions_batch(step(-1, 1), {session_row(1, 2)})));
  REQUIRE(reader->find(session_of(1)));
  gate.close();
  CHECK(events::code_of(reader->ping()) == errc::store_unavailable);
  gate.open();
  REQUIRE(reader->find(session_of(1)));
  gate.close();
  gate.open();
  auto found = reader->find(session_of(1));
  REQUIRE(found);
  REQUIRE(*found);
  CHECK((*found)->document == session_row(1, 2).document);
  CHECK((*found)->version == stream_version{2});
  CHECK((*found)->terminal);
}

TEST_CASE_METHOD(gated_postgres, "what was spent cannot be said while PostgreSQL is away, and again after") {
  REQUIRE_FALSE(store->apply(calls_batch(step(-1, 1), {replied_row(1)})));
  auto spending = infra::postgres::make_spending_reader(gated());
  gate.close();
  auto found = spending->find_spending(sample_time());
  REQUIRE_FALSE(found);
  CHECK(events::code_of(found.error()) == errc::store_unavailable);
  gate.open();
  REQUIRE(spending->find_spending(sample_time()));
  gate.close();
  gate.open();
  found = spending->find_spending(sample_time());
  REQUIRE(found);
  CHECK(found->spent == events::micro_dollars{72'850});
}

TEST_CASE_METHOD(gated_postgres, "a restart of the server costs a store one error") {
  REQUIRE_FALSE(store->apply(sessions_batch(step(-1, 1), {session_row(1, 1), session_row(2, 2)})));
  database.schema.run(
    "select count(pg_terminate_backend(pid)) from pg_stat_activity where application_name = '"
    + database.schema.name() + "' and pid <> pg_backend_pid()");
  auto error = store->apply(sessions_batch(step(1, 2), {session_row(1, 2)}));
  CHECK(events::code_of(error) == errc::store_unavailable);
  CHECK_FALSE(store->apply(sessions_batch(step(1, 2), {session_row(1, 2)})));
}

TEST_CASE("a store waits for its tables to be made") {
  postgres_schema empty;
  auto store = infra::postgres::make_read_model_store(empty.settings());
  auto progress = store->load("sessions");
  REQUIRE_FALSE(progress);
  CHECK(events::code_of(progress.error()) == errc::store_unavailable);
  CHECK(events::detail_of(progress.error()).find("does not exist") != std::string::npos);
}

TEST_CASE_METHOD(gated_postgres, "the reader knows what is not there, what is pending, and the progress") {
  auto nothing = reader->find(session_of(1));
  REQUIRE(nothing);
  CHECK_FALSE(*nothing);
  auto batch = sessions_batch(step(-1, 5), {session_row(1, 1)});
  batch.advances[0].to.claim = log_offset{2};
  REQUIRE_FALSE(store->apply(batch));
  auto pending = reader->find(session_of(1));
  REQUIRE(pending);
  REQUIRE(*pending);
  CHECK_FALSE((*pending)->terminal);
  auto progress = reader->find_progress();
  REQUIRE(progress);
  REQUIRE(progress->size() == 1);
  CHECK(progress->front().next == log_offset{5});
  CHECK(progress->front().claim == log_offset{2});
}

TEST_CASE_METHOD(gated_postgres, "text with a NUL is stored without it, and does not stop the projection") {
  auto row = matches_row(1, 2, 1);
  row.rows[0].explanation = std::string{"a\0b", 3};
  row.rows[0].pros = {std::string{"c\0d", 3}};
  REQUIRE_FALSE(store->apply(matches_batch(step(-1, 1), {row})));
  auto found = database.tables().matches.at(session_of(1)).rows[0];
  CHECK(found.explanation
        == "a\xEF\xBF\xBD"
           "b");
  CHECK(found.pros[0]
        == "c\xEF\xBF\xBD"
           "d");
}
