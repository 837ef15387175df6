#pragma once

#include "actors/ports/account_store.hpp"
#include "infra/postgres/settings.hpp"

#include <memory>

namespace sonicmatch::infra::postgres {

/// The tables `accounts` and `logins` behind a connection of its own, which is opened with
/// the first call and again after it broke. Owned and used by one thread.
[[nodiscard]] std::unique_ptr<actors::ports::account_store> make_account_store(settings values);

} // namespace sonicmatch::infra::postgres
