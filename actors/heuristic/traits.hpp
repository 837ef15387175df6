#pragma once

#include "actors/heuristic/editorial.hpp"
#include "actors/heuristic/vocabulary.hpp"
#include "events/catalog/headphone.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <vector>

/// What is known of a headphone whoever asks: computed once per snapshot.
namespace sonicmatch::actors::heuristic {

struct traits {
  const events::catalog::headphone* headphone = nullptr;
  double price = 0;                                  ///< dollars
  double list_price = 0;                             ///< dollars, at launch
  std::array<double, genre_count> genre_fit{};       ///< 1 when tagged; less for a kindred tag
  std::array<double, use_case_count> use_case_fit{}; ///< 0 to 1
  quality_weights qualities{};                       ///< 0 to 1 each
  std::array<double, 5> sound{};                     ///< the signature, in the order of sound_dimension
  bool sound_is_certain = true;                      ///< false: the measurement does not capture it
  std::vector<topics> topics_of_pros;                ///< in the order of the pros
  std::vector<topics> topics_of_cons;                ///< in the order of the cons
  double renown = 0;                                 ///< 0 to 1, without age
  bool past_its_time = false;                        ///< said to be discontinued, superseded or hard to find
  int successors = 0;                                ///< how many later models of its line are listed
  std::uint32_t line = 0;                            ///< equal for models of one line of one maker
  std::uint32_t brand = 0;                           ///< equal for models of one maker
};

/// One entry per headphone, in the same order. `all` must outlive the result.
[[nodiscard]] std::vector<traits> traits_of(const std::vector<events::catalog::headphone>& all);

/// A model's line and its place in it, read from its slug: "sony-wh-1000xm4" is
/// number 4 of "sony wh 1000 xm", "shure-aonic-50-gen-2" number 2 of "shure aonic 50".
struct model_line {
  std::string name;
  int number = 1;
};
[[nodiscard]] model_line line_of(std::string_view slug);

} // namespace sonicmatch::actors::heuristic
