#pragma once

#include <cstddef>
#include <string_view>

namespace sonicmatch::http {

/// Finds the end of a request's head in bytes that come piece by piece, and
/// refuses lines that proxies are known to read differently.
class head_scanner {
public:
  enum class verdict { need_more, complete, malformed };

  /// Looks at `bytes`: all that has come of this request so far. Each byte is
  /// looked at once, however often this is called.
  [[nodiscard]] verdict scan(std::string_view bytes) noexcept;

  /// Where the request line begins: empty lines before it are skipped (RFC 9112, 2.2).
  [[nodiscard]] std::size_t begin() const noexcept {
    return begin_;
  }

  /// Behind the empty line that ends the head, once complete.
  [[nodiscard]] std::size_t end() const noexcept {
    return line_;
  }

private:
  std::size_t begin_ = 0;
  std::size_t line_ = 0;   ///< where the line being read begins
  std::size_t looked_ = 0; ///< where to go on looking for a line feed
};

} // namespace sonicmatch::http
