#include "events/record/writer.hpp"
#include "http/routes/routes.hpp"

#include <algorithm>

namespace sonicmatch::http {

namespace {

namespace record = events::record;

constexpr std::chrono::milliseconds probe_patience{2'000};

/// A part of the process or of what it depends on.
struct health_part {
  std::string name;
  std::string status;
  std::string detail;
  std::optional<double> latency_ms;

  static constexpr std::string_view record_name = "health_part";
  static constexpr auto declaration() {
    using record::field;
    using h = health_part;
    return record::fields(
      field("name", &h::name),
      field("status", &h::status).doc("ready, degraded (it does less than it was meant to) or not_ready"),
      field("detail", &h::detail), field("latency_ms", &h::latency_ms));
  }
};

struct health_document {
  std::string status;
  std::vector<health_part> parts;

  static constexpr std::string_view record_name = "health";
  static constexpr auto declaration() {
    using record::field;
    return record::fields(field("status", &health_document::status).doc("ready, not_ready or alive"),
                          field("parts", &health_document::parts));
  }
};

std::string word_of(bool ready, bool degraded = false) {
  return !ready ? "not_ready" : degraded ? "degraded" : "ready";
}

response show(health_document document, bool ready) {
  document.status = word_of(ready);
  auto made = json_response(record::to_json(document));
  if (!ready) {
    made.status = 503;
    made.headers.push_back({"Retry-After", "1"});
  }
  return made;
}

health_document reported(const route_parts& parts) {
  health_document out;
  for (auto& each : parts.health->parts())
    out.parts.push_back(
      {std::move(each.name), word_of(each.ready, each.degraded), std::move(each.detail), std::nullopt});
  return out;
}

/// What each part reported, and what those that can be away answer just now.
void find_health(const route_parts& parts, const responder& respond) {
  parts.probe(probe_patience, [parts, respond](std::vector<probed_part> probed) {
    auto document = reported(parts);
    for (auto& each : probed) {
      std::erase_if(document.parts, [&](const auto& part) { return part.name == each.name; });
      document.parts.push_back(
        {std::move(each.name), word_of(each.ready), std::move(each.detail), each.latency_ms});
    }
    auto ready = std::none_of(document.parts.begin(), document.parts.end(),
                              [](const auto& part) { return part.status == word_of(false); });
    respond(show(std::move(document), ready));
  });
}

constexpr std::string_view alive_example = R"({"status":"alive","parts":[]})";
constexpr std::string_view ready_example =
  R"({"status":"ready","parts":[{"name":"kafka","status":"ready","detail":"","latency_ms":0.8}]})";
constexpr std::string_view away_example =
  R"({"status":"not_ready","parts":[{"name":"kafka","status":"not_ready","detail":"no broker answers"}]})";

operation health_operation(std::string_view summary, std::string_view description) {
  operation out;
  out.tag = "health";
  out.summary = summary;
  out.description = description;
  return out;
}

operation liveness_operation() {
  auto out = health_operation("Is it alive", "Whether the process answers at all.");
  out.answers = {{200, "It does.", schema_of<health_document>, alive_example}};
  return out;
}

operation readiness_operation(std::string_view summary, std::string_view description) {
  auto out = health_operation(summary, description);
  out.answers = {{200, "Every part is ready.", schema_of<health_document>, ready_example},
                 {503, "A part is not.", schema_of<health_document>, away_example, {"Retry-After"}}};
  return out;
}

} // namespace

void add_health_routes(router& routes, const route_parts& parts) {
  routes.get(
    "/health/live", "find_liveness",
    [](const request&) {
      return json_response(record::to_json(health_document{"alive", {}}));
    },
    liveness_operation());
  routes.get(
    "/health/ready", "find_readiness",
    [parts](const request&) { return show(reported(parts), parts.health->ready()); },
    readiness_operation("Is it ready", "What each part of the process last reported of itself."));
  routes.get(
    "/health", "find_health",
    [parts](const request&, const responder& respond) { find_health(parts, respond); },
    readiness_operation("How is it", "Each part, asked just now, with how long it took to answer."));
}

} // namespace sonicmatch::http
