#pragma once

#include <algorithm>
#include <cmath>
#include <string>

/// Scores of 0 to 1 as people and models are shown them: with two decimals.
namespace sonicmatch::actors::language_model {

/// 0 to 100.
[[nodiscard]] inline long hundredths_of(double score) noexcept {
  return std::clamp(std::lround(score * 100), 0L, 100L);
}

/// "0.32".
[[nodiscard]] inline std::string in_figures(double score) {
  auto hundredths = hundredths_of(score);
  auto digits = std::to_string(hundredths % 100);
  return std::to_string(hundredths / 100) + (digits.size() == 1 ? ".0" : ".") + digits;
}

} // namespace sonicmatch::actors::language_model
