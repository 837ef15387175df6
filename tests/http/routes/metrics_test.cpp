#include "tests/http/routes/route_fixture.hpp"
#include "tests/support/catch.hpp"

using namespace sonicmatch;

namespace {

/// What /metrics answers for these figures.
http::response shown(actors::language_model::gateway_figures figures,
                     std::shared_ptr<http::request_metrics> requests = nullptr) {
  http::route_parts parts;
  parts.requests = std::move(requests);
  parts.model_board = std::make_shared<actors::language_model::gateway_board>();
  parts.model_board->publish(std::move(figures));
  http::router routes;
  http::add_metrics_routes(routes, parts);
  auto data = tests::data_of({http::method::get, "/metrics"});
  auto found = routes.find(*data);
  REQUIRE(found.target != nullptr);
  return std::get<http::immediate_handler>(found.target->handler)(http::request{data});
}

bool has_line(const http::response& made, const std::string& line) {
  return ("\n" + std::string{http::view(made.body)}).find("\n" + line + "\n") != std::string::npos;
}

} // namespace

TEST_CASE("the gateway's figures are shown in Prometheus's format", "[http][metrics]") {
  actors::language_model::gateway_figures figures;
  figures.engine = "anthropic/claude-\"x\"";
  figures.calls_replied = 3;
  figures.calls_failed["overloaded"] = 2;
  figures.refused["breaker_open"] = 7;
  figures.tokens.cache_read_tokens = 9'000;
  figures.cost_micro_usd = 52'500;
  figures.latency_sum_ms = 1'500;
  figures.breaker = actors::language_model::circuit_breaker::state::open;
  figures.budget_limit_micro_usd = 1'000'000;
  figures.spent_today_micro_usd = 60'000;
  auto made = shown(figures);
  CHECK(made.content_type == "text/plain; version=0.0.4; charset=utf-8");
  CHECK(has_line(made, "# TYPE sonicmatch_language_model_calls_total counter"));
  CHECK(has_line(made, R"(sonicmatch_language_model_calls_total{outcome="replied"} 3)"));
  CHECK(has_line(made, R"(sonicmatch_language_model_calls_total{outcome="overloaded"} 2)"));
  CHECK(has_line(made, R"(sonicmatch_language_model_refusals_total{reason="breaker_open"} 7)"));
  CHECK(has_line(made, R"(sonicmatch_language_model_tokens_total{kind="cache_read"} 9000)"));
  CHECK(has_line(made, "sonicmatch_language_model_cost_micro_dollars_total 52500"));
  CHECK(has_line(made, "sonicmatch_language_model_latency_seconds_sum 1.500000"));
  CHECK(has_line(made, "sonicmatch_language_model_latency_seconds_count 5"));
  CHECK(has_line(made, R"(sonicmatch_language_model_breaker_state{state="open"} 1)"));
  CHECK(has_line(made, R"(sonicmatch_language_model_breaker_state{state="closed"} 0)"));
  CHECK(has_line(made, "sonicmatch_language_model_spent_today_micro_dollars 60000"));
  CHECK(has_line(made, R"(sonicmatch_language_model_info{engine="anthropic/claude-\"x\""} 1)"));
}

TEST_CASE("without a budget there is nothing of it, and without a model nothing at all", "[http][metrics]") {
  actors::language_model::gateway_figures figures;
  figures.engine = "openai/gpt-5";
  CHECK(http::view(shown(figures).body).find("budget") == std::string_view::npos);
  CHECK(http::view(shown({}).body).empty());
}

TEST_CASE("requests are shown by operation, with a histogram that adds up", "[http][metrics]") {
  http::router routes;
  routes.get("/a", "find_a", [](const http::request&) { return http::response{}; });
  auto requests = std::make_shared<http::request_metrics>();
  requests->begin(routes);
  http::exchange done;
  done.operation_id = "find_a";
  done.status = 200;
  for (auto took : {std::chrono::milliseconds{2}, std::chrono::milliseconds{20}}) {
    done.duration = took;
    requests->observe(done);
  }
  requests->follow_connections([] { return http::connection_figures{5, 2}; });
  auto made = shown({}, requests);
  CHECK(has_line(made, "# TYPE sonicmatch_http_request_duration_seconds histogram"));
  CHECK(has_line(made, R"(sonicmatch_http_requests_total{operation="find_a",status="2xx"} 2)"));
  auto bucket = [](const std::string& le, int count) {
    return R"(sonicmatch_http_request_duration_seconds_bucket{operation="find_a",le=")" + le + "\"} "
           + std::to_string(count);
  };
  CHECK(has_line(made, bucket("0.001", 0)));
  CHECK(has_line(made, bucket("0.0025", 1)));
  CHECK(has_line(made, bucket("0.025", 2)));
  CHECK(has_line(made, bucket("+Inf", 2)));
  CHECK(has_line(made, R"(sonicmatch_http_request_duration_seconds_sum{operation="find_a"} 0.022000)"));
  CHECK(has_line(made, R"(sonicmatch_http_request_duration_seconds_count{operation="find_a"} 2)"));
  CHECK(has_line(made, "sonicmatch_http_connections 5"));
  CHECK(has_line(made, "sonicmatch_http_connections_refused_total 2"));
}
