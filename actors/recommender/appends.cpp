// What the owner of a partition writes to the log, and what comes of it.

#include "actors/ownership.hpp"
#include "actors/recommender/partition_owner.hpp"
#include "events/codec.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

namespace journal = events::language_model;

/// How often a finishing owner tries to record what its last calls brought.
constexpr int records_tried_max = 3;

std::string subject_of(partition_id partition) {
  return "partition/" + to_string(partition);
}

std::string_view type_of(const journal::fact& happened) {
  return std::visit([](const auto& each) { return std::decay_t<decltype(each)>::type_name; }, happened);
}

journal::event event_of(const journal::fact& happened) {
  return std::visit([](const auto& each) { return journal::event{each}; }, happened);
}

int attempt_of(const journal::fact& happened) {
  return std::visit([](const auto& each) { return each.attempt; }, happened);
}

/// The record of an event of the stream `id` under the key in `head`; its value is set
/// by who encodes it.
ports::new_record record_of(partition_id partition, const events::envelope& head, std::string_view type) {
  ports::new_record out{
    .topic = std::string{events::topics::events},
    .partition = partition,
    .key = head.partitionkey,
    .value = {},
    .headers = {{std::string{events::headers::content_type}, std::string{events::cloudevents_content_type}},
                {std::string{events::headers::type}, std::string{type}}}};
  if (head.claim)
    out.headers.emplace_back(events::headers::claim, *head.claim);
  if (head.sequence)
    out.headers.emplace_back(events::headers::sequence, std::to_string(*head.sequence));
  if (head.subject != head.partitionkey)
    out.headers.emplace_back(events::headers::stream, head.subject);
  write_origin(out.headers, head.origin());
  return out;
}

} // namespace

events::envelope partition_owner_state::head_of(const open_request& request,
                                                const events::stream_id& id) const {
  events::envelope head;
  head.source = parts_.settings.source;
  head.subject = to_string(id);
  head.correlationid = request.correlation;
  head.causationid = request.command;
  head.partitionkey = to_string(request.session);
  head.traceparent = request.traceparent;
  head.set_origin(request.origin);
  return head;
}

template <class Event>
void partition_owner_state::append_event(const events::stream_id& id, open_request& request,
                                         const Event& happened, events::timestamp time, log_offset command) {
  auto version = request.version().next();
  auto type = events::type_of(happened);
  auto head = head_of(request, id);
  head.id = {events::event_id_of(events::command_id{request.command.value}, type).value};
  head.time = time;
  head.sequence = version.value;
  head.claim = to_string(token_);
  request.apply(happened, version, time);
  auto record = record_of(partition_, head, type);
  record.value = events::encode(std::move(head), happened);
  auto kind = is_terminal(happened) ? appended_kind::terminal : appended_kind::requested;
  append(std::move(record), {generation_, kind, id, command, log_position{}, {}});
}

template void partition_owner_state::append_event(const events::stream_id&, open_request&,
                                                  const events::session::event&, events::timestamp,
                                                  log_offset);
template void partition_owner_state::append_event(const events::stream_id&, open_request&,
                                                  const events::explanation::event&, events::timestamp,
                                                  log_offset);

// The only event of its stream, or a fact: no request is kept open for it.
template <class Event>
void partition_owner_state::append_alone(const events::stream_id& id, const open_request& from,
                                         const Event& happened, events::timestamp time, log_offset command) {
  constexpr auto is_decision = std::is_same_v<Event, events::feedback::event>;
  auto type = events::type_of(happened);
  auto head = head_of(from, id);
  head.id = {events::event_id_of(events::command_id{from.command.value}, type).value};
  head.time = time;
  if (is_decision)
    head.sequence = 1;
  head.claim = to_string(token_);
  auto record = record_of(partition_, head, type);
  record.value = events::encode(std::move(head), happened);
  append(std::move(record), {generation_, appended_kind::noted, id, command, log_position{}, {}});
}

template void partition_owner_state::append_alone(const events::stream_id&, const open_request&,
                                                  const events::feedback::event&, events::timestamp,
                                                  log_offset);
template void partition_owner_state::append_alone(const events::stream_id&, const open_request&,
                                                  const events::session::fact&, events::timestamp,
                                                  log_offset);

void partition_owner_state::append_call_started(const events::stream_id& id, open_request& request,
                                                const journal::language_model_call_started& happened,
                                                events::timestamp time) {
  auto version = request.version().next();
  auto head = head_of(request, id);
  head.id = {events::event_id_of(events::command_id{request.command.value}, happened.type_name,
                                 static_cast<unsigned>(happened.attempt - 1))
               .value};
  head.time = time;
  head.sequence = version.value;
  head.claim = to_string(token_);
  request.apply(happened, version);
  request.is_awaited = false;
  auto record = record_of(partition_, head, happened.type_name);
  record.value = events::encode(std::move(head), journal::event{happened});
  append(std::move(record),
         {generation_, appended_kind::call_started, id, {}, log_position{}, happened.call});
}

