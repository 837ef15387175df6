#pragma once

#include "actors/ports/logger.hpp"
#include "infra/kafka/settings.hpp"

#include <caf/error.hpp>

#include <functional>

namespace sonicmatch::infra::kafka {

/// Waits until a broker answers, and says every few seconds in one line that it
/// waits. Looks at `stop` twice a second; returns shutting_down when it is true,
/// bad_configuration for settings librdkafka refuses. Blocks its thread.
[[nodiscard]] caf::error wait_for_broker(const settings& values, actors::ports::logger& log,
                                         const std::function<bool()>& stop);

/// Makes the topics that are missing and checks those that are there.
///
/// On three or more brokers a new topic gets three replicas of which two must
/// have a record before it is acknowledged, and no unclean election; on fewer, the
/// broker's default. A partition count that is not the plan's is topic_mismatch: it
/// decides which partition a session lives in and can't be changed afterwards.
/// Other differing settings are somebody's choice: a warning each. Blocks its thread.
/// Safe to run in several processes at once. log_unavailable when no broker answers.
[[nodiscard]] caf::error ensure_topics(const settings& values, actors::ports::logger& log);

} // namespace sonicmatch::infra::kafka
