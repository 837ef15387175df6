#include "http/routes/exposition.hpp"
#include "http/routes/routes.hpp"

#include <array>
#include <cstdio>
#include <utility>

namespace sonicmatch::http {

namespace {

using actors::language_model::circuit_breaker;
using actors::language_model::gateway_figures;

void write_calls(exposition& out, const gateway_figures& figures) {
  out.begin("sonicmatch_language_model_calls_total", "counter", "Calls of the language model, by outcome.");
  out.sample(figures.calls_replied, {{"outcome", "replied"}});
  for (const auto& [code, count] : figures.calls_failed)
    out.sample(count, {{"outcome", code}});
  out.begin("sonicmatch_language_model_refusals_total", "counter",
            "Calls that were not made, so that the heuristic engine answered, by reason.");
  for (const auto& [reason, count] : figures.refused)
    out.sample(count, {{"reason", reason}});
  out.begin("sonicmatch_language_model_answers_reused_total", "counter",
            "Requests answered by another request's call for the same question.");
  out.sample(figures.answers_reused, {{"from", "cache"}});
  out.sample(figures.answers_shared, {{"from", "call_under_way"}});
  out.begin("sonicmatch_language_model_latency_seconds", "summary", "How long calls took.");
  std::uint64_t calls = figures.calls_replied;
  for (const auto& [code, count] : figures.calls_failed)
    calls += count;
  out.sample(static_cast<double>(figures.latency_sum_ms) / 1e3, {}, "_sum");
  out.sample(calls, {}, "_count");
  out.begin("sonicmatch_language_model_calls_in_flight", "gauge",
            "Calls under way, and places kept for calls.");
  out.sample(figures.in_flight);
  out.begin("sonicmatch_language_model_queue_length", "gauge", "Calls that wait for a place.");
  out.sample(figures.queued);
}

void write_money(exposition& out, const gateway_figures& figures) {
  out.begin("sonicmatch_language_model_tokens_total", "counter",
            "Tokens, by kind; reasoning is part of output.");
  out.sample(figures.tokens.input_tokens, {{"kind", "input"}});
  out.sample(figures.tokens.cache_write_tokens, {{"kind", "cache_write"}});
  out.sample(figures.tokens.cache_read_tokens, {{"kind", "cache_read"}});
  out.sample(figures.tokens.output_tokens, {{"kind", "output"}});
  out.sample(figures.tokens.reasoning_tokens, {{"kind", "reasoning"}});
  out.begin("sonicmatch_language_model_cost_micro_dollars_total", "counter",
            "What this process's calls have cost, in millionths of a US dollar.");
  out.sample(figures.cost_micro_usd);
  if (figures.budget_limit_micro_usd == 0)
    return;
  out.begin("sonicmatch_language_model_budget_micro_dollars", "gauge", "The day's budget (UTC).");
  out.sample(figures.budget_limit_micro_usd);
  out.begin("sonicmatch_language_model_spent_today_micro_dollars", "gauge", "Spent of it, by all processes.");
  out.sample(figures.spent_today_micro_usd);
  out.begin("sonicmatch_language_model_budget_exhausted", "gauge", "1 when a call was refused for it today.");
  out.sample(figures.budget_is_spent ? 1 : 0);
}

void write_state(exposition& out, const gateway_figures& figures) {
  out.begin("sonicmatch_language_model_breaker_state", "gauge",
            "1 for the state that the circuit breaker is in.");
  constexpr std::array states{std::pair{"closed", circuit_breaker::state::closed},
                              std::pair{"open", circuit_breaker::state::open},
                              std::pair{"half_open", circuit_breaker::state::half_open}};
  for (const auto& [name, state] : states)
    out.sample(figures.breaker == state ? 1 : 0, {{"state", name}});
  out.begin("sonicmatch_language_model_answer_cache_bytes", "gauge",
            "Memory of answers kept for repeated questions.");
  out.sample(figures.cache_bytes);
  out.begin("sonicmatch_language_model_info", "gauge", "1, with the engine's name.");
  out.sample(1, {{"engine", figures.engine}});
}

/// A bound as Prometheus's own clients write it: "0.0025", "60".
std::string text_of(double bound) {
  char out[16];
  std::snprintf(out, sizeof out, "%g", bound);
  return out;
}

void write_durations(exposition& out, const std::vector<request_metrics::figures>& all) {
  out.begin("sonicmatch_http_request_duration_seconds", "histogram",
            "From the whole request to its answer, by operation; a stream's to its head.");
  for (const auto& each : all) {
    std::uint64_t count = 0;
    for (std::size_t i = 0; i < each.by_duration.size(); ++i) {
      count += each.by_duration[i];
      auto is_last = i == request_metrics::bounds_s.size();
      out.sample(
        count,
        {{"operation", each.operation_id}, {"le", is_last ? "+Inf" : text_of(request_metrics::bounds_s[i])}},
        "_bucket");
    }
    out.sample(each.seconds, {{"operation", each.operation_id}}, "_sum");
    out.sample(count, {{"operation", each.operation_id}}, "_count");
  }
}

void write_requests(exposition& out, const request_metrics& requests) {
  auto all = requests.read();
  if (all.empty())
    return; // this process has no edge
  out.begin("sonicmatch_http_requests_total", "counter",
            "Requests answered, by operation (empty: no such path) and kind of status.");
  for (const auto& each : all)
    for (std::size_t i = 0; i < each.by_status.size(); ++i)
      if (each.by_status[i] > 0)
        out.sample(each.by_status[i],
                   {{"operation", each.operation_id}, {"status", std::to_string(i + 1) + "xx"}});
  write_durations(out, all);
  auto connections = requests.connections();
  out.begin("sonicmatch_http_connections", "gauge", "Connections open now.");
  out.sample(connections.open);
  out.begin("sonicmatch_http_connections_refused_total", "counter", "Connections turned away at a limit.");
  out.sample(connections.refused);
}

std::string render(const gateway_figures& figures, const request_metrics* requests) {
  exposition out;
  if (requests != nullptr)
    write_requests(out, *requests);
  if (!figures.engine.empty()) { // else there is no model in this process
    write_calls(out, figures);
    write_money(out, figures);
    write_state(out, figures);
  }
  return std::move(out).finish();
}

} // namespace

void add_metrics_routes(router& routes, const route_parts& parts) {
  routes.get("/metrics", "find_metrics",
             [board = parts.model_board, requests = parts.requests](const request&) {
               response made;
               made.content_type = "text/plain; version=0.0.4; charset=utf-8";
               made.body = std::make_shared<const std::string>(render(board->figures(), requests.get()));
               return made;
             });
}

} // namespace sonicmatch::http
