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

void edge_state::submit(const submit_recommendation& asked) {
  if (auto refused = refusal())
    return asked.answer(std::move(refused));
  if (waiting_.size() >= parts_.settings.waiting_max)
    return asked.answer(make_error(errc::overloaded, "too many requests are waiting"));
  auto now = parts_.clock->now();
  events::session_id id{events::uuid_v7(now, parts_.entropy->draw())};
  events::session::command command = events::session::request_recommendation{
    asked.preferences, asked.max_results, now + parts_.settings.command_deadline};
  events::stream_origin origin{asked.user, std::nullopt};
  waiting_.emplace(id, waiting_request{asked.answer, asked.wait, now, origin});
  deadlines_.push_back({give_up_at(now), id});
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
  auto found = waiting_.find(report.id);
  if (found == waiting_.end())
    return; // its session has ended already, or its deadline has passed
  if (!report.where)
    return finish(report.id, report.where.error());
  parts_.cache->put_issued(report.id, found->second.origin, found->second.created_at, parts_.clock->now());
  if (!found->second.wait)
    finish(report.id, pending_answer(report.id, found->second.origin, found->second.created_at));
}

void edge_state::finish(const events::session_id& id, caf::expected<session_answer> answer) {
  auto found = waiting_.find(id);
  if (found == waiting_.end())
    return;
  auto respond = std::move(found->second.answer);
  waiting_.erase(found);
  respond(std::move(answer));
  finish_drain_when_idle();
}

void edge_state::expire_requests(events::timestamp now) {
  for (; !deadlines_.empty() && deadlines_.front().at <= now; deadlines_.pop_front()) {
    auto id = deadlines_.front().id;
    auto found = waiting_.find(id);
    if (found == waiting_.end())
      continue;
    // Durable and not done: the work goes on. Not even durable: nobody knows.
    if (auto known = parts_.cache->find(id, now))
      finish(id, std::move(*known));
    else
      finish(id, make_error(errc::log_unavailable, "Kafka has not confirmed the command in time"));
  }
}

} // namespace sonicmatch::actors
