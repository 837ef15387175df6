#pragma once

#include <string>

/// JSON Schema of the answers, in the part of the language that every provider takes:
/// types, required, additionalProperties, and minItems of 0 or 1. What else must hold is
/// said in the descriptions, and checked by ourselves.
namespace sonicmatch::actors::language_model {

[[nodiscard]] std::string recommendation_schema();
[[nodiscard]] std::string explanation_schema();

} // namespace sonicmatch::actors::language_model
