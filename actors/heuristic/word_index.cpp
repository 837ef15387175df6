#include "actors/heuristic/word_index.hpp"

#include <array>

namespace sonicmatch::actors::heuristic {

std::size_t edits_between(std::string_view one, std::string_view other, std::size_t limit) {
  constexpr std::size_t length_max = 64;
  if (one.size() >= length_max || other.size() >= length_max)
    return limit + 1;
  std::array<std::size_t, length_max> row{};
  for (std::size_t j = 0; j <= other.size(); ++j)
    row[j] = j;
  for (std::size_t i = 1; i <= one.size(); ++i) {
    auto diagonal = row[0];
    auto least = row[0] = i;
    for (std::size_t j = 1; j <= other.size(); ++j) {
      auto replaced = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
      least = std::min(least, row[j]);
    }
    if (least > limit)
      return limit + 1;
  }
  return row[other.size()];
}

} // namespace sonicmatch::actors::heuristic
