#pragma once

#include "actors/heuristic/editorial.hpp"
#include "actors/heuristic/phrases.hpp"
#include "actors/heuristic/wording.hpp"

#include <string>
#include <vector>

/// What can truly be said of one pick to one person: the material of the texts.
namespace sonicmatch::actors::heuristic {

/// One thing to say, what it is about, and how much it matters to this person.
struct remark {
  std::string text;
  topics about = 0;
  double weight = 0;
};
using remarks = std::vector<remark>;

/// The wished genres it is tagged for, as typed, and one artist whose genre it is
/// tagged for; at most three.
[[nodiscard]] std::vector<std::string> music_in_common(const occasion& about);

/// What it has of what the place and use ask for, as noun phrases; at most two.
[[nodiscard]] std::vector<std::string> comforts_of_place(const occasion& about);

/// A sentence about the price and, where there is one, the budget.
[[nodiscard]] std::string price_sentence(const occasion& about, phrase_choice& choose);

/// Whether use, place or an explicit wish makes `what` matter.
[[nodiscard]] bool asks_for(const occasion& about, quality what) noexcept;

/// What speaks for it and against it, unsorted.
[[nodiscard]] remarks points_for(const occasion& about, phrase_choice& choose);
[[nodiscard]] remarks points_against(const occasion& about, phrase_choice& choose);

struct picking {
  std::size_t count; ///< at most so many in all
  std::size_t own;   ///< at most so many remarks before the catalog's phrases
};

/// The weightiest remarks first, no two about the same topic; then those of the
/// catalog's own `phrases` that bring a new one.
[[nodiscard]] std::vector<std::string> chosen(remarks all, const std::vector<std::string>& phrases,
                                              const std::vector<topics>& about_phrases, picking limits);

} // namespace sonicmatch::actors::heuristic
