#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// The closed vocabulary of the catalog. The order of the names is the order of
/// the enumerators; names are published and never change.
namespace sonicmatch::events::catalog {

enum class form_factor : std::uint8_t { over_ear, on_ear, in_ear };
constexpr auto names(form_factor) {
  return std::array<std::string_view, 3>{"over_ear", "on_ear", "in_ear"};
}

enum class back : std::uint8_t { open, semi_open, closed };
constexpr auto names(back) {
  return std::array<std::string_view, 3>{"open", "semi_open", "closed"};
}

enum class driver : std::uint8_t { dynamic, planar, balanced_armature, hybrid, bone_conduction };
constexpr auto names(driver) {
  return std::array<std::string_view, 5>{"dynamic", "planar", "BA", "hybrid", "bone_conduction"};
}

enum class price_tier : std::uint8_t { budget, mid, premium, flagship };
constexpr auto names(price_tier) {
  return std::array<std::string_view, 4>{"budget", "mid", "premium", "flagship"};
}

enum class confidence : std::uint8_t { normal, low };
constexpr auto names(confidence) {
  return std::array<std::string_view, 2>{"normal", "low"};
}

enum class msrp_confidence : std::uint8_t { high, approx };
constexpr auto names(msrp_confidence) {
  return std::array<std::string_view, 2>{"high", "approx"};
}

enum class genre : std::uint8_t {
  classical,
  jazz,
  acoustic,
  vocal,
  rock,
  metal,
  pop,
  hip_hop,
  rnb,
  electronic,
  indie,
  soundtrack
};
constexpr auto names(genre) {
  return std::array<std::string_view, 12>{"classical", "jazz",       "acoustic", "vocal",
                                          "rock",      "metal",      "pop",      "hip_hop",
                                          "rnb",       "electronic", "indie",    "soundtrack"};
}

enum class use_case : std::uint8_t {
  critical_listening,
  gaming,
  commuting,
  studio,
  casual,
  exercise,
  office,
  travel
};
constexpr auto names(use_case) {
  return std::array<std::string_view, 8>{"critical_listening", "gaming", "commuting", "studio", "casual",
                                         "exercise",           "office", "travel"};
}

} // namespace sonicmatch::events::catalog
