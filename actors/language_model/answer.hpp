#pragma once

#include "events/language_model/events.hpp"
#include "events/session/match.hpp"

#include <memory>
#include <string>
#include <vector>

namespace sonicmatch::actors::language_model {

/// A model's answer that was accepted as it is, so that the same question need not be
/// asked again soon. Immutable, shared.
struct accepted_answer {
  events::call_id call; ///< whose reply it is
  std::string engine;
  int prompt_version = 0;
  std::vector<events::session::match> matches; ///< of a recommendation
  std::vector<std::string> notes;
  std::string explanation; ///< of an explanation
};

using answer_ptr = std::shared_ptr<const accepted_answer>;

/// Roughly what it takes in memory, bytes.
[[nodiscard]] std::size_t size_of(const accepted_answer& answer) noexcept;

} // namespace sonicmatch::actors::language_model
