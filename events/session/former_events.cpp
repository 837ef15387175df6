#include "events/session/former_events.hpp"

namespace sonicmatch::events::session {

event upcast(recommendation_completed_v1 published) {
  recommendation_completed out;
  out.matches = std::move(published.matches);
  out.relaxations = std::move(published.relaxations);
  out.notes = std::move(published.notes);
  out.engine = std::move(published.engine);
  out.degraded = published.degraded;
  out.catalog_version = published.catalog_version;
  out.requested_at = published.requested_at;
  out.processing_time_ms = published.processing_time_ms;
  return out;
}

event upcast(recommendation_failed_v1 published) {
  recommendation_failed out;
  out.code = std::move(published.code);
  out.detail = std::move(published.detail);
  out.requested_at = published.requested_at;
  out.processing_time_ms = published.processing_time_ms;
  return out;
}

} // namespace sonicmatch::events::session
