#include "actors/recommender/open_sessions.hpp"

namespace sonicmatch::actors {

void open_sessions::replay(const ports::log_record& record, events::claim_fence& fence) {
  auto type = record.header_value(events::headers::type);
  if (type == events::partition::partition_claimed::type_name)
    return fence.claimed(record.offset);
  auto claim = events::parse_offset(record.header_value(events::headers::claim));
  auto id = events::session_id::parse(record.key);
  if (!id || !record.value || type == events::partition::partition_handed_off::type_name
      || !fence.admits(claim))
    return;
  if (type == events::session::recommendation_requested::type_name)
    replay_requested(record, *id);
  else if (type == events::session::recommendation_completed::type_name
           || type == events::session::recommendation_failed::type_name)
    close(*id);
}

void open_sessions::replay_requested(const ports::log_record& record, const events::session_id& id) {
  auto decoded = events::decode_event(*record.value);
  if (!decoded || !decoded->head.sequence || has_ended(id))
    return;
  const auto* happened = std::get_if<events::session::event>(&decoded->body);
  if (happened == nullptr || !decoded->head.causationid)
    return;
  open_session fresh;
  fresh.state = events::session::evolve({}, *happened, {*decoded->head.sequence}, decoded->head.time);
  fresh.command = *decoded->head.causationid;
  fresh.correlation = decoded->head.correlationid;
  fresh.traceparent = decoded->head.traceparent;
  fresh.requested = record.offset;
  open(id, std::move(fresh));
}

open_session& open_sessions::open(const events::session_id& id, open_session fresh) {
  return open_.try_emplace(id, std::move(fresh)).first->second;
}

void open_sessions::close(const events::session_id& id) {
  open_.erase(id);
  if (!ended_.insert(id).second)
    return;
  ended_in_order_.push_back(id);
  if (ended_in_order_.size() > ended_max) {
    ended_.erase(ended_in_order_.front());
    ended_in_order_.pop_front();
  }
}

open_session* open_sessions::find(const events::session_id& id) {
  auto found = open_.find(id);
  return found == open_.end() ? nullptr : &found->second;
}

std::optional<log_offset> open_sessions::lowest_requested() const {
  std::optional<log_offset> out;
  for (const auto& [id, session] : open_)
    if (session.requested && (!out || *session.requested < *out))
      out = session.requested;
  return out;
}

} // namespace sonicmatch::actors
