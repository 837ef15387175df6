#pragma once

#include "actors/ports/logger.hpp"

#include <memory>
#include <string>

namespace sonicmatch::infra {

enum class log_format : std::uint8_t { text, json };

/// Log lines on standard error: readable ones, or one JSON object a line.
/// Lines below `least` are dropped. Thread-safe.
[[nodiscard]] std::unique_ptr<actors::ports::logger> make_stream_logger(log_format format,
                                                                        actors::ports::severity least);

} // namespace sonicmatch::infra