// A fact carries its writer's claim, for people; nobody is fenced by it.
void partition_owner_state::append_fact(const unrecorded_fact& each) {
  auto type = type_of(each.fact);
  auto head = each.head;
  head.id = {events::event_id_of(events::command_id{head.causationid->value}, type,
                                 static_cast<unsigned>(attempt_of(each.fact) - 1))
               .value};
  head.claim = to_string(token_);
  auto record = record_of(partition_, head, type);
  record.value = events::encode(std::move(head), event_of(each.fact));
  append(std::move(record),
         {generation_, appended_kind::fact, each.stream, {}, log_position{}, call_of(each.fact)});
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
  auto record = record_of(partition_, head, type);
  record.value = events::encode(std::move(head), happened);
  parts_.producer->append(std::move(record), std::move(on_delivery));
}

void partition_owner_state::append(ports::new_record record, record_appended report) {
  ++outstanding_;
  outbox_.emplace_back(std::move(record), [me = caf::actor_cast<partition_owner>(self_),
                                           report = std::move(report)](caf::expected<log_position> where) {
    auto told = report;
    told.where = std::move(where);
    caf::anon_send(me, std::move(told));
  });
}

// What one message led to goes to the producer in one go, so that it travels in one
// request: a request costs the broker more than the records in it.
void partition_owner_state::send_outbox() {
  for (auto& [record, on_delivery] : outbox_)
    parts_.producer->append(std::move(record), std::move(on_delivery));
  outbox_.clear();
}

// -- what comes of it -----------------------------------------------------------

void partition_owner_state::appended(const record_appended& report) {
  if (report.generation != generation_)
    return;
  if (!report.where)
    return lost_to_another(report.where.error());
  if (phase_ == phase::finishing) // what is written now are facts, and the next owner writes too
    return settle(report);
  if (gap_end_)
    return deferred_.push_back(report);
  if (report.kind != appended_kind::dead_letter && report.where->offset != acknowledged_)
    return inspect_gap(report);
  settle(report);
}

// Only the owner appends decisions here, so an offset that is not the next one means
// that somebody else has appended too: the owner before, who records what its last
// calls brought; garbage; or a process that owns the partition by now, whose claim
// makes void what follows it here. The records are read before anything is believed.
void partition_owner_state::inspect_gap(const record_appended& report) {
  if (report.where->offset < acknowledged_)
    return lost_to_another(
      events::make_error(events::errc::log_unavailable, "the log is shorter than it was"));
  gap_end_ = report.where->offset;
  deferred_.push_back(report);
  follow_events(acknowledged_);
}

void partition_owner_state::inspected() {
  acknowledged_ = *std::exchange(gap_end_, std::nullopt);
  auto waiting = std::exchange(deferred_, {});
  auto generation = generation_;
  while (!waiting.empty() && generation == generation_) {
    auto report = std::move(waiting.front());
    waiting.pop_front();
    appended(report); // may find another gap, and defers the rest then
  }
}

void partition_owner_state::settle(const record_appended& report) {
  --outstanding_;
  if (report.kind != appended_kind::dead_letter)
    acknowledged_ = report.where->offset.next();
  auto* request = requests_.find(report.stream);
  switch (report.kind) {
  case appended_kind::dead_letter:
    ledger_.done(report.command, std::nullopt);
    break;
  case appended_kind::requested:
    ledger_.done(report.command, report.where->offset);
    if (request != nullptr) {
      request->requested = report.where->offset;
      if (phase_ == phase::owning)
        advance(report.stream, *request);
    }
    break;
  case appended_kind::noted:
    ledger_.done(report.command, report.where->offset);
    break;
  case appended_kind::call_started:
    if (request != nullptr)
      send_call(report.stream, *request);
    break;
  case appended_kind::fact:
    unrecorded_.erase(report.call);
    break;
  case appended_kind::terminal:
    close(report.stream);
    break;
  case appended_kind::hand_off:
    hand_off_appended_ = true;
    break;
  }
  if (phase_ == phase::handing_off)
    return finish_hand_off_when_idle();
  if (phase_ == phase::finishing)
    return end_when_calls_have_ended();
  take_up();
}

// What is in the log is not known any more. Who owns asks it; who lets go leaves it to
// the next owner, whose claim settles it.
void partition_owner_state::lost_to_another(const caf::error& reason) {
  if (phase_ != phase::handing_off && phase_ != phase::finishing)
    return reclaim(reason);
  forget_appends();
  if (phase_ == phase::handing_off) {
    forget_inquiries(); // a call whose beginning is not in the log is not made
    owned_to_the_end_ = false;
    hand_off_appended_ = true;
    return finish_hand_off_when_idle();
  }
  if (++failed_records_ <= records_tried_max) {
    record_what_is_not();
  } else {
    parts_.logger->error("outcomes of the language model's calls could not be recorded",
                         {{"partition", to_string(partition_)},
                          {"calls", std::to_string(unrecorded_.size())},
                          {"error", events::describe(reason)}});
    unrecorded_.clear();
  }
  send_outbox();
  end_when_calls_have_ended();
}

} // namespace sonicmatch::actors
