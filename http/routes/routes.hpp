#pragma once

#include "http/router.hpp"
#include "http/routes/route_parts.hpp"

namespace sonicmatch::http {

/// POST /api/v1/recommend and GET /api/v1/recommendations/{session_id}.
void add_recommendation_routes(router& routes, const route_parts& parts);

/// GET /api/v1/recommendations/{session_id}/events.
void add_session_event_routes(router& routes, const route_parts& parts);

/// POST /api/v1/explain.
void add_explanation_routes(router& routes, const route_parts& parts);

/// GET /api/v1/headphones and GET /api/v1/headphones/{id_or_slug}.
void add_headphone_routes(router& routes, const route_parts& parts);

/// GET /health, /health/ready and /health/live.
void add_health_routes(router& routes, const route_parts& parts);

/// GET /metrics, for Prometheus. On the admin port only.
void add_metrics_routes(router& routes, const route_parts& parts);

/// GET /docs and GET /redoc: pages that show the API's document.
void add_docs_routes(router& routes);

/// GET /, the page for people.
void add_page_routes(router& routes);

/// All that the public port has.
[[nodiscard]] router make_router(const route_parts& parts);

} // namespace sonicmatch::http
