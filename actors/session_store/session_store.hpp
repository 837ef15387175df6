#pragma once

#include "actors/interfaces.hpp"

#include <memory>

namespace sonicmatch::actors {

/// Makes the session reader's blocking calls; owns it. Spawn it detached, so
/// that it has a thread of its own (not so in a simulation).
session_store::behavior_type session_store_actor(session_store::pointer self,
                                                 std::shared_ptr<ports::session_reader> reader);

} // namespace sonicmatch::actors
