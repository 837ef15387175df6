#pragma once

#include "actors/language_model/prompt_book.hpp"
#include "actors/recommender/inquiry.hpp"
#include "actors/recommender/open_requests.hpp"

#include <memory>

/// From an open request to the question that is put to the language model, and from
/// its reply to what is accepted of it. Pure, but for the prompt book's rendering.
namespace sonicmatch::actors {

/// The question of a recommendation that is open, for the catalog as it is now.
[[nodiscard]] std::shared_ptr<const prepared_question>
prepare_recommendation(const events::session::state& asked, std::shared_ptr<const catalog_edition> edition,
                       language_model::prompt_book& prompts, events::timestamp now);

/// The question of an explanation that is open. It needs no catalog: the request has the
/// session's picks as they were shown.
[[nodiscard]] std::shared_ptr<const prepared_question>
prepare_explanation(const events::explanation::state& asked, language_model::prompt_book& prompts);

/// What of a reply to that question is accepted.
[[nodiscard]] judged_reply judge_reply(const prepared_question& question,
                                       const events::language_model::call& asked,
                                       const events::language_model::language_model_reply_recorded& replied,
                                       bool is_explanation);

/// What was wrong with a reply, as a word: refused, truncated, invalid_reply (nothing of
/// it is accepted) or incomplete_reply; empty when nothing was.
[[nodiscard]] std::string fault_of(const judged_reply& reply);

/// How much of a reply was accepted, to compare two by.
[[nodiscard]] std::size_t worth_of(const judged_reply& reply) noexcept;

/// What is said in a call: the question, and to repair, the reply and what was wrong.
[[nodiscard]] std::vector<language_model::turn> turns_of(const prepared_question& question,
                                                         events::language_model::purpose purpose,
                                                         const events::language_model::call_journal& calls,
                                                         const std::vector<std::string>& reasons);

/// The most that a call in which this is said may cost; 0 when the price is unknown. Three
/// bytes of a request are taken for a token, more than they are, and none as cached.
[[nodiscard]] events::micro_dollars cost_max_of(const prepared_question& question,
                                                const std::vector<language_model::turn>& said,
                                                const language_model::provider_settings& settings);

/// The year in UTC, which a headphone's age is reckoned from.
[[nodiscard]] std::chrono::year year_of(events::timestamp time);

} // namespace sonicmatch::actors
