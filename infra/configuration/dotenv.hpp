#pragma once

#include <caf/expected.hpp>

#include <map>
#include <string>

namespace sonicmatch::infra {

/// Reads a .env file: NAME=VALUE lines, `#` comments, an optional `export`, and
/// values in single or double quotes (nothing is expanded). A file that does not
/// exist is empty. Errors: bad_configuration, naming file and line of each
/// mistake, on a line of its own.
[[nodiscard]] caf::expected<std::map<std::string, std::string>> read_dotenv(const std::string& path);

} // namespace sonicmatch::infra
