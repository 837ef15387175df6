#include "events/session/document.hpp"

namespace sonicmatch::events::session {

namespace {

void apply(document& out, recommendation_requested&, timestamp time) {
  out.status = document_status::pending;
  out.created_at = time;
}

void apply(document& out, recommendation_completed& happened, timestamp time) {
  out.status = document_status::complete;
  out.matches = std::move(happened.matches);
  if (!happened.relaxations.empty())
    out.relaxations = std::move(happened.relaxations);
  if (!happened.notes.empty())
    out.notes = std::move(happened.notes);
  out.engine = std::move(happened.engine);
  out.degraded = happened.degraded;
  out.processing_time_ms = happened.processing_time_ms;
  out.created_at = happened.requested_at;
  out.completed_at = time;
  out.catalog_version = happened.catalog_version;
}

void apply(document& out, recommendation_failed& happened, timestamp time) {
  out.status = document_status::error;
  out.error = failure{std::move(happened.code), std::move(happened.detail)};
  out.processing_time_ms = happened.processing_time_ms;
  out.created_at = happened.requested_at;
  out.completed_at = time;
}

} // namespace

document document_of(const session_id& id, event happened, stream_version version, timestamp time,
                     const log_position& position) {
  document out;
  out.id = id;
  out.version = version;
  out.position = to_string(position);
  std::visit([&](auto& each) { apply(out, each, time); }, happened);
  return out;
}

} // namespace sonicmatch::events::session
