#pragma once

#include "infra/configuration/configuration.hpp"
#include "infra/system/termination.hpp"

#include <string>
#include <vector>

/// What `sonicmatch VERB` does. Each returns the process's exit code: 0 done, 1
/// failed (the reason is on standard error), 2 wrongly called.
namespace sonicmatch::infra {

/// Runs the roles until a signal ends it.
[[nodiscard]] int serve(const configuration& values, termination_signals& signals);

/// migrate up|down|history
[[nodiscard]] int migrate(const configuration& values, const std::vector<std::string>& arguments);

/// seed [--append] [FILE]
[[nodiscard]] int seed(const configuration& values, const std::vector<std::string>& arguments,
                       termination_signals& signals);

/// config
[[nodiscard]] int show_configuration(const configured& effective);

} // namespace sonicmatch::infra
