#pragma once

#include "actors/accounts/interfaces.hpp"

#include <memory>

namespace sonicmatch::actors::accounts {

/// Makes the blocking calls of an export; owns the reader. Spawn it detached, so that it
/// has a thread of its own (not so in a simulation), and nobody's login waits for it.
record_collector::behavior_type record_collector_actor(record_collector::pointer self,
                                                       std::shared_ptr<ports::personal_record_reader> reader);

} // namespace sonicmatch::actors::accounts
