#pragma once

#include "actors/language_model/reply_check.hpp"

namespace sonicmatch::actors::language_model {

/// A whole answer.
struct assembled {
  std::vector<events::session::match> matches; ///< ranks from 1, in order of the overall score
  bool completed = false;                      ///< the heuristic had to add some
};

/// The picks accepted from a model, and where they are fewer than `results`, the best of
/// the heuristic's that are not among them. There are fewer still when it has no more.
[[nodiscard]] assembled assemble(checked_reply from_model,
                                 const std::vector<events::session::match>& from_heuristic,
                                 std::size_t results);

} // namespace sonicmatch::actors::language_model
