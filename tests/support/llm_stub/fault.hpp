#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace sonicmatch::tests::llm_stub {

/// What can be wrong with an answer, one thing at a time. README.md says what each does.
enum class fault : std::uint8_t {
  none,
  error,
  refusal,
  truncation,
  malformed,
  markdown_fence,
  empty_content,
  double_content,
  double_text,
  numbers_as_strings,
  unknown_headphone,
  repeated_headphone,
  score_out_of_range,
  outside_constraints,
  markup,
  too_few,
  drip,
  hang,
  drop_before,
  drop_half,
};

inline constexpr std::array<std::string_view, 20> fault_names{
  "none",
  "error",
  "refusal",
  "truncation",
  "malformed",
  "markdown_fence",
  "empty_content",
  "double_content",
  "double_text",
  "numbers_as_strings",
  "unknown_headphone",
  "repeated_headphone",
  "score_out_of_range",
  "outside_constraints",
  "markup",
  "too_few",
  "drip",
  "hang",
  "drop_before",
  "drop_half",
};

inline constexpr std::size_t fault_count = fault_names.size();
static_assert(static_cast<std::size_t>(fault::drop_half) + 1 == fault_count);

[[nodiscard]] constexpr std::string_view name_of(fault which) noexcept {
  return fault_names[static_cast<std::size_t>(which)];
}

/// The fault of that name, or nothing.
[[nodiscard]] constexpr std::optional<fault> fault_of(std::string_view name) noexcept {
  const auto* found = std::find(fault_names.begin(), fault_names.end(), name);
  if (found == fault_names.end())
    return std::nullopt;
  return static_cast<fault>(found - fault_names.begin());
}

} // namespace sonicmatch::tests::llm_stub
