#pragma once

#include "events/ids.hpp"
#include "events/record/declaration.hpp"

#include <array>
#include <string>

namespace sonicmatch::events::explanation {

/// What two headphones are compared by.
enum class aspect : std::uint8_t { sound, price, features };
constexpr auto names(aspect) {
  return std::array<std::string_view, 3>{"sound", "price", "features"};
}

/// How the explained pick differs from another pick of its session, in one aspect.
/// Made from the catalog's figures, never by a language model.
struct comparison_point {
  headphone_id other;
  std::string other_name; ///< brand and model
  explanation::aspect aspect = aspect::sound;
  std::string detail; ///< a sentence with the figures

  bool operator==(const comparison_point&) const = default;

  static constexpr std::string_view record_name = "comparison_point";
  static constexpr auto declaration() {
    using record::field;
    using c = comparison_point;
    return record::fields(field("other", &c::other).doc("the id of the pick compared with"),
                          field("other_name", &c::other_name).size(1, 160), field("aspect", &c::aspect),
                          field("detail", &c::detail)
                            .size(1, 600)
                            .example(R"("4.1 dB less bass than the Sony WH-1000XM5, as measured")"));
  }
};

} // namespace sonicmatch::events::explanation
