#pragma once

#include "events/record/reader.hpp"
#include "http/responder.hpp"
#include "http/routes/reading.hpp"

#include <optional>

namespace sonicmatch::http {

/// The request's body as the declared Body, in which no field may be unknown; nothing
/// when it is wrong, which has been answered then. Brings in simdjson: for .cpp files.
template <class Body>
[[nodiscard]] std::optional<Body> read_body(const request& asked, const responder& respond) {
  events::record::violations wrong;
  auto out = events::record::read<Body>(asked.body(), wrong, events::record::unknown_fields::refuse);
  if (!out)
    respond(refuse(wrong, asked));
  return out;
}

} // namespace sonicmatch::http
