// The edge's erasures: a command first, and forgetting what is known here.

#include "actors/edge/edge.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

namespace sonicmatch::actors {

void edge_state::erase(const erase_session& asked) {
  if (auto refused = refusal())
    return asked.answer(std::move(refused));
  auto then = [this, asked](caf::expected<session_answer> session) {
    if (!session)
      return asked.answer(std::move(session.error()));
    if (!may_see(session->origin.user, asked.asker))
      return asked.answer(no_such_session());
    auto told = [this, id = session->id, answer = asked.answer](caf::expected<log_position> where) {
      if (!where)
        return answer(std::move(where.error()));
      forget(id); // what follows here is as if the event were there: it will be
      answer({});
    };
    send_brief({session->id.value, *session, asked.traceparent},
               events::session::command{events::session::erase_session{asked.reason}}, std::move(told));
  };
  if (auto known = parts_.cache->find(asked.id, parts_.clock->now()))
    return then(std::move(*known));
  search_for(find_session{asked.id, std::move(then)});
}

// Whoever waits for it here is told that there is no such session.
void edge_state::forget(const events::session_id& id) {
  parts_.cache->put_erased(id);
  waiting_.fail(id, erased_session());
  watchers_->end(id);
  desk_->forget(id, erased_session());
}

void edge_state::read_erasure(const ports::log_record& record) {
  auto id = events::session_id::parse(record.key);
  if (!id || !record.value)
    return;
  if (auto decoded = events::decode_event(*record.value); !decoded) {
    parts_.logger->error("an erasure cannot be read",
                         {{"session_id", record.key}, {"error", events::describe(decoded.error())}});
    return;
  }
  forget(*id);
}

} // namespace sonicmatch::actors
