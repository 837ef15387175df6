// The edge's requests for recommendations: from a command to its session's end.

#include "actors/edge/edge.hpp"
#include "actors/ownership.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

using events::errc;
using events::make_error;

caf::error edge_state::refusal() const {
  if (draining_)
    return make_error(errc::shutting_down, "the process is stopping");
  if (!tails_started_)
    return make_error(errc::log_unavailable, "the edge is starting");
  return {};
}

events::timestamp edge_state::give_up_at(events::timestamp now) const {
  return std::min(now + parts_.settings.sync_timeout, answer_by_);
}

session_waiter edge_state::waiter_of(const submit_recommendation& asked, events::timestamp now,
                                     std::optional<std::string> request_hash) const {
  auto latest = give_up_at(now);
  if (asked.wait_max)
    latest = std::min(latest, now + *asked.wait_max);
  return {asked.answer, asked.wait, latest, std::move(request_hash)};
}

void edge_state::submit(const submit_recommendation& asked) {
  if (auto refused = refusal())
    return asked.answer(std::move(refused));
  if (waiting_.size() >= parts_.settings.waiting_max)
    return asked.answer(make_error(errc::overloaded, "too many requests are waiting"));
  if (asked.idempotency_key)
    return submit_keyed(asked);
  open({events::uuid_v7(parts_.clock->now(), parts_.entropy->draw())}, asked, std::nullopt);
}

void edge_state::open(const events::session_id& id, const submit_recommendation& asked,
                      std::optional<std::string> request_hash) {
  auto now = parts_.clock->now();
  events::stream_origin origin{asked.user, request_hash};
  events::session::command command = events::session::request_recommendation{
    asked.preferences, asked.max_results, now + parts_.settings.command_deadline};
  waiting_.open(id, origin, now, waiter_of(asked, now, std::move(request_hash)));
  schedule_tick(tick_interval);
  auto head = new_envelope(id.value, id, asked.traceparent, now);
  head.set_origin(origin);
  append(std::move(head), std::move(command),
         [me = caf::actor_cast<edge>(self_), id](caf::expected<log_position> where) {
           caf::anon_send(me, command_delivered{id, std::move(where)});
         });
}

events::envelope edge_state::new_envelope(const events::uuid& stream, const events::session_id& session,
                                          const std::string& traceparent, events::timestamp now) {
  events::envelope head;
  head.id = {events::uuid_v7(now, parts_.entropy->draw())};
  head.source = parts_.settings.source;
  head.subject = to_string(stream);
  head.time = now;
  head.correlationid = {stream};
  head.partitionkey = to_string(session);
  if (!traceparent.empty())
    head.traceparent = traceparent;
  return head;
}

void edge_state::append(events::envelope head, const events::log_command& command,
                        ports::log_producer::delivered on_delivery) {
  auto type = std::visit([](const auto& each) { return events::type_of(each); }, command);
  ports::new_record record{
    .topic = std::string{events::topics::commands},
    .partition = events::partition_of(head.partitionkey, parts_.settings.partition_count),
    .key = head.partitionkey,
    .value = {},
    .headers = {{std::string{events::headers::content_type}, std::string{events::cloudevents_content_type}},
                {std::string{events::headers::type}, std::string{type}}}};
  if (head.subject != head.partitionkey)
    record.headers.emplace_back(events::headers::stream, head.subject);
  write_origin(record.headers, head.origin());
  record.value = std::visit([&](const auto& each) { return events::encode(std::move(head), each); }, command);
  parts_.producer->append(std::move(record), std::move(on_delivery));
}

void edge_state::delivered(const command_delivered& report) {
  if (auto issued = waiting_.delivered(report))
    parts_.cache->put_issued(report.id, issued->origin, issued->created_at, parts_.clock->now());
  finish_drain_when_idle();
}

} // namespace sonicmatch::actors
