#include "http/head_scanner.hpp"

namespace sonicmatch::http {

head_scanner::verdict head_scanner::scan(std::string_view bytes) noexcept {
  for (;;) {
    auto feed = bytes.find('\n', looked_);
    if (feed == std::string_view::npos) {
      looked_ = bytes.size();
      return verdict::need_more;
    }
    if (feed == line_ || bytes[feed - 1] != '\r')
      return verdict::malformed; // a bare line feed
    bool is_empty = feed - line_ == 1;
    bool is_first = line_ == begin_;
    if (!is_empty && !is_first && (bytes[line_] == ' ' || bytes[line_] == '\t'))
      return verdict::malformed; // a folded line
    line_ = looked_ = feed + 1;
    if (is_empty && !is_first)
      return verdict::complete;
    if (is_empty)
      begin_ = line_;
  }
}

} // namespace sonicmatch::http
