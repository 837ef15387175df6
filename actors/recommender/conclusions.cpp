// How an open request comes to its end.

#include "actors/language_model/assembly.hpp"
#include "actors/language_model/comparison.hpp"
#include "actors/language_model/explanation.hpp"
#include "actors/recommender/partition_owner.hpp"
#include "actors/recommender/question.hpp"
#include "events/error.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

constexpr auto heuristic_engine = "heuristic";

std::optional<std::string> if_any(const std::string& text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

} // namespace

// Does what can be done now for a request that is open. Only once its newest decision is
// known to be in the log, so that no stream has an end without a beginning, or a hole.
// Leaves it open while there is no catalog yet; the tick comes again.
void partition_owner_state::advance(const events::stream_id& id, open_request& request) {
  auto is_settled = request.requested && request.inquiry.at != inquiry::stage::starting;
  if (request.ending || !is_settled)
    return;
  if (parts_.clock->now() > request.deadline())
    return fail(id, request);
  if (!request.is_explanation() && !parts_.catalog->newest())
    return;
  if (parts_.model)
    inquire(id, request);
  else
    conclude(id, request, {});
}

void partition_owner_state::advance_all() {
  for (auto& [id, request] : requests_.all())
    advance(id, request);
}

void partition_owner_state::fail(const events::stream_id& id, open_request& request) {
  auto now = parts_.clock->now();
  std::string code{to_string(events::errc::deadline_exceeded)};
  forget_inquiry(id, request);
  request.ending = true;
  if (const auto* of_session = std::get_if<events::session::state>(&request.state)) {
    for (const auto& happened :
         decide(*of_session,
                events::session::fail_recommendation{
                  code, "no recommendation could be made before the request's deadline"},
                now))
      append_event(id, request, happened, now, {});
    return;
  }
  const auto& of_explanation = std::get<events::explanation::state>(request.state);
  for (const auto& happened : decide(of_explanation,
                                     events::explanation::fail_explanation{
                                       code, "no explanation could be given before the request's deadline"},
                                     now))
    append_event(id, request, happened, now, {});
}

// `reason` says why the model's answer is not all there; empty when it is, or when
// no model was to be asked.
void partition_owner_state::conclude(const events::stream_id& id, open_request& request,
                                     const std::string& reason) {
  request.ending = true;
  if (request.is_explanation())
    conclude_explanation(id, request, reason);
  else
    conclude_recommendation(id, request, reason);
  if (parts_.model)
    share(id, request, reason);
}

void partition_owner_state::conclude_recommendation(const events::stream_id& id, open_request& request,
                                                    const std::string& reason) {
  const auto& current = std::get<events::session::state>(request.state);
  const auto& asking = request.inquiry;
  const auto* best = asking.best();
  auto now = parts_.clock->now();
  auto edition = asking.question ? asking.question->edition : parts_.catalog->newest();
  events::session::complete_recommendation end;
  end.catalog_version = edition->catalog->version();
  end.degraded_reason = if_any(reason);
  end.degraded = !reason.empty();
  if (asking.answer_of_another) {
    end.matches = asking.answer_of_another->matches;
    end.notes = asking.answer_of_another->notes;
    end.engine = asking.answer_of_another->engine;
    end.prompt_version = asking.answer_of_another->prompt_version;
    end.reused_call = asking.answer_of_another->call;
  } else if (best != nullptr && reason.empty()) {
    end.matches = best->matches;
    end.notes = best->notes;
    end.engine = best->engine;
    end.prompt_version = best->prompt_version;
  } else {
    auto found = edition->engine->recommend(current.preferences,
                                            static_cast<std::size_t>(current.max_results), year_of(now));
    end.engine = heuristic_engine;
    end.notes = std::move(found.notes);
    end.relaxations = std::move(found.relaxations);
    end.matches = std::move(found.matches);
    if (best != nullptr && !best->matches.empty()) {
      auto whole =
        language_model::assemble({best->matches, best->notes, {}}, end.matches, asking.question->results);
      end.matches = std::move(whole.matches);
      end.engine = best->engine;
    }
    end.prompt_version = request.calls().prompt_version();
  }
  for (const auto& happened : decide(current, std::move(end), now))
    append_event(id, request, happened, now, {});
}

void partition_owner_state::conclude_explanation(const events::stream_id& id, open_request& request,
                                                 const std::string& reason) {
  const auto& current = std::get<events::explanation::state>(request.state);
  const auto& asking = request.inquiry;
  const auto* best = asking.best();
  auto now = parts_.clock->now();
  events::explanation::complete_explanation end;
  end.comparison_points = language_model::compare(current.matches, current.headphone);
  end.degraded_reason = if_any(reason);
  end.degraded = !reason.empty();
  if (asking.answer_of_another) {
    end.detailed_explanation = asking.answer_of_another->explanation;
    end.engine = asking.answer_of_another->engine;
    end.prompt_version = asking.answer_of_another->prompt_version;
  } else if (best != nullptr && reason.empty()) {
    end.detailed_explanation = best->explanation;
    end.engine = best->engine;
    end.prompt_version = best->prompt_version;
  } else {
    end.detailed_explanation = language_model::heuristic_explanation(
      current.preferences, current.matches, current.headphone, end.comparison_points);
    end.engine = heuristic_engine;
    end.prompt_version = request.calls().prompt_version();
  }
  for (const auto& happened : decide(current, std::move(end), now))
    append_event(id, request, happened, now, {});
}

// Whoever waits for the same question hears of it, and whoever asks it soon.
void partition_owner_state::share(const events::stream_id& id, const open_request& request,
                                  const std::string& reason) {
  const auto& asking = request.inquiry;
  if (asking.answer_of_another || !asking.question || request.calls().calls().empty())
    return;
  language_model::answer_ptr answer;
  const auto* best = asking.best();
  auto engine = engine_name_of(parts_.model->prompts->provider().settings().model);
  if (best != nullptr && reason.empty() && best->engine == engine) { // not of a model that was asked before
    language_model::accepted_answer accepted;
    accepted.call = best->call;
    accepted.engine = best->engine;
    accepted.prompt_version = best->prompt_version;
    accepted.matches = best->matches;
    accepted.notes = best->notes;
    accepted.explanation = best->explanation;
    answer = std::make_shared<const language_model::accepted_answer>(std::move(accepted));
  }
  if (answer || asking.asks_for_others)
    caf::anon_send(parts_.model->gateway,
                   actors::settle_question{id, asking.question->hash, std::move(answer), reason});
}

} // namespace sonicmatch::actors
