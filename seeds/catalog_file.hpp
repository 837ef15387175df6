#pragma once

#include "events/catalog/headphone.hpp"

#include <caf/expected.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace sonicmatch::seeds {

/// Reads a catalog from JSON text: an array of headphones, every field checked.
/// Refused whole when anything is wrong (bad_catalog): the detail lists each
/// mistake as "record 17 (sennheiser-hd-560s): /price_usd must be …", the first
/// 20 of them. `name` stands before them, for the message.
[[nodiscard]] caf::expected<std::vector<events::catalog::headphone>> parse_catalog(std::string_view json,
                                                                                   const std::string& name);

/// Reads a catalog file. Errors: bad_catalog, also when the file cannot be read.
[[nodiscard]] caf::expected<std::vector<events::catalog::headphone>> read_catalog(const std::string& path);

} // namespace sonicmatch::seeds
