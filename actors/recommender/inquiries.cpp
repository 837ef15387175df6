// Asking the language model for what is open.

#include "actors/language_model/prompt.hpp"
#include "actors/recommender/partition_owner.hpp"
#include "actors/recommender/question.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

namespace journal = events::language_model;
namespace record = events::record;
using stage = inquiry::stage;

/// The longest text of a model or provider that goes into an event.
constexpr std::size_t reply_size_max = 256u << 10;

journal::fact fact_of(const language_model::reply& from, const events::call_id& call, int attempt,
                      journal::purpose purpose, const language_model::model_card& model,
                      std::chrono::milliseconds latency) {
  journal::language_model_reply_recorded out;
  out.call = call;
  out.attempt = attempt;
  out.purpose = purpose;
  out.provider = record::name_of(model.provider);
  out.model = from.model.empty() ? model.id : from.model;
  out.prompt_version = language_model::prompt_version;
  out.response_id = from.response_id;
  out.request_id = from.request_id;
  out.stopped = record::name_of(from.stopped);
  out.reply = from.text.substr(0, reply_size_max);
  out.usage = from.usage;
  if (auto cost = cost_of(model, from.usage))
    out.cost_micro_usd = cost->value;
  out.latency_ms = std::max<std::int64_t>(latency.count(), 0);
  return out;
}

journal::fact fact_of(const language_model::call_failure& from, const events::call_id& call, int attempt,
                      journal::purpose purpose, const language_model::model_card& model,
                      std::chrono::milliseconds latency) {
  journal::language_model_call_failed out;
  out.call = call;
  out.attempt = attempt;
  out.purpose = purpose;
  out.provider = record::name_of(model.provider);
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
  out.latency_ms = std::max<std::int64_t>(latency.count(), 0);
  return out;
}

} // namespace

void partition_owner_state::inquire(const events::stream_id& id, open_request& request) {
  auto& asking = request.inquiry;
  auto now = parts_.clock->now();
  const auto& policy = parts_.model->policy;
  if (asking.at == stage::admission && now >= give_up_time(request.deadline(), policy)) {
    forget_inquiry(id, request);
    asking.refused = "deadline_exceeded";
  }
  if (asking.at != stage::idle)
    return;
  if (!asking.question) {
    auto& prompts = *parts_.model->prompts;
    if (const auto* of_session = std::get_if<events::session::state>(&request.state))
      asking.question = prepare_recommendation(*of_session, parts_.catalog->newest(), prompts, now);
    else
      asking.question = prepare_explanation(std::get<events::explanation::state>(request.state), prompts);
  }
  if (!request.is_explanation() && asking.question->candidates.empty())
    return conclude(id, request, {}); // there is nothing to ask: what to relax is known
  if (asking.answer_of_another || asking.refused)
    return conclude(id, request, asking.refused.value_or(""));
  auto next = deliberate(request.calls(), situation_of(request), policy, request.deadline(), now);
  if (next.does == next_step::kind::call)
    ask_admission_for(id, request, next.purpose);
  else if (next.does == next_step::kind::conclude)
    conclude(id, request, next.reason);
}

call_situation partition_owner_state::situation_of(open_request& request) {
  call_situation out;
  out.is_awaited = request.is_awaited;
  const auto* newest = request.calls().newest();
  if (newest == nullptr)
    return out;
  out.is_under_way = calls_.contains(newest->id);
  if (!newest->outcome)
    return out;
  if (const auto* replied = std::get_if<journal::language_model_reply_recorded>(&*newest->outcome)) {
    if (request.inquiry.judged != newest->id)
      judge(request, *replied);
    const auto& judgement = *request.inquiry.newest;
    out.is_clean = judgement.reasons.empty();
    out.may_repair = judgement.stopped != language_model::stop_reason::refusal;
    out.fault = fault_of(judgement);
    return out;
  }
  if (request.inquiry.retry_is_for != newest->id)
    draw_retry(request);
  out.retry_at = request.inquiry.retry_at;
  return out;
}

void partition_owner_state::judge(open_request& request,
                                  const journal::language_model_reply_recorded& replied) {
  auto& asking = request.inquiry;
  asking.newest = judge_reply(*asking.question, replied, request.is_explanation());
  asking.judged = replied.call;
  if (!asking.best || asking.newest->reasons.empty() || worth_of(*asking.newest) > worth_of(*asking.best))
    asking.best = asking.newest;
}

void partition_owner_state::draw_retry(open_request& request) {
  auto& asking = request.inquiry;
  auto random = parts_.model->entropy->draw();
  auto chance = static_cast<double>(random[0] * 256 + random[1]) / 65'536.0;
  asking.retry_is_for = request.calls().newest()->id;
  asking.retry_at = retry_time(request.calls(), parts_.model->policy, chance, parts_.clock->now());
}

