#pragma once

#include "actors/interfaces.hpp"
#include "http/routes/route_parts.hpp"

#include <caf/actor_system.hpp>

#include <memory>

namespace sonicmatch::infra {

/// Asks PostgreSQL and Kafka how they are, at once, and how long they took.
[[nodiscard]] http::health_probe make_health_probe(caf::actor_system& system, actors::session_store store,
                                                   std::shared_ptr<actors::ports::log_reader> reader);

} // namespace sonicmatch::infra
