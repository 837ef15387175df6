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

/// The length of the UTF-8 sequence at the front of `text`; 0 when it is none (RFC 3629).
std::size_t sequence_length(std::string_view text) {
  auto byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
  auto first = byte(0);
  std::size_t length = first < 0x80   ? 1
                       : first < 0xc2 ? 0
                       : first < 0xe0 ? 2
                       : first < 0xf0 ? 3
                       : first < 0xf5 ? 4
                                      : 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(i) & 0xc0) != 0x80)
      return 0;
  auto overlong = (first == 0xe0 && byte(1) < 0xa0) || (first == 0xf0 && byte(1) < 0x90);
  auto beyond = (first == 0xed && byte(1) >= 0xa0) || (first == 0xf4 && byte(1) >= 0x90);
  return overlong || beyond ? 0 : length;
}

/// `text` with U+FFFD for each byte that is no UTF-8: keys and bytes of foreign records are logged too.
std::string valid_text(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    auto length = sequence_length(text);
    if (length == 0)
      out += "\xef\xbf\xbd";
    else
      out += text.substr(0, length);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

/// Appends `text` without its control characters, so that a value makes no line of its own.
void append_visible(std::string& out, std::string_view text) {
  for (auto c : text)
    out.push_back(static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? ' ' : c);
}

std::string as_text(std::string_view message, std::initializer_list<log_field> fields) {
  std::string out;
  append_visible(out, message);
  for (const auto& [name, value] : fields) {
    out += "  ";
    out += name;
    out += '=';
    append_visible(out, value);
  }
  return out;
}

std::string as_json(severity level, std::string_view message, std::initializer_list<log_field> fields) {
  using events::record::write_text;
  auto now = std::chrono::time_point_cast<std::chrono::microseconds>(std::chrono::system_clock::now());
  std::string out = "{\"time\":\"" + events::to_string(events::timestamp{now}) + "\",\"level\":";
  write_text(out, name_of(level));
  out += ",\"message\":";
  write_text(out, valid_text(message));
  for (const auto& [name, value] : fields) {
    out += ',';
    write_text(out, name);
    out += ':';
    write_text(out, valid_text(value));
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
