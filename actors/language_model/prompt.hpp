#pragma once

#include "actors/heuristic/engine.hpp"
#include "actors/language_model/provider.hpp"
#include "events/catalog/snapshot.hpp"
#include "events/session/preferences.hpp"

#include <cstddef>
#include <span>
#include <string>
#include <vector>

/// What a language model is asked. What is stable comes first and is the same to the byte
/// for one snapshot: rules, schema, catalog. What a person wrote comes last, as JSON data.
namespace sonicmatch::actors::language_model {

/// Of what is asked: raise it whenever instructions, schema or the form of a question
/// change.
inline constexpr int prompt_version = 1;

/// So many headphones a model chooses from, at most: the heuristic's best.
inline constexpr std::size_t candidates_max = 24;

/// The rules of a recommendation, and the whole catalog in its compact form.
[[nodiscard]] instructions recommendation_instructions(const events::catalog::snapshot& catalog);

/// The rules of an explanation. It needs no catalog: the question carries the picks.
[[nodiscard]] instructions explanation_instructions();

/// The user's turn, which is JSON and nothing else:
/// {"wishes":{…},"max_results":N,"candidates":[{"headphone":"slug",…},…]}.
[[nodiscard]] std::string recommendation_question(const events::session::preferences& wanted,
                                                  std::span<const heuristic::candidate> candidates,
                                                  std::size_t results);

/// The user's turn that asks for a better answer than the last.
[[nodiscard]] std::string repair_turn(const std::vector<std::string>& reasons);

/// The wishes as a model is shown them: every text of the person's is bounded, in one
/// line, and free of characters that nobody sees. Texts of which nothing is left are gone.
[[nodiscard]] events::session::preferences shown_wishes(const events::session::preferences& wanted);

} // namespace sonicmatch::actors::language_model
