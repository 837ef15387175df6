// What the owner of a partition writes to the log, and what comes of it.

#include "actors/recommender/partition_owner.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

std::string subject_of(partition_id partition) {
  return "partition/" + to_string(partition);
}

} // namespace

void partition_owner_state::append_event(const events::session_id& id, open_session& session,
                                         const events::session::event& happened, events::timestamp time,
                                         log_offset command) {
  auto version = session.state.version.next();
  auto type = events::type_of(happened);
  events::envelope head;
  head.id = {events::event_id_of(events::command_id{session.command.value}, type).value};
  head.source = parts_.settings.source;
  head.subject = to_string(id);
  head.time = time;
  head.sequence = version.value;
  head.correlationid = session.correlation;
  head.causationid = session.command;
  head.partitionkey = head.subject;
  head.traceparent = session.traceparent;
  head.claim = to_string(token_);
  session.state = evolve(std::move(session.state), happened, version, time);

  ports::new_record record{
    .topic = std::string{events::topics::events},
    .partition = partition_,
    .key = head.subject,
    .value = {},
    .headers = {{std::string{events::headers::content_type}, std::string{events::cloudevents_content_type}},
                {std::string{events::headers::type}, std::string{type}},
                {std::string{events::headers::claim}, *head.claim},
                {std::string{events::headers::sequence}, std::to_string(version.value)}}};
  record.value = events::encode(std::move(head), happened);
  auto kind = events::session::is_terminal(happened) ? appended_kind::terminal : appended_kind::requested;
  append(std::move(record), kind, id, command);
}

void partition_owner_state::append_partition_event(
  const events::partition::event& happened, std::function<void(caf::expected<log_position>)> on_delivery) {
  auto now = parts_.clock->now();
  auto type = events::type_of(happened);
  events::envelope head;
  // Unlike a decision, a claim is another event each time, so its id is made of its moment too.
  auto name = parts_.settings.owner + "/" + events::to_string(now) + "/" + std::to_string(generation_);
  head.id = {events::uuid_v5({}, name + "/" + std::string{type})};
  head.source = parts_.settings.source;
  head.subject = subject_of(partition_);
  head.time = now;
  head.correlationid = {head.id.value};
  head.partitionkey = head.subject;
  if (type == events::partition::partition_handed_off::type_name)
    head.claim = to_string(token_);
  ports::new_record record{
    .topic = std::string{events::topics::events},
    .partition = partition_,
    .key = head.subject,
    .value = {},
    .headers = {{std::string{events::headers::content_type}, std::string{events::cloudevents_content_type}},
                {std::string{events::headers::type}, std::string{type}}}};
  record.value = events::encode(std::move(head), happened);
  parts_.producer->append(std::move(record), std::move(on_delivery));
}

void partition_owner_state::append(ports::new_record record, appended_kind kind,
                                   const events::session_id& session, log_offset command) {
  ++outstanding_;
  outbox_.emplace_back(std::move(record), [me = caf::actor_cast<partition_owner>(self_),
                                           generation = generation_, kind, session,
                                           command](caf::expected<log_position> where) {
    caf::anon_send(me, record_appended{generation, kind, session, command, std::move(where)});
  });
}

// What one message led to goes to the producer in one go, so that it travels in one
// request: a request costs the broker more than the records in it.
void partition_owner_state::send_outbox() {
  for (auto& [record, on_delivery] : outbox_)
    parts_.producer->append(std::move(record), std::move(on_delivery));
  outbox_.clear();
}

// Only the owner appends decisions here, so an offset that is not the next one means
// that somebody else has appended too: garbage, or a process that was paused and still
// believes it owns the partition. If that was a claim, what follows it here is void;
// the rebuild finds out, and nothing from here on is committed before it has.
void partition_owner_state::found_foreign_record(log_offset at) {
  auto reason = events::make_error(events::errc::log_unavailable,
                                   "somebody else's records stand before offset " + to_string(at));
  if (phase_ != phase::handing_off)
    return reclaim(reason);
  owned_to_the_end_ = false;
  hand_off_appended_ = true;
  ++generation_;
  outstanding_ = 0;
  finish_hand_off_when_idle();
}

void partition_owner_state::appended(const record_appended& report) {
  if (report.generation != generation_)
    return;
  if (!report.where) {
    if (phase_ != phase::handing_off)
      return reclaim(report.where.error());
    hand_off_appended_ = true; // nothing more will come of this; the next owner's claim settles it
    ++generation_;
    outstanding_ = 0;
    return finish_hand_off_when_idle();
  }
  if (report.kind != appended_kind::dead_letter && report.where->offset != acknowledged_)
    return found_foreign_record(report.where->offset);
  --outstanding_;
  if (report.kind != appended_kind::dead_letter)
    acknowledged_ = report.where->offset.next();
  if (report.kind == appended_kind::dead_letter) {
    ledger_.done(report.command, std::nullopt);
  } else if (report.kind == appended_kind::requested) {
    ledger_.done(report.command, report.where->offset);
    if (auto* session = sessions_.find(report.session)) {
      session->requested = report.where->offset;
      if (phase_ == phase::owning)
        conclude(report.session, *session);
    }
  } else if (report.kind == appended_kind::terminal) {
    sessions_.close(report.session);
    parts_.open_limit->leave();
    --entered_;
  } else {
    hand_off_appended_ = true;
  }
  if (phase_ == phase::handing_off)
    return finish_hand_off_when_idle();
  take_up();
}

} // namespace sonicmatch::actors
