#pragma once

#include "infra/postgres/settings.hpp"
#include "projections/read_model_store.hpp"

#include <memory>

namespace sonicmatch::infra::postgres {

/// The read models' tables behind a connection of its own, which is opened with
/// the first call and again after it broke. Owned and used by one thread.
[[nodiscard]] std::unique_ptr<projections::read_model_store> make_read_model_store(settings values);

} // namespace sonicmatch::infra::postgres
