#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sonicmatch::http {

/// Prometheus's text format, version 0.0.4.
/// Source: prometheus.io/docs/instrumenting/exposition_formats.
class exposition {
public:
  using labels = std::vector<std::pair<std::string_view, std::string>>;

  /// Begins a metric; its samples follow.
  void begin(std::string_view name, std::string_view type, std::string_view help) {
    name_ = name;
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ").append(name);
    text_.append(" ").append(type).append("\n");
  }
  template <class Number>
  void sample(Number value, const labels& with = {}, std::string_view suffix = {}) {
    text_.append(name_).append(suffix);
    for (std::size_t i = 0; i < with.size(); ++i) {
      text_.append(i == 0 ? "{" : ",").append(with[i].first).append("=\"");
      append_escaped(with[i].second);
      text_.push_back('"');
    }
    text_.append(with.empty() ? " " : "} ").append(std::to_string(value)).push_back('\n');
  }
  [[nodiscard]] std::string finish() && {
    return std::move(text_);
  }

private:
  void append_escaped(std::string_view value) {
    for (char c : value) {
      if (c == '\\' || c == '"')
        text_.push_back('\\');
      text_.append(c == '\n' ? "\\n" : std::string_view{&c, 1});
    }
  }

  std::string text_;
  std::string name_;
};

} // namespace sonicmatch::http
