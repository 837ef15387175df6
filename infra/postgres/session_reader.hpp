#pragma once

#include "actors/ports/session_reader.hpp"
#include "infra/postgres/settings.hpp"

#include <memory>

namespace sonicmatch::infra::postgres {

/// Reads the tables `sessions` and `explanations` behind a connection of its own, which
/// is opened with the first call and again after it broke. Owned and used by one thread.
[[nodiscard]] std::unique_ptr<actors::ports::session_reader> make_session_reader(settings values);

} // namespace sonicmatch::infra::postgres
