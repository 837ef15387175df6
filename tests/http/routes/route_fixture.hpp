#pragma once

#include "http/routes/routes.hpp"
#include "tests/actors/actor_bench.hpp"
#include "tests/actors/recording_ports.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::tests {

/// What is asked of a route. The fields are name and value.
struct asking {
  http::method method = http::method::get;
  std::string target;
  std::string body{};
  std::vector<std::pair<std::string, std::string>> fields{};
};

/// A request as the edge would hand it over; its path parameters are filled by `find`.
[[nodiscard]] std::shared_ptr<http::request_data> data_of(const asking& asked);
[[nodiscard]] http::request request_of(const asking& asked);

/// Waits for one asynchronous answer, without a socket.
class kept_answer final : public http::pending_answer {
public:
  void deliver(http::response answer) override {
    if (!answer_)
      answer_ = std::move(answer);
  }
  void fail(const caf::error& error) override {
    if (!failure_)
      failure_ = error;
  }

  std::optional<http::response> answer_;
  std::optional<caf::error> failure_;
};

/// What the edge actor was told.
struct told_edge {
  std::vector<actors::submit_recommendation> submissions;
  std::vector<actors::find_session> searches;
  std::vector<actors::watch_session> watches;
  std::vector<actors::unwatch_session> unwatches;
  std::vector<actors::submit_explanation> explanations;
  std::vector<actors::submit_feedback> feedback;
  std::vector<actors::erase_session> erasures;
};

/// The routes, between an edge that notes what it is told and a catalog of the test's.
class route_fixture {
public:
  explicit route_fixture(http::caller_finder find_caller = {});

  /// Runs the handler of the route and everything that comes of it. Nothing in
  /// either while the answer is still waited for.
  std::shared_ptr<kept_answer> ask(const asking& asked);

  /// The answer of a route that answers without the edge.
  http::response answer(const asking& asked);

  /// Lets the edge have what it was sent.
  void settle() {
    bench_.settle();
  }

  /// Makes the routes anew, after `parts` was changed.
  void use_parts();

  void publish(std::vector<events::catalog::headphone> listed, std::int64_t version = 7);

  told_edge told;
  std::shared_ptr<set_clock> clock = std::make_shared<set_clock>();
  http::route_parts parts;

private:
  actor_bench bench_;
  http::router router_;
};

/// The value of a response's header, or nothing.
[[nodiscard]] std::optional<std::string> header_of(const http::response& answer, std::string_view name);

} // namespace sonicmatch::tests
