#pragma once

#include "actors/ports/log.hpp"
#include "infra/kafka/handles.hpp"

namespace sonicmatch::infra::kafka {

/// A copy of what librdkafka read. The message may be destroyed afterwards.
[[nodiscard]] actors::ports::log_record record_of(const rd_kafka_message_t& message);

/// About what a record costs in memory, for the bounds on batches.
[[nodiscard]] std::size_t cost_of(const actors::ports::log_record& record) noexcept;

} // namespace sonicmatch::infra::kafka
