// Commands that open nothing: one event, and they are done with.

#include "actors/recommender/partition_owner.hpp"

namespace sonicmatch::actors {

using stage = inquiry::stage;

void partition_owner_state::record_feedback(const open_request& from, const command_ledger::entry& entry,
                                            const events::message<events::log_command>& asked) {
  const auto& wanted =
    std::get<events::feedback::record_feedback>(std::get<events::feedback::command>(asked.body));
  events::stream_id id{wanted.id.value};
  auto offset = entry.offset;
  ledger_.take();
  requests_.close(id); // a repeat is known by it
  for (const auto& happened : decide(events::feedback::state{}, wanted))
    append_alone(id, from, happened, asked.head.time, offset);
}

// Whether the session is known here does not matter: most are erased long after they
// ended. One that is open ends by it, and so do its explanations.
void partition_owner_state::erase(const open_request& from, const command_ledger::entry& entry,
                                  const events::message<events::log_command>& asked) {
  const auto& wanted =
    std::get<events::session::erase_session>(std::get<events::session::command>(asked.body));
  events::session::state known;
  if (requests_.is_erased(from.session))
    known.status = events::session::status::erased;
  auto offset = entry.offset;
  ledger_.take();
  auto decided = decide(known, wanted);
  if (decided.empty())
    return ledger_.done(offset, std::nullopt); // a repeat
  abandon(from.session);
  for (const auto& happened : decided)
    append_alone({from.session.value}, from, happened, asked.head.time, offset);
}

// Nothing more is decided for what is open of the session. A call whose beginning is on
// its way to the log stays until it is there, so that its outcome is recorded: not made.
void partition_owner_state::abandon(const events::session_id& session) {
  std::vector<events::stream_id> gone;
  for (auto& [id, request] : requests_.all()) {
    if (request.session != session || request.ending)
      continue;
    if (request.inquiry.at == stage::starting) {
      request.ending = true;
      request.is_erased = true;
      continue;
    }
    forget_inquiry(id, request);
    gone.push_back(id);
  }
  for (const auto& id : gone)
    close(id);
  requests_.erase(session);
}

void partition_owner_state::close(const events::stream_id& id) {
  if (!requests_.close(id))
    return; // its session was erased meanwhile
  parts_.open_limit->leave();
  --entered_;
}

} // namespace sonicmatch::actors
