#pragma once

#include "events/record/writer.hpp"

#include <string>
#include <string_view>

namespace sonicmatch::http {

/// `text` as a JSON string.
[[nodiscard]] inline std::string json_text(std::string_view text) {
  std::string out;
  events::record::write_text(out, text);
  return out;
}

/// An object whose members are made one after the other: for documents that no record
/// declares.
class json_object {
public:
  json_object& raw(std::string_view name, std::string_view json) {
    if (!members_.empty())
      members_ += ',';
    events::record::write_text(members_, name);
    members_ += ':';
    members_ += json;
    return *this;
  }

  json_object& text(std::string_view name, std::string_view value) {
    return raw(name, json_text(value));
  }

  [[nodiscard]] std::string str() const {
    return '{' + members_ + '}';
  }

private:
  std::string members_;
};

} // namespace sonicmatch::http
