// What calls of the language model brought, from the gateway into the log.

#include "actors/language_model/failure.hpp"
#include "actors/language_model/prompt.hpp"
#include "actors/recommender/partition_owner.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

namespace journal = events::language_model;
using stage = inquiry::stage;

/// The longest reply that goes into an event, bytes.
constexpr std::size_t reply_size_max = 256u << 10;

journal::fact fact_of(const language_model::reply& from, const events::call_id& call, int attempt,
                      journal::purpose purpose, const language_model::model_card& model,
                      std::chrono::milliseconds latency, events::micro_dollars) {
  journal::language_model_reply_recorded out;
  out.call = call;
  out.attempt = attempt;
  out.purpose = purpose;
  out.provider = events::record::name_of(model.provider);
  out.model = from.model.empty() ? model.id : from.model;
  out.prompt_version = language_model::prompt_version;
  out.response_id = from.response_id;
  out.request_id = from.request_id;
  out.stopped = events::record::name_of(from.stopped);
  out.reply = language_model::beginning_of(from.text, reply_size_max);
  out.usage = from.usage;
  if (auto cost = cost_of(model, from.usage))
    out.cost_micro_usd = cost->value;
  out.latency_ms = std::max<std::int64_t>(latency.count(), 0);
  return out;
}

journal::fact fact_of(const language_model::call_failure& from, const events::call_id& call, int attempt,
                      journal::purpose purpose, const language_model::model_card& model,
                      std::chrono::milliseconds latency, events::micro_dollars cost_max) {
  journal::language_model_call_failed out;
  out.call = call;
  out.attempt = attempt;
  out.purpose = purpose;
  out.provider = events::record::name_of(model.provider);
  out.model = model.id;
  out.prompt_version = language_model::prompt_version;
  out.code = from.code;
  out.detail = from.detail;
  out.http_status = from.http_status;
  out.request_id = from.request_id;
  out.retriable = from.retriable;
  if (from.retry_after)
    out.retry_after_ms = from.retry_after->count();
  out.may_have_been_billed = from.may_have_been_billed;
  if (from.may_have_been_billed)
    out.cost_max_micro_usd = cost_max.value;
  out.latency_ms = std::max<std::int64_t>(latency.count(), 0);
  return out;
}

} // namespace

// Its beginning has taken too long to get into the log.
void partition_owner_state::give_call_up(const events::stream_id& id, open_request& request,
                                         call_under_way call) {
  language_model::call_failure late;
  late.code = "deadline_exceeded";
  late.detail = "the call's time was over before it could be made";
  auto happened = fact_of(late, request.calls().newest()->id, call.attempt, call.purpose,
                          parts_.model->prompts->provider().settings().model, {}, {});
  forget_inquiry(id, request);
  record(std::move(call.head), id, std::move(happened));
}

// Its session was erased while its beginning was on the way to the log.
void partition_owner_state::give_up_erased(const events::stream_id& id, open_request& request,
                                           call_under_way call) {
  language_model::call_failure unwanted;
  unwanted.code = to_string(events::errc::erased);
  unwanted.detail = "the session was erased before the call could be made";
  auto happened = fact_of(unwanted, request.calls().newest()->id, call.attempt, call.purpose,
                          parts_.model->prompts->provider().settings().model, {}, {});
  forget_inquiry(id, request);
  close(id);
  record(std::move(call.head), id, std::move(happened));
}

void partition_owner_state::ended(call_ended report) {
  auto known = calls_.find(report.call);
  if (known == calls_.end())
    return;
  auto call = std::move(known->second);
  calls_.erase(known);
  const auto& model = parts_.model->prompts->provider().settings().model;
  auto happened = std::visit(
    [&](const auto& each) {
      return fact_of(each, report.call, call.attempt, call.purpose, model, report.latency, call.cost_max);
    },
    report.outcome);
  if (auto* request = requests_.find(call.stream); request != nullptr && report.model_is_down)
    request->inquiry.refused = "breaker_open"; // nobody waits to be told so by the next try
  record(std::move(call.head), call.stream, std::move(happened));
  send_outbox();
  if (phase_ == phase::finishing)
    end_when_calls_have_ended();
}

void partition_owner_state::record(events::envelope head, const events::stream_id& stream,
                                   journal::fact happened) {
  head.time = parts_.clock->now();
  auto call = call_of(happened);
  auto& fresh =
    unrecorded_.insert_or_assign(call, unrecorded_fact{std::move(head), stream, std::move(happened)})
      .first->second;
  if (phase_ == phase::claiming || phase_ == phase::rebuilding)
    return; // once it owns; the log may hold it by then
  fresh.is_on_its_way = true;
  append_fact(fresh);
  auto* request = requests_.find(stream);
  if (request == nullptr)
    return;
  request->apply(fresh.fact);
  if (request->inquiry.at == stage::calling)
    request->inquiry.at = stage::idle;
  if (phase_ == phase::owning)
    advance(stream, *request);
}

void partition_owner_state::record_what_is_not() {
  for (auto& [call, each] : unrecorded_) {
    if (std::exchange(each.is_on_its_way, true))
      continue;
    append_fact(each);
    if (auto* request = requests_.find(each.stream))
      request->apply(each.fact);
  }
}

} // namespace sonicmatch::actors
