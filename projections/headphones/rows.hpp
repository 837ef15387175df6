#pragma once

#include "events/catalog/headphone.hpp"

#include <optional>
#include <string>

/// The read model `headphones`: the catalog, as a table.
namespace sonicmatch::projections::headphones {

struct listed_headphone {
  events::catalog::headphone headphone;
  std::string document; ///< events::catalog::headphone_view as JSON text

  bool operator==(const listed_headphone&) const = default;
};

/// What the newest record of a headphone leaves: a row, or none when it is retired.
struct headphone_row {
  events::headphone_id id;
  events::log_offset at; ///< of that record; an older one changes nothing
  std::optional<listed_headphone> listed;

  bool operator==(const headphone_row&) const = default;
};

} // namespace sonicmatch::projections::headphones
