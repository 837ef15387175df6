#pragma once

#include "actors/ports/personal_records.hpp"
#include "infra/postgres/settings.hpp"

#include <memory>

namespace sonicmatch::infra::postgres {

/// Reads the tables `explanations` and `feedback` behind a connection of its own, which is
/// opened with the first call and again after it broke. Owned and used by one thread.
[[nodiscard]] std::unique_ptr<actors::ports::personal_record_reader>
make_personal_record_reader(settings values);

} // namespace sonicmatch::infra::postgres
