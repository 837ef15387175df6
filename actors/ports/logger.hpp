#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace sonicmatch::actors::ports {

enum class severity : std::uint8_t { debug, info, warning, error };

/// A named value of a log line. Names are snake_case and the same everywhere:
/// session_id, correlation_id, request_id, partition, offset, error.
using log_field = std::pair<std::string_view, std::string>;

/// Where log lines go. Thread-safe; never blocks for long.
class logger {
public:
  virtual ~logger() = default;

  /// Writes one line: a sentence, and its fields.
  virtual void write(severity level, std::string_view message,
                     std::initializer_list<log_field> fields = {}) = 0;

  void debug(std::string_view message, std::initializer_list<log_field> fields = {}) {
    write(severity::debug, message, fields);
  }
  void info(std::string_view message, std::initializer_list<log_field> fields = {}) {
    write(severity::info, message, fields);
  }
  void warning(std::string_view message, std::initializer_list<log_field> fields = {}) {
    write(severity::warning, message, fields);
  }
  void error(std::string_view message, std::initializer_list<log_field> fields = {}) {
    write(severity::error, message, fields);
  }
};

} // namespace sonicmatch::actors::ports
