#pragma once

#include "events/catalog/snapshot.hpp"
#include "events/session/preferences.hpp"

#include <random>
#include <string_view>

/// Catalogs and wishes for the tests of the heuristic engine. What is random is
/// so by a seeded std::mt19937_64, so a failure can be repeated.
namespace sonicmatch::tests::heuristic {

/// The seed file, read once.
[[nodiscard]] const events::catalog::snapshot_ptr& seeded_catalog();
/// A headphone of the seed file; fails the test when there is none.
[[nodiscard]] const events::catalog::headphone& seeded(std::string_view slug);

using generator = std::mt19937_64;

/// A headphone with every field random within its declaration; null specifications
/// among them.
[[nodiscard]] events::catalog::headphone random_headphone(generator& random, int number);
[[nodiscard]] events::catalog::snapshot_ptr random_catalog(generator& random, int size);
/// Wishes with anything present or absent, words that are known and that are not.
[[nodiscard]] events::session::preferences random_preferences(generator& random);

/// A number from `low` to `high`.
[[nodiscard]] double between(generator& random, double low, double high);
/// True with the probability given.
[[nodiscard]] bool chance(generator& random, double probability);

} // namespace sonicmatch::tests::heuristic
