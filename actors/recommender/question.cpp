#include "actors/recommender/question.hpp"

#include "actors/language_model/comparison.hpp"
#include "actors/language_model/explanation.hpp"
#include "actors/language_model/prompt.hpp"
#include "actors/language_model/reply_check.hpp"

#include <algorithm>

namespace sonicmatch::actors {

namespace {

namespace journal = events::language_model;
using language_model::speaker;
using language_model::stop_reason;
using language_model::turn;

// Drawn once; changing it changes every question's hash.
constexpr events::uuid question_namespace{
  {0x5b, 0x1e, 0x3a, 0x77, 0x90, 0xc4, 0x4d, 0x02, 0x8f, 0x61, 0xd3, 0x09, 0x2e, 0xba, 0x58, 0xc6}};

/// The same for the same question to the same model, prompt version and catalog.
std::string hash_of(const prepared_question& question, const language_model::provider& provider) {
  auto name =
    engine_name_of(provider.settings().model) + '\n' + std::to_string(language_model::prompt_version) + '\n'
    + std::to_string(question.edition ? question.edition->catalog->version() : 0) + '\n' + question.text;
  return to_string(events::uuid_v5(question_namespace, name));
}

stop_reason stop_reason_of(std::string_view word) {
  constexpr auto all = names(stop_reason{});
  auto found = std::find(all.begin(), all.end(), word);
  return found == all.end() ? stop_reason::other : static_cast<stop_reason>(found - all.begin());
}

const journal::language_model_reply_recorded* newest_reply(const journal::call_journal& calls) {
  for (auto each = calls.calls().rbegin(); each != calls.calls().rend(); ++each)
    if (each->outcome)
      if (const auto* replied = std::get_if<journal::language_model_reply_recorded>(&*each->outcome))
        return replied;
  return nullptr;
}

} // namespace

std::chrono::year year_of(events::timestamp time) {
  return std::chrono::year_month_day{std::chrono::floor<std::chrono::days>(time)}.year();
}

std::shared_ptr<const prepared_question>
prepare_recommendation(const events::session::state& asked, std::shared_ptr<const catalog_edition> edition,
                       language_model::prompt_book& prompts, events::timestamp now) {
  auto out = std::make_shared<prepared_question>();
  out->candidates = edition->engine->rank(asked.preferences, year_of(now));
  if (out->candidates.size() > language_model::candidates_max)
    out->candidates.resize(language_model::candidates_max);
  out->candidates.shrink_to_fit();
  out->results = std::min(static_cast<std::size_t>(asked.max_results), out->candidates.size());
  out->edition = std::move(edition);
  out->text = language_model::recommendation_question(asked.preferences, out->candidates, out->results);
  out->hash = hash_of(*out, prompts.provider());
  out->opening = prompts.recommendation_opening(out->edition->catalog);
  return out;
}

std::shared_ptr<const prepared_question> prepare_explanation(const events::explanation::state& asked,
                                                             language_model::prompt_book& prompts) {
  auto out = std::make_shared<prepared_question>();
  out->points = language_model::compare(asked.matches, asked.headphone);
  out->text =
    language_model::explanation_question(asked.preferences, asked.matches, asked.headphone, out->points);
  out->hash = hash_of(*out, prompts.provider());
  out->opening = prompts.explanation_opening();
  return out;
}

judged_reply judge_reply(const prepared_question& question, const journal::call& asked,
                         const journal::language_model_reply_recorded& replied, bool is_explanation) {
  judged_reply out;
  out.call = replied.call;
  out.engine = asked.provider + '/' + asked.model;
  out.prompt_version = asked.prompt_version;
  out.stopped = stop_reason_of(replied.stopped);
  if (is_explanation) {
    auto checked = language_model::check_explanation(replied.reply, out.stopped);
    out.explanation = std::move(checked.text);
    out.reasons = std::move(checked.reasons);
    return out;
  }
  auto checked = language_model::check_recommendation(replied.reply, out.stopped, *question.edition->catalog,
                                                      question.candidates, question.results);
  out.matches = std::move(checked.accepted);
  out.notes = std::move(checked.notes);
  out.reasons = std::move(checked.reasons);
  return out;
}

std::size_t worth_of(const judged_reply& reply) noexcept {
  return reply.matches.size() + (reply.explanation.empty() ? 0 : 1);
}

std::string fault_of(const judged_reply& reply) {
  if (reply.reasons.empty())
    return {};
  if (reply.stopped == stop_reason::refusal)
    return "refused";
  if (reply.stopped == stop_reason::length)
    return "truncated";
  return worth_of(reply) == 0 ? "invalid_reply" : "incomplete_reply";
}

std::vector<turn> turns_of(const prepared_question& question, journal::purpose purpose,
                           const journal::call_journal& calls, const std::vector<std::string>& reasons) {
  std::vector<turn> out{{speaker::user, question.text}};
  const auto* replied = purpose == journal::purpose::repair ? newest_reply(calls) : nullptr;
  if (replied == nullptr)
    return out;
  // A provider takes no empty turn of its own.
  out.push_back({speaker::assistant, replied->reply.empty() ? "{}" : replied->reply});
  out.push_back({speaker::user, language_model::repair_turn(reasons)});
  return out;
}

const judged_reply* inquiry::find(const events::call_id& call) const noexcept {
  auto found =
    std::find_if(replies.begin(), replies.end(), [&](const auto& each) { return each.call == call; });
  return found == replies.end() ? nullptr : &*found;
}

const judged_reply* inquiry::best() const noexcept {
  const judged_reply* out = nullptr;
  for (const auto& each : replies)
    if (out == nullptr || each.reasons.empty() || (!out->reasons.empty() && worth_of(each) > worth_of(*out)))
      out = &each;
  return out;
}

events::micro_dollars cost_max_of(const prepared_question& question, const std::vector<turn>& said,
                                  const language_model::provider_settings& settings) {
  auto bytes = question.opening->size();
  for (const auto& each : said)
    bytes += each.text.size();
  journal::token_usage most;
  most.cache_write_tokens = static_cast<std::int64_t>(bytes / 3);
  most.output_tokens = settings.tokens_max;
  return cost_of(settings.model, most).value_or(events::micro_dollars{});
}

} // namespace sonicmatch::actors
