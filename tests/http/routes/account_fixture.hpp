#pragma once

#include "events/error.hpp"
#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

#include <vector>

namespace sonicmatch::tests {

/// What the desk was told.
struct told_desk {
  std::vector<actors::accounts::open_account> opened;
  std::vector<actors::accounts::log_in> logged_in;
  std::vector<actors::accounts::refresh_login> refreshed;
  std::vector<actors::accounts::log_out> logged_out;
  std::vector<actors::accounts::find_account> found;
  std::vector<actors::accounts::close_account> closed;
};

/// A page of sessions that was asked for.
struct session_search {
  events::user_id user;
  std::optional<actors::ports::session_place> after;
  std::size_t count_max = 0;
  std::function<void(actors::accounts::found_sessions)> on_found;
};

/// The routes of accounts, between a desk that notes what it is told and a read model of the
/// test's. "Bearer ann" is Ann's token.
class account_fixture {
public:
  account_fixture() {
    parts.clock = clock;
    parts.accounts = bench_.spawn(
      [this](actors::accounts::account_desk::pointer) -> actors::accounts::account_desk::behavior_type {
        return {
          [this](const actors::accounts::open_account& asked) { desk.opened.push_back(asked); },
          [this](const actors::accounts::log_in& asked) { desk.logged_in.push_back(asked); },
          [this](const actors::accounts::refresh_login& asked) { desk.refreshed.push_back(asked); },
          [this](const actors::accounts::log_out& asked) { desk.logged_out.push_back(asked); },
          [this](const actors::accounts::find_account& asked) { desk.found.push_back(asked); },
          [this](const actors::accounts::close_account& asked) { desk.closed.push_back(asked); },
        };
      });
    parts.records = bench_.spawn([this](actors::accounts::record_collector::pointer)
                                   -> actors::accounts::record_collector::behavior_type {
      return {[this](const actors::accounts::collect_records& asked) { collections.push_back(asked); }};
    });
    parts.find_sessions = [this](const auto& user, const auto& after, auto count_max, auto on_found) {
      searches.push_back({user, after, count_max, std::move(on_found)});
    };
    parts.find_caller = [this](const http::request& asked) -> caf::expected<std::optional<events::user_id>> {
      auto given = asked.header("authorization");
      if (!given)
        return std::optional<events::user_id>{};
      if (*given != "Bearer ann")
        return events::make_error(events::errc::unauthenticated, "wrong");
      return std::optional{ann};
    };
    http::add_account_routes(router_, parts);
    http::add_user_routes(router_, parts);
    http::add_user_session_routes(router_, parts);
  }

  void settle() {
    bench_.settle();
  }

  std::shared_ptr<kept_answer> ask(const asking& asked) {
    auto data = data_of(asked);
    auto found = router_.find(*data);
    REQUIRE(found.target != nullptr);
    auto kept = std::make_shared<kept_answer>();
    std::get<http::asynchronous_handler>(found.target->handler)(http::request{data}, http::responder{kept});
    bench_.settle();
    return kept;
  }
  http::response answer(const asking& asked) {
    auto kept = ask(asked);
    REQUIRE(kept->answer_);
    return *kept->answer_;
  }

  [[nodiscard]] actors::ports::account account() const {
    return {ann, "ann@example.com", "Ann", sample_time()};
  }
  [[nodiscard]] actors::accounts::granted_tokens granted() const {
    return {account(), "access", "refresh", std::chrono::seconds{900}};
  }

  const events::user_id ann = sample_id<events::user_id>(1);
  told_desk desk;
  std::vector<session_search> searches;
  std::vector<actors::accounts::collect_records> collections;
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  http::route_parts parts;

private:
  http::router router_;
  actor_bench bench_;
};

} // namespace sonicmatch::tests
