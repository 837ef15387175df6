#pragma once

#include "actors/accounts/interfaces.hpp"
#include "actors/ports/password_hashing.hpp"

#include <memory>

namespace sonicmatch::actors::accounts {

/// Hashes one password after the other. Spawn it detached, so that it has a thread of its
/// own (not so in a simulation). How many wait is for its askers to bound.
password_hasher::behavior_type password_hasher_actor(password_hasher::pointer self,
                                                     std::shared_ptr<ports::password_hashing> hashing);

} // namespace sonicmatch::actors::accounts
