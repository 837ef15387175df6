#pragma once

#include "actors/ports/spending_reader.hpp"
#include "infra/postgres/settings.hpp"

#include <memory>

namespace sonicmatch::infra::postgres {

/// Reads the table `language_model_calls` behind a connection of its own, which is opened
/// with the first call and again after it broke. Owned and used by one thread.
[[nodiscard]] std::unique_ptr<actors::ports::spending_reader> make_spending_reader(settings values);

} // namespace sonicmatch::infra::postgres
