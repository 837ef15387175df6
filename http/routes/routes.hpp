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

/// POST /api/v1/auth/register, /login, /refresh and /logout.
void add_account_routes(router& routes, const route_parts& parts);

/// GET and DELETE /api/v1/users/me.
void add_user_routes(router& routes, const route_parts& parts);

/// GET /api/v1/users/me/recommendations and GET /api/v1/users/me/export.
void add_user_session_routes(router& routes, const route_parts& parts);

/// POST /api/v1/recommendations/{session_id}/feedback and DELETE
/// /api/v1/recommendations/{session_id}.
void add_feedback_routes(router& routes, const route_parts& parts);

/// GET /api/v1/headphones and GET /api/v1/headphones/{id_or_slug}.
void add_headphone_routes(router& routes, const route_parts& parts);

/// GET /health, /health/ready and /health/live.
void add_health_routes(router& routes, const route_parts& parts);

/// GET /metrics, for Prometheus. On the admin port only.
void add_metrics_routes(router& routes, const route_parts& parts);

/// GET /openapi.json, made from the routes that are there already, and the pages that
/// show it: GET /docs and GET /redoc.
void add_docs_routes(router& routes);

/// GET /, the page for people.
void add_page_routes(router& routes);

/// All that the public port has.
[[nodiscard]] router make_router(const route_parts& parts);

} // namespace sonicmatch::http
