#include "actors/edge/feedback_draft.hpp"

#include "events/error.hpp"
#include "events/record/reader.hpp"
#include "events/session/document.hpp"

#include <algorithm>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

caf::expected<events::feedback::record_feedback> draft_feedback(std::string_view session_document,
                                                                const events::headphone_id& headphone) {
  using events::session::document;
  events::record::violations wrong;
  auto session =
    events::record::read<document>(session_document, wrong, events::record::unknown_fields::ignore);
  if (!session)
    return make_error(errc::invalid_record, wrong.front().pointer + " " + wrong.front().detail);
  if (session->status != events::session::document_status::complete || !session->matches)
    return make_error(errc::not_complete, "The session is not complete; feedback is about its picks.");
  auto pick = std::find_if(session->matches->begin(), session->matches->end(),
                           [&](const auto& each) { return each.headphone.id == headphone; });
  if (pick == session->matches->end())
    return make_error(errc::not_a_match, "The headphone is not among the session's matches.");
  events::feedback::record_feedback out;
  out.headphone = headphone;
  out.slug = pick->headphone.slug;
  out.rank = pick->rank;
  out.overall_score = pick->overall_score;
  return out;
}

} // namespace sonicmatch::actors
