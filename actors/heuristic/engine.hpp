#pragma once

#include "events/catalog/snapshot.hpp"
#include "events/session/match.hpp"
#include "events/session/preferences.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

/// The recommendation engine that needs no language model: the embedded default
/// and the fallback ever after. Pure functions of catalog, wishes and year. The
/// formulas and why they are what they are: actors/heuristic/README.md.
namespace sonicmatch::actors::heuristic {

/// A headphone that meets every hard constraint, and how well it serves.
struct candidate {
  const events::catalog::headphone* headphone = nullptr; ///< lives as long as the engine's snapshot
  std::size_t index = 0;                                 ///< its place in snapshot::all() and views()
  events::session::scores scores;                        ///< not rounded
};

/// What a person is answered.
struct recommendation {
  std::vector<events::session::match> matches;          ///< best first, ranks from 1, in order of overall
  std::vector<events::session::relaxation> relaxations; ///< only when there are no matches
  std::vector<std::string> notes;                       ///< sentences about wishes that could not be used
};

/// An index over one catalog snapshot: all that does not depend on the wishes,
/// computed once. Immutable, so one engine is shared between threads as it is;
/// copies are cheap and share the index.
class engine {
public:
  explicit engine(events::catalog::snapshot_ptr catalog);

  /// The best `max_results` headphones with their texts, or, when nothing meets
  /// the constraints, the smallest changes that would help. `now` is for age only.
  [[nodiscard]] recommendation recommend(const events::session::preferences& wanted, std::size_t max_results,
                                         std::chrono::year now) const;

  /// Every headphone that meets the constraints, by overall score, then slug;
  /// without diversity and texts.
  [[nodiscard]] std::vector<candidate> rank(const events::session::preferences& wanted,
                                            std::chrono::year now) const;

  [[nodiscard]] const events::catalog::snapshot_ptr& catalog() const noexcept;

private:
  struct index;
  std::shared_ptr<const index> index_;
};

} // namespace sonicmatch::actors::heuristic
