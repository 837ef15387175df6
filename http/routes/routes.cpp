#include "http/routes/routes.hpp"

namespace sonicmatch::http {

router make_router(const route_parts& parts) {
  router routes;
  add_recommendation_routes(routes, parts);
  add_session_event_routes(routes, parts);
  add_explanation_routes(routes, parts);
  add_headphone_routes(routes, parts);
  add_health_routes(routes, parts);
  add_docs_routes(routes);
  add_page_routes(routes);
  return routes;
}

} // namespace sonicmatch::http
