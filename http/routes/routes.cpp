#include "http/routes/routes.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace sonicmatch::http {

namespace {

/// The rate that each path counts under. Of the API, what is not listed counts as other,
/// so that forgetting a path leaves nothing unlimited.
constexpr std::array<std::pair<std::string_view, std::string_view>, 8> limit_classes{{
  {"/api/v1/recommend", "recommend"},
  {"/api/v1/explain", "explain"},
  {"/api/v1/headphones", "headphones"},
  {"/api/v1/headphones/{id_or_slug}", "headphones"},
  {"/api/v1/recommendations/{session_id}/feedback", "feedback"},
  {"/api/v1/auth/register", "login"},
  {"/api/v1/auth/login", "login"},
  {"/api/v1/auth/refresh", "login"},
}};

std::string_view limit_class_of(const route& added) {
  const auto* listed = std::find_if(limit_classes.begin(), limit_classes.end(),
                                    [&](const auto& each) { return each.first == added.pattern; });
  if (listed != limit_classes.end())
    return listed->second;
  return added.pattern.starts_with("/api/") ? "other" : "";
}

} // namespace

router make_router(const route_parts& parts) {
  router routes;
  add_recommendation_routes(routes, parts);
  add_session_event_routes(routes, parts);
  add_explanation_routes(routes, parts);
  add_account_routes(routes, parts);
  add_user_routes(routes, parts);
  add_user_session_routes(routes, parts);
  add_feedback_routes(routes, parts);
  add_headphone_routes(routes, parts);
  add_health_routes(routes, parts);
  add_docs_routes(routes);
  add_page_routes(routes);
  routes.limit(limit_class_of);
  return routes;
}

} // namespace sonicmatch::http
