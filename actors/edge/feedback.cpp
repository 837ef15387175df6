// The edge's feedback on picks: checked against the session, then a command.

#include "actors/edge/edge.hpp"
#include "actors/edge/explanation_draft.hpp"
#include "actors/edge/feedback_draft.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

void edge_state::take_feedback(const submit_feedback& asked) {
  if (auto refused = refusal())
    return asked.answer(std::move(refused));
  auto known = parts_.cache->find(asked.session, parts_.clock->now());
  auto then = [this, asked](caf::expected<session_answer> session) {
    if (session)
      record_feedback_on(*session, asked);
    else
      asked.answer(std::move(session.error()));
  };
  if (known && known->terminal)
    return then(std::move(*known));
  // Another edge may have answered it as complete before this one's tails came to it.
  search_for(find_session{asked.session, std::move(then)});
}

void edge_state::record_feedback_on(const session_answer& session, const submit_feedback& asked) {
  if (!may_see(session.origin.user, asked.asker))
    return asked.answer(no_such_session());
  auto draft = draft_feedback(*session.document, headphone_named(asked.headphone));
  if (!draft && events::code_of(draft.error()) == errc::invalid_record)
    return asked.answer(
      make_error(errc::store_rejected, "the document of session " + to_string(session.id)
                                         + " cannot be read: " + events::detail_of(draft.error())));
  if (!draft)
    return asked.answer(std::move(draft.error()));
  draft->id = {events::uuid_v7(parts_.clock->now(), parts_.entropy->draw())};
  draft->kind = asked.kind;
  draft->rating = asked.rating;
  auto told = [id = draft->id, session = session.id,
               answer = asked.answer](caf::expected<log_position> where) {
    if (where)
      answer(feedback_answer{id, session});
    else
      answer(std::move(where.error()));
  };
  send_brief({draft->id.value, session, asked.traceparent}, events::feedback::command{*draft},
             std::move(told));
}

// A command that is answered once it is durable.
void edge_state::send_brief(const brief_origin& from, const events::log_command& command,
                            delivery_desk::answer told) {
  if (auto refused = refusal()) // it may have begun to drain while the session was looked for
    return told(std::move(refused));
  if (deliveries_.size() >= parts_.settings.waiting_max)
    return told(make_error(errc::overloaded, "too many requests are waiting"));
  auto now = parts_.clock->now();
  auto number = deliveries_.open(std::move(told), give_up_at(now));
  schedule_tick(tick_interval);
  auto head = new_envelope(from.stream, from.session.id, from.traceparent, now);
  head.userid = from.session.origin.user;
  append(std::move(head), command,
         [me = caf::actor_cast<edge>(self_), number](caf::expected<log_position> where) {
           caf::anon_send(me, brief_delivered{number, std::move(where)});
         });
}

void edge_state::delivered(const brief_delivered& report) {
  deliveries_.delivered(report.number, report.where);
  finish_drain_when_idle();
}

} // namespace sonicmatch::actors
