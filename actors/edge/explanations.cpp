// The edge's explanations: from what is known, or from the recommender.

#include "actors/edge/edge.hpp"
#include "actors/edge/explanation_draft.hpp"
#include "actors/ownership.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

namespace {

/// What the read model holds, unless it is to be asked for anew.
std::optional<explanation_answer> good_one_of(const explanation_loaded& loaded, const explained_pick& pick,
                                              const std::optional<events::user_id>& owner) {
  const auto& stored = *loaded.result;
  if (!stored)
    return std::nullopt;
  explanation_answer out{
    pick.session,   pick.headphone,   stored->id,   std::make_shared<const std::string>(stored->document),
    stored->status, stored->degraded, std::nullopt, owner};
  return is_good(out) ? std::optional{std::move(out)} : std::nullopt;
}

} // namespace

// The shortest way that leads to it: known or being made here, then the session, which
// says what can be explained, then the read model, and only then a command.
void edge_state::explain(const submit_explanation& asked) {
  if (auto refused = refusal())
    return asked.answer(std::move(refused));
  if (explaining_ >= parts_.settings.waiting_max)
    return asked.answer(make_error(errc::overloaded, "too many requests are waiting"));
  ++explaining_;
  auto answer = [this, respond = asked.answer](caf::expected<explanation_answer> got) {
    --explaining_;
    respond(std::move(got));
    finish_drain_when_idle();
  };
  auto request = std::make_shared<const explanation_request>(
    explanation_request{{asked.session, headphone_named(asked.headphone)},
                        asked.wait,
                        asked.traceparent,
                        std::move(answer),
                        asked.asker});
  if (serve(*request))
    return;
  auto then = [this, request](caf::expected<session_answer> session) {
    if (session)
      explain_pick_of(*session, request);
    else
      request->answer(std::move(session.error()));
  };
  auto known = parts_.cache->find(asked.session, parts_.clock->now());
  if (known && known->terminal)
    return then(std::move(*known));
  // Another edge may have answered it as complete before this one's tails came to it.
  search_for(find_session{asked.session, std::move(then)});
}

bool edge_state::serve(const explanation_request& asked) {
  return desk_->serve(asked, give_up_at(parts_.clock->now()));
}

void edge_state::explain_pick_of(const session_answer& session, const explanation_request_ptr& asked) {
  const auto& owner = session.origin.user;
  if (!may_see(owner, asked->asker))
    return asked->answer(no_such_session());
  auto draft = draft_explanation(*session.document, asked->pick.headphone);
  if (!draft && events::code_of(draft.error()) == errc::invalid_record)
    return asked->answer(
      make_error(errc::store_rejected, "the document of session " + to_string(session.id)
                                         + " cannot be read: " + events::detail_of(draft.error())));
  if (!draft)
    return asked->answer(std::move(draft.error()));
  auto command = std::make_shared<const events::explanation::request_explanation>(std::move(*draft));
  auto ask_anew = [this, asked, command, owner](const caf::error& reason) {
    parts_.logger->warning(
      "the read model cannot be asked for an explanation; asking for a new one",
      {{"session_id", to_string(asked->pick.session)}, {"error", events::describe(reason)}});
    ask_for_explanation(*command, *asked, owner);
  };
  self_
    ->request(parts_.store, parts_.settings.search_timeout,
              load_explanation{asked->pick.session, asked->pick.headphone})
    .then(
      [this, asked, command, owner, ask_anew](const explanation_loaded& loaded) {
        if (!loaded.result)
          return ask_anew(loaded.result.error());
        if (parts_.cache->is_erased(asked->pick.session))
          return asked->answer(erased_session());
        if (auto known = good_one_of(loaded, asked->pick, owner)) {
          desk_->put(*known);
          return asked->answer(std::move(*known));
        }
        ask_for_explanation(*command, *asked, owner);
      },
      ask_anew);
}

void edge_state::ask_for_explanation(events::explanation::request_explanation command,
                                     const explanation_request& asked,
                                     const std::optional<events::user_id>& owner) {
  if (parts_.cache->is_erased(asked.pick.session))
    return asked.answer(erased_session());
  if (serve(asked))
    return; // somebody else has asked meanwhile
  if (draining_)
    return asked.answer(make_error(errc::shutting_down, "the process is stopping"));
  if (desk_->is_full())
    return asked.answer(make_error(errc::overloaded, "too many explanations are being made"));
  auto now = parts_.clock->now();
  command.id = {events::uuid_v7(now, parts_.entropy->draw())};
  command.deadline = now + parts_.settings.command_deadline;
  desk_->open(command.id, asked, owner, now, command.deadline, give_up_at(now));
  schedule_tick(tick_interval);
  auto head = new_envelope(command.id.value, asked.pick.session, asked.traceparent, now);
  head.set_origin({owner, std::nullopt});
  append(std::move(head), events::explanation::command{command},
         [me = caf::actor_cast<edge>(self_), id = command.id,
          pick = asked.pick](caf::expected<log_position> where) {
           caf::anon_send(me, explanation_delivered{pick.session, pick.headphone, id, std::move(where)});
         });
}

void edge_state::delivered(const explanation_delivered& report) {
  desk_->delivered(report);
}

void edge_state::read_explanation_event(const ports::log_record& record) {
  using namespace events::explanation;
  auto type = record.header_value(events::headers::type);
  if (!record.value
      || (!events::is_of<explanation_completed>(type) && !events::is_of<explanation_failed>(type)))
    return;
  auto session = events::session_id::parse(record.key);
  if (!session || parts_.cache->is_erased(*session))
    return;
  auto answer = explanation_of(*record.value);
  if (answer)
    return desk_->ended(*answer, parts_.clock->now());
  parts_.logger->error("the end of an explanation cannot be read", // its deadline answers who waits
                       {{"session_id", record.key}, {"error", events::describe(answer.error())}});
}

} // namespace sonicmatch::actors
