#pragma once

#include "http/head_scanner.hpp"
#include "http/message.hpp"
#include "http/negotiation.hpp"
#include "http/settings.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace sonicmatch::http {

/// Why a request was refused before any route saw it. Literals.
struct refusal {
  int status = 0;
  std::string_view code;
  std::string_view detail;
};

/// What the head said that the edge itself needs.
struct framing {
  std::string_view method_name;
  std::string_view origin;       ///< Origin
  std::string_view expectation;  ///< Expect
  std::string_view accepted;     ///< Accept
  std::string_view content_type; ///< Content-Type
  accepted_codings codings;      ///< Accept-Encoding
  bool known_method = false;
  bool is_http_1_0 = false;
  bool keep_alive = false;
  bool has_body = false;
};

/// Whether a method is known and no path has it: it is refused by path, and not as unknown.
[[nodiscard]] constexpr bool is_of_no_path(std::string_view method) noexcept {
  return method == "TRACE" || method == "QUERY";
}

/// Turns bytes into one request after another: Beast's parser, made strict.
///
/// Beast parses the request line and the fields, and gives views into the bytes, so that a request without a
/// body costs no allocation. Refused here because Beast lets them pass and proxies disagree about them: bare
/// line feeds, folded lines, repeated or listed Content-Length, any transfer coding but chunked, chunks in
/// HTTP/1.0, not exactly one Host.
///
/// Owned by one connection and used on its thread.
class request_reader {
public:
  enum class progress { need_more, head_complete, complete, refused };

  /// `settings` must outlive the reader.
  explicit request_reader(const server_settings& settings);
  ~request_reader();

  request_reader(const request_reader&) = delete;
  request_reader& operator=(const request_reader&) = delete;

  /// Begins the next request. The old request_data is used again unless somebody
  /// still holds a share in it; bytes that came early are carried over.
  void begin();

  /// Gives back the memory it holds, when no further request will be read.
  void retire();

  /// The request being read. Immutable for everybody but the edge once complete.
  [[nodiscard]] const std::shared_ptr<request_data>& data() const noexcept {
    return data_;
  }

  /// Whether there are bytes of the request that was begun.
  [[nodiscard]] bool has_input() const noexcept {
    return filled_ > 0;
  }

  /// Room for bytes from the socket, never empty after progress::need_more.
  [[nodiscard]] std::span<char> room();

  /// Says how many bytes were put into room().
  void received(std::size_t count) noexcept {
    filled_ += count;
  }

  /// Goes as far as the bytes reach: to the end of the head (head_complete, when
  /// a body follows), and when called again to the end of the body.
  [[nodiscard]] progress advance();

  /// What was wrong, after progress::refused.
  [[nodiscard]] const refusal& why() const noexcept {
    return why_;
  }

  /// Valid from the end of the head on.
  [[nodiscard]] const framing& facts() const noexcept {
    return facts_;
  }

private:
  struct parsing; // keeps Beast out of this header

  [[nodiscard]] progress advance_head();
  [[nodiscard]] progress advance_body();
  progress refuse(const refusal& why) noexcept;
  void recycle();

  const server_settings& settings_;
  std::shared_ptr<request_data> data_;
  head_scanner scanner_;
  std::unique_ptr<parsing> parsing_;
  framing facts_;
  refusal why_;
  std::size_t filled_ = 0; ///< bytes of data_->input that hold something
  std::size_t next_ = 0;   ///< where unparsed bytes begin, once the head is complete
};

} // namespace sonicmatch::http
