#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace sonicmatch::http {

/// Takes a chunked body (RFC 9112, 7.1) out of its chunks, byte by byte, so that how the
/// bytes are cut makes no difference and nothing has to be kept for later.
///
/// Stricter than Beast's, which is not used for this: a line ends in CR LF and holds no
/// other control, in extensions as well, because a proxy that ends a line at a bare line
/// feed sees other chunks than one that does not; and a chunk counts once, which Beast
/// forgets when an extension comes in pieces. Extensions are read over, as the RFC asks
/// for unknown ones, and so are trailers, but those that tell a length are refused.
class chunked_body {
public:
  enum class verdict : std::uint8_t { need_more, complete, malformed, body_too_large, framing_too_large };

  /// The body may have `body_bytes_max`, and all that came with it, lines included, as
  /// many as `framed_bytes_max`. One line may have `line_bytes_max`.
  chunked_body(std::size_t body_bytes_max, std::size_t framed_bytes_max) noexcept
    : body_bytes_max_{body_bytes_max}
    , framed_bytes_max_{framed_bytes_max} {}

  static constexpr std::size_t line_bytes_max = 1024;

  /// Appends what of `bytes` is the body's to `body`, and says in `taken` how many were
  /// looked at: all of them, unless the body ended or is refused.
  [[nodiscard]] verdict read(std::string_view bytes, std::string& body, std::size_t& taken);

private:
  enum class state : std::uint8_t {
    size_first, ///< the first digit of a chunk's size
    size,
    space, ///< behind the size, before a semicolon
    extension,
    size_feed, ///< the line feed behind a size or an extension
    data,
    data_return,
    data_feed,
    trailer_first, ///< a trailer's name, or the empty line that ends it all
    trailer_name,
    trailer_value,
    trailer_feed,
    last_feed,
    complete,
  };

  [[nodiscard]] verdict step(char letter);
  [[nodiscard]] verdict step_size(char letter);
  [[nodiscard]] verdict step_trailer(char letter);
  [[nodiscard]] verdict expect(char wanted, char letter, state next) noexcept;
  [[nodiscard]] bool is_telling_a_length() const noexcept;

  std::size_t body_bytes_max_;
  std::size_t framed_bytes_max_;
  std::size_t framed_bytes_ = 0;
  std::size_t line_bytes_ = 0;
  std::uint64_t left_ = 0; ///< of the chunk: its size while that is read
  std::array<char, 20> name_{};
  std::size_t name_size_ = 0; ///< of the trailer's name, also beyond what name_ holds
  state state_ = state::size_first;
};

} // namespace sonicmatch::http
