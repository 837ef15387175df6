#include "events/explanation/document.hpp"

namespace sonicmatch::events::explanation {

namespace {

void apply(document& out, explanation_requested& happened, timestamp time) {
  out.id = happened.id;
  out.headphone_id = happened.headphone;
  out.created_at = time;
}

void apply(document& out, explanation_completed& happened, timestamp time) {
  out.id = happened.id;
  out.headphone_id = happened.headphone.id;
  out.status = document_status::complete;
  out.headphone = std::move(happened.headphone);
  out.detailed_explanation = std::move(happened.detailed_explanation);
  out.comparison_points = std::move(happened.comparison_points);
  out.engine = std::move(happened.engine);
  out.degraded = happened.degraded;
  out.degraded_reason = std::move(happened.degraded_reason);
  out.processing_time_ms = happened.processing_time_ms;
  out.created_at = happened.requested_at;
  out.completed_at = time;
}

void apply(document& out, explanation_failed& happened, timestamp time) {
  out.id = happened.id;
  out.headphone_id = happened.headphone;
  out.status = document_status::error;
  out.error = session::failure{std::move(happened.code), std::move(happened.detail)};
  out.processing_time_ms = happened.processing_time_ms;
  out.created_at = happened.requested_at;
  out.completed_at = time;
}

} // namespace

document document_of(const session_id& session, event happened, timestamp time) {
  document out;
  out.session = session;
  std::visit([&](auto& each) { apply(out, each, time); }, happened);
  return out;
}

} // namespace sonicmatch::events::explanation
