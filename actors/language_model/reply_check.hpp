#pragma once

#include "actors/heuristic/engine.hpp"
#include "actors/language_model/provider.hpp"
#include "events/catalog/snapshot.hpp"
#include "events/session/match.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::actors::language_model {

/// What of a reply is accepted.
struct checked_reply {
  /// Ranks from 1, in order of the overall score; the headphone as the catalog has it,
  /// scores rounded like the heuristic's.
  std::vector<events::session::match> accepted;
  std::vector<std::string> notes;
  std::vector<std::string> reasons; ///< for the model; empty when all that was asked for is there
};

/// Checks a reply to recommendation_question(). Of the picks that keep every rule the best
/// `results` are accepted; what breaks one is left out, with a reason. The form may be
/// loose: fences or prose around the JSON, numbers as strings, further fields, another
/// order. Whatever the reply holds, nothing is thrown, and nothing but candidates is
/// accepted. `results` is at most the number of candidates, and they are of `catalog`.
[[nodiscard]] checked_reply check_recommendation(std::string_view reply_text, stop_reason stopped,
                                                 const events::catalog::snapshot& catalog,
                                                 std::span<const heuristic::candidate> candidates,
                                                 std::size_t results);

} // namespace sonicmatch::actors::language_model
