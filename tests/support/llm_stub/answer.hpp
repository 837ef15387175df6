#pragma once

#include "tests/support/llm_stub/question.hpp"

#include <string>

namespace sonicmatch::tests::llm_stub {

/// What the model says to a question: JSON text of the asked shape, about 500 bytes a
/// match, made less good by the faults that concern what is said. The same question
/// gets the same answer. `outside` is the headphone that outside_constraints names.
[[nodiscard]] std::string answer_to(const question& asked, fault how, const std::string& outside);

} // namespace sonicmatch::tests::llm_stub
