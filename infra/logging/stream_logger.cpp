#include "infra/logging/stream_logger.hpp"

#include "events/ids.hpp"
#include "events/record/writer.hpp"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace sonicmatch::infra {

using actors::ports::log_field;
using actors::ports::severity;

namespace {

spdlog::level::level_enum level_of(severity level) {
  switch (level) {
  case severity::debug:
    return spdlog::level::debug;
  case severity::info:
    return spdlog::level::info;
  case severity::warning:
    return spdlog::level::warn;
  default:
    return spdlog::level::err;
  }
}

std::string_view name_of(severity level) {
  constexpr std::string_view names[] = {"debug", "info", "warning", "error"};
  return names[static_cast<std::size_t>(level)];
}

std::string as_text(std::string_view message, std::initializer_list<log_field> fields) {
  std::string out{message};
  for (const auto& [name, value] : fields) {
    out += "  ";
    out += name;
    out += '=';
    out += value;
  }
  return out;
}

std::string as_json(severity level, std::string_view message, std::initializer_list<log_field> fields) {
  using events::record::write_text;
  auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::string out = "{\"time\":\"" + events::to_string(events::timestamp{now}) + "\",\"level\":";
  write_text(out, name_of(level));
  out += ",\"message\":";
  write_text(out, message);
  for (const auto& [name, value] : fields) {
    out += ',';
    write_text(out, name);
    out += ':';
    write_text(out, value);
  }
  return out + '}';
}

class stream_logger final : public actors::ports::logger {
public:
  stream_logger(log_format format, severity least)
    : format_(format)
    , least_(least)
    , out_("sonicmatch", std::make_shared<spdlog::sinks::stderr_color_sink_mt>()) {
    out_.set_level(spdlog::level::trace);
    out_.set_pattern(format == log_format::json ? "%v" : "%H:%M:%S.%e %^%-7l%$ %v");
  }

  void write(severity level, std::string_view message, std::initializer_list<log_field> fields) override {
    if (level < least_)
      return;
    out_.log(level_of(level), "{}",
             format_ == log_format::json ? as_json(level, message, fields) : as_text(message, fields));
  }

private:
  log_format format_;
  severity least_;
  spdlog::logger out_;
};

} // namespace

std::unique_ptr<actors::ports::logger> make_stream_logger(log_format format, severity least) {
  return std::make_unique<stream_logger>(format, least);
}

} // namespace sonicmatch::infra