// -- a call -----------------------------------------------------------------------

void partition_owner_state::ask_admission_for(const events::stream_id& id, open_request& request,
                                              journal::purpose purpose) {
  auto& asking = request.inquiry;
  asking.at = stage::admission;
  asking.next = purpose;
  auto is_first = request.calls().calls().empty();
  asking.asks_for_others = asking.asks_for_others || is_first;
  auto call = events::call_id_of(events::command_id{request.command.value},
                                 static_cast<unsigned>(request.calls().calls().size()));
  const auto& settings = parts_.model->prompts->provider().settings();
  caf::anon_send(parts_.model->gateway,
                 ask_admission{caf::actor_cast<partition_owner>(self_), generation_, id, partition_, call,
                               is_first ? asking.question->hash : std::string{},
                               cost_max_of(*asking.question, settings),
                               give_up_time(request.deadline(), parts_.model->policy)});
}

void partition_owner_state::admitted(const call_admitted& verdict) {
  auto* request = verdict.generation == generation_ ? requests_.find(verdict.stream) : nullptr;
  auto is_wanted = request != nullptr && phase_ == phase::owning && !request->ending
                   && request->inquiry.at == stage::admission;
  if (!is_wanted) {
    if (verdict.says == call_admitted::verdict::granted)
      caf::anon_send(parts_.model->gateway,
                     withdraw{caf::actor_cast<partition_owner>(self_), verdict.stream});
    return;
  }
  auto& asking = request->inquiry;
  if (verdict.says == call_admitted::verdict::granted) {
    start_call(verdict.stream, *request);
  } else {
    asking.at = stage::idle;
    asking.asks_for_others = false;
    if (verdict.says == call_admitted::verdict::answered)
      asking.answer_of_another = verdict.answer;
    else
      asking.refused = verdict.reason;
    advance(verdict.stream, *request);
  }
  send_outbox();
}

// The call is made once the log knows of it, so that it is never made in secret.
void partition_owner_state::start_call(const events::stream_id& id, open_request& request) {
  auto& asking = request.inquiry;
  auto now = parts_.clock->now();
  const auto& settings = parts_.model->prompts->provider().settings();
  journal::start_call wanted;
  wanted.purpose = asking.next;
  wanted.provider = record::name_of(settings.model.provider);
  wanted.model = settings.model.id;
  wanted.prompt_version = language_model::prompt_version;
  wanted.request_hash = asking.question->hash;
  wanted.deadline =
    std::min(now + parts_.model->policy.timeout, give_up_time(request.deadline(), parts_.model->policy));
  wanted.reserved = cost_max_of(*asking.question, settings);
  auto happened = std::visit(
    [&](const auto& current) { return decide(current, wanted, events::command_id{request.command.value}); },
    request.state);
  if (!happened)
    return forget_inquiry(id, request);
  asking.at = stage::starting;
  append_call_started(id, request, *happened, now);
}

void partition_owner_state::send_call(const events::stream_id& id, open_request& request) {
  auto& asking = request.inquiry;
  if (asking.at != stage::starting || request.ending)
    return;
  asking.at = stage::calling;
  const auto& newest = *request.calls().newest();
  calls_.emplace(newest.id, call_under_way{head_of(request, id), id, newest.attempt, newest.purpose});
  auto reasons = asking.newest ? asking.newest->reasons : std::vector<std::string>{};
  auto said = turns_of(*asking.question, newest.purpose, request.calls(), reasons);
  auto wanted = parts_.model->prompts->provider().request_of(asking.question->opening, said);
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(newest.deadline - parts_.clock->now());
  wanted.timeout = std::max(left, std::chrono::milliseconds{1});
  caf::anon_send(parts_.model->gateway,
                 make_call{caf::actor_cast<partition_owner>(self_), id, newest.id, std::move(wanted)});
  if (phase_ == phase::handing_off) // others who wait for the answer shall not wait for the next owner
    forget_inquiry(id, request);
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
      return fact_of(each, report.call, call.attempt, call.purpose, model, report.latency);
    },
    report.outcome);
  record(std::move(call.head), call.stream, std::move(happened));
  send_outbox();
  if (phase_ == phase::finishing)
    end_when_calls_have_ended();
}

// -- what it brought ----------------------------------------------------------------

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

// Its call goes on, if one is being made.
void partition_owner_state::forget_inquiry(const events::stream_id& id, open_request& request) {
  if (!parts_.model)
    return;
  auto at = std::exchange(request.inquiry.at, stage::idle);
  if (at == stage::admission || at == stage::starting || request.inquiry.asks_for_others)
    caf::anon_send(parts_.model->gateway, withdraw{caf::actor_cast<partition_owner>(self_), id});
  request.inquiry.asks_for_others = false;
}

} // namespace sonicmatch::actors
