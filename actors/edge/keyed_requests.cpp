// The edge's requests under an Idempotency-Key: the session that the key stands for, or
// a new one.

#include "actors/edge/edge.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

void edge_state::submit_keyed(const submit_recommendation& asked) {
  auto sessions =
    sessions_of_key(parts_.settings.secret, {asked.user, *asked.idempotency_key}, parts_.clock->now());
  auto hash = request_hash_of(asked.preferences, asked.max_results);
  look_up(std::make_shared<const keyed_request>(keyed_request{asked, std::move(hash), std::move(sessions)}),
          0);
}

// Only who knows that none of them is there may open one: what cannot be asked is an
// error, never a second session.
void edge_state::look_up(const keyed_request_ptr& request, std::size_t n) {
  if (n == request->sessions.size())
    return open_keyed(*request);
  const auto& id = request->sessions[n];
  auto now = parts_.clock->now();
  if (waiting_.is_open(id))
    return waiting_.join(id, waiter_of(request->asked, now, request->request_hash));
  auto then = [this, request, n](caf::expected<session_answer> found) {
    if (!found && events::code_of(found.error()) == errc::erased)
      request->asked.answer(make_error(errc::key_reused, "The session of this Idempotency-Key was erased."));
    else if (!found && events::code_of(found.error()) != errc::not_found)
      request->asked.answer(std::move(found.error()));
    else if (found && holds_key(found->created_at, parts_.clock->now()))
      serve(*request, std::move(*found));
    else
      look_up(request, n + 1);
  };
  if (auto known = parts_.cache->find(id, now))
    return then(std::move(*known));
  search_for(find_session{id, std::move(then)});
}

void edge_state::serve(const keyed_request& request, session_answer found) {
  auto now = parts_.clock->now();
  // While the read model was asked, the tails may have come further.
  if (auto newest = parts_.cache->find(found.id, now); newest && newest->version > found.version)
    found = std::move(*newest);
  if (found.origin.request_hash != request.request_hash)
    return request.asked.answer(reused_key());
  if (found.terminal || !request.asked.wait)
    return request.asked.answer(std::move(found));
  if (waiting_.size() >= parts_.settings.waiting_max)
    return request.asked.answer(make_error(errc::overloaded, "too many requests are waiting"));
  waiting_.join(found, waiter_of(request.asked, now, request.request_hash));
  schedule_tick(tick_interval);
}

void edge_state::open_keyed(const keyed_request& request) {
  const auto& id = request.sessions.front();
  if (waiting_.is_open(id)) // somebody has sent the key too, while it was looked for
    return waiting_.join(id, waiter_of(request.asked, parts_.clock->now(), request.request_hash));
  // Or another edge's has been opened, and has even ended: its repeat would lead to nothing.
  if (auto known = parts_.cache->find(id, parts_.clock->now()))
    return serve(request, std::move(*known));
  // Or its command has been read: it was not there when it was looked for, so it is new.
  if (auto issued = parts_.cache->find_issued(id))
    return serve(request, std::move(*issued));
  if (auto refused = refusal())
    return request.asked.answer(std::move(refused));
  if (waiting_.size() >= parts_.settings.waiting_max)
    return request.asked.answer(make_error(errc::overloaded, "too many requests are waiting"));
  open(id, request.asked, request.request_hash);
}

} // namespace sonicmatch::actors
