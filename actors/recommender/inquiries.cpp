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
  judge_new_replies(request);
  out.is_under_way = calls_.contains(newest->id);
  if (!newest->outcome)
    return out;
  const auto& asking = request.inquiry;
  if (const auto* judged = asking.find(newest->id)) {
    out.is_clean = judged->reasons.empty();
    out.may_repair = judged->stopped != language_model::stop_reason::refusal;
    out.fault = fault_of(*judged);
    return out;
  }
  if (asking.retry_is_for != newest->id)
    draw_retry(request);
  out.retry_at = asking.retry_at;
  return out;
}

// Those of an owner before included: what a repair is told, and what stands in for it
// when it fails, comes from the reply before.
void partition_owner_state::judge_new_replies(open_request& request) {
  auto& asking = request.inquiry;
  for (const auto& call : request.calls().calls()) {
    const auto* replied =
      call.outcome ? std::get_if<journal::language_model_reply_recorded>(&*call.outcome) : nullptr;
    if (replied != nullptr && asking.find(call.id) == nullptr)
      asking.replies.push_back(judge_reply(*asking.question, call, *replied, request.is_explanation()));
  }
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
  caf::anon_send(parts_.model->gateway,
                 ask_admission{caf::actor_cast<partition_owner>(self_), generation_, id, partition_, call,
                               is_first ? asking.question->hash : std::string{}, cost_max_of_next(request),
                               give_up_time(request.deadline(), parts_.model->policy)});
}

std::vector<language_model::turn> partition_owner_state::said_in_next(const open_request& request) const {
  const auto& asking = request.inquiry;
  auto reasons = asking.newest() ? asking.newest()->reasons : std::vector<std::string>{};
  return turns_of(*asking.question, asking.next, request.calls(), reasons);
}

events::micro_dollars partition_owner_state::cost_max_of_next(const open_request& request) const {
  return cost_max_of(*request.inquiry.question, said_in_next(request),
                     parts_.model->prompts->provider().settings());
}

void partition_owner_state::admitted(const call_admitted& told) {
  using enum call_admitted::verdict;
  auto* request = told.generation == generation_ ? requests_.find(told.stream) : nullptr;
  auto is_wanted = request != nullptr && phase_ == phase::owning && !request->ending
                   && request->inquiry.at == stage::admission;
  auto has_place = told.says == granted || told.says == trial;
  if (!is_wanted) {
    if (has_place)
      caf::anon_send(parts_.model->gateway,
                     withdraw{caf::actor_cast<partition_owner>(self_), told.generation, told.stream});
    return;
  }
  auto& asking = request->inquiry;
  asking.is_trial = told.says == trial;
  if (has_place) {
    start_call(told.stream, *request);
  } else {
    asking.at = stage::idle;
    // A first call that is not made is nobody's any more; one that goes on is still theirs.
    asking.asks_for_others = asking.asks_for_others && !request->calls().calls().empty();
    if (told.says == answered)
      asking.answer_of_another = told.answer;
    else
      asking.refused = told.reason;
    advance(told.stream, *request);
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
  wanted.reserved = cost_max_of_next(request);
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
  if (asking.at != stage::starting || (request.ending && !request.is_erased))
    return;
  const auto& newest = *request.calls().newest();
  call_under_way call{head_of(request, id), id, newest.attempt, newest.purpose, cost_max_of_next(request)};
  if (request.is_erased)
    return give_up_erased(id, request, std::move(call));
  auto left = std::chrono::duration_cast<std::chrono::milliseconds>(newest.deadline - parts_.clock->now());
  if (left <= std::chrono::milliseconds{0})
    return give_call_up(id, request, std::move(call));
  asking.at = stage::calling;
  auto wanted = parts_.model->prompts->provider().request_of(asking.question->opening, said_in_next(request));
  wanted.timeout = std::min(left, parts_.model->policy.timeout);
  calls_.emplace(newest.id, std::move(call));
  caf::anon_send(parts_.model->gateway,
                 make_call{caf::actor_cast<partition_owner>(self_), id, newest.id, std::move(wanted)});
  if (phase_ == phase::handing_off) // others who wait for the answer shall not wait for the next owner
    forget_inquiry(id, request);
  else if (asking.is_trial)
    conclude(id, request, "breaker_open");
}

// Its call goes on, if one is being made.
void partition_owner_state::forget_inquiry(const events::stream_id& id, open_request& request) {
  if (!parts_.model)
    return;
  auto at = std::exchange(request.inquiry.at, stage::idle);
  if (at == stage::admission || at == stage::starting || request.inquiry.asks_for_others)
    caf::anon_send(parts_.model->gateway, withdraw{caf::actor_cast<partition_owner>(self_), generation_, id});
  request.inquiry.asks_for_others = false;
}

void partition_owner_state::forget_inquiries() {
  for (auto& [id, request] : requests_.all())
    forget_inquiry(id, request);
}

} // namespace sonicmatch::actors
