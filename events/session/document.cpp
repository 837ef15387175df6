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
  out.degraded_reason = std::move(happened.degraded_reason);
  out.preferences = std::move(happened.preferences);
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

document begun(const session_id& id, stream_version version, const log_position& position) {
  document out;
  out.id = id;
  out.version = version;
  out.position = to_string(position);
  return out;
}

} // namespace

document document_of(const session_id& id, event happened, stream_version version, timestamp time,
                     const log_position& position) {
  auto out = begun(id, version, position);
  std::visit([&](auto& each) { apply(out, each, time); }, happened);
  return out;
}

document document_of(const session_id& id, const language_model::language_model_call_started& happened,
                     stream_version version, const log_position& position) {
  auto out = begun(id, version, position);
  out.status = document_status::processing;
  out.created_at = happened.requested_at;
  return out;
}

} // namespace sonicmatch::events::session
