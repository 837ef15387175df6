#pragma once

#include "infra/configuration/configuration.hpp"

#include <string>

namespace sonicmatch::infra {

/// What the settings owe each other, and what their types do not say: a line for each
/// mistake, which names the setting. No value of a secret is shown. `names_model` says
/// whether LLM_MODEL was given, by whatever source.
[[nodiscard]] std::string mistakes_in(const configuration& values, bool names_model);

} // namespace sonicmatch::infra
