#pragma once

#include "events/catalog/snapshot.hpp"

#include <string>

namespace sonicmatch::actors::language_model {

/// The catalog as a model reads it: a header line that names the columns, then one line
/// per headphone, in order of slug, columns parted by "|". The same snapshot gives the
/// same bytes.
[[nodiscard]] std::string catalog_text(const events::catalog::snapshot& catalog);

} // namespace sonicmatch::actors::language_model
