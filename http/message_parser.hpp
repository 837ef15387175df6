#pragma once

#include "http/chunked_body.hpp"
#include "http/message.hpp"
#include "http/request_reader.hpp"

#include <boost/beast/http/basic_parser.hpp>

#include <cstddef>
#include <optional>
#include <string_view>

namespace sonicmatch::http {

/// Beast's callbacks for one request, written into the request_data they belong
/// to, with the checks Beast leaves to its users. Includes Beast: only
/// request_reader.cpp includes this. One object reads one message.
class message_parser final : private boost::beast::http::basic_parser<true> {
public:
  message_parser(const server_settings& settings, request_data& data, framing& facts);

  /// Parses a whole head, from the request line to the empty line. False when it
  /// was refused.
  [[nodiscard]] bool parse_head(std::string_view head);

  /// Parses what it can of the body and says how many bytes it took.
  [[nodiscard]] std::size_t parse_body(std::string_view bytes);

  /// Whether the message is complete.
  [[nodiscard]] bool is_complete() const {
    return chunks_ ? is_last_chunk_read_ : is_done();
  }

  /// What was wrong; status 0 when nothing was.
  [[nodiscard]] const refusal& why() const noexcept {
    return why_;
  }

private:
  using error_code = boost::beast::error_code;
  using view_type = boost::beast::string_view;

  void refuse(const refusal& why, error_code& error) noexcept;
  void note_failure(const error_code& failure) noexcept;
  [[nodiscard]] std::size_t parse_chunks(std::string_view bytes);
  [[nodiscard]] const refusal* check_field(boost::beast::http::field name, std::string_view value);

  void on_request_impl(boost::beast::http::verb verb, view_type method, view_type target, int version,
                       error_code& error) override;
  void on_field_impl(boost::beast::http::field name, view_type name_text, view_type value,
                     error_code& error) override;
  void on_header_impl(error_code& error) override;
  void on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code& error) override;
  std::size_t on_body_impl(view_type bytes, error_code& error) override;
  void on_chunk_header_impl(std::uint64_t size, view_type extensions, error_code& error) override;
  std::size_t on_chunk_body_impl(std::uint64_t remain, view_type bytes, error_code& error) override;
  void on_finish_impl(error_code& error) override;
  void on_response_impl(int status, view_type reason, int version, error_code& error) override;

  const server_settings& settings_;
  request_data& data_;
  framing& facts_;
  refusal why_{};
  unsigned hosts_ = 0;
  unsigned lengths_ = 0;
  std::optional<chunked_body> chunks_; ///< when the body is chunked: Beast then reads the head only
  bool is_last_chunk_read_ = false;
};

} // namespace sonicmatch::http
