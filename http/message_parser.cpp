#include "http/message_parser.hpp"

#include "http/ascii.hpp"

#include <boost/beast/http/error.hpp>

#include <algorithm>
#include <optional>

namespace sonicmatch::http {

namespace beast = boost::beast;
using beast::http::field;
using beast::http::verb;

namespace {

/// What comes with a body's chunks, they included, may take this many times the body's limit.
constexpr std::size_t chunk_overhead_factor = 4;

constexpr refusal malformed{400, "malformed_request", "The request is not well-formed HTTP/1.1."};
constexpr refusal bad_target{400, "malformed_request",
                             "The request target is not a path of percent-encoded UTF-8 text."};
constexpr refusal ambiguous{400, "ambiguous_length", "The length of the body is not told in one clear way."};
constexpr refusal bad_host{400, "malformed_request", "A request needs exactly one Host field."};
constexpr refusal unknown_coding{501, "not_implemented", "The only transfer coding understood is chunked."};
constexpr refusal long_target{414, "target_too_long", "The request target is too long."};
constexpr refusal large_head{431, "head_too_large", "The header fields are too large or too many."};
constexpr refusal large_framing{413, "body_too_large",
                                "The body's chunks carry more overhead than this service takes."};
constexpr refusal large_body{413, "body_too_large", "The body is larger than this service takes."};

std::string_view plain(beast::string_view text) noexcept {
  return {text.data(), text.size()};
}

std::optional<method> known_method(verb value) noexcept {
  switch (value) {
  case verb::get:
    return method::get;
  case verb::head:
    return method::head;
  case verb::post:
    return method::post;
  case verb::put:
    return method::put;
  case verb::patch:
    return method::patch;
  case verb::delete_:
    return method::delete_;
  case verb::options:
    return method::options;
  default:
    return std::nullopt;
  }
}

/// Fills path and query from the request-target (RFC 9112, 3.2); false when it
/// has none of the forms that are served, or its path can't be decoded.
bool split_target(request_data& data) {
  auto rest = data.target;
  if (auto scheme = rest.find("://"); rest.front() != '/' && scheme != std::string_view::npos) {
    auto path = rest.find_first_of("/?", scheme + 3);
    rest = path == std::string_view::npos ? std::string_view{"/"} : rest.substr(path);
  }
  auto question = rest.find('?');
  data.path = rest.substr(0, question);
  data.query = question == std::string_view::npos ? std::string_view{} : rest.substr(question + 1);
  if (data.path == "*")
    return data.method == method::options;
  if (data.path.empty() || data.path.front() != '/')
    return false;
  if (data.path.find('%') != std::string_view::npos) {
    data.decoded.resize(data.path.size());
    auto length = decode_percent(data.path, data.decoded.data(), true, false);
    if (!length)
      return false;
    data.decoded.resize(*length);
    data.path = data.decoded;
  }
  return is_clean_text(data.path);
}

} // namespace

message_parser::message_parser(const server_settings& settings, request_data& data, framing& facts)
  : settings_{settings}
  , data_{data}
  , facts_{facts} {
  header_limit(static_cast<std::uint32_t>(settings.head_bytes_max));
  body_limit(settings.body_bytes_max);
}

bool message_parser::parse_head(std::string_view head) {
  error_code error;
  auto taken = put(boost::asio::buffer(head.data(), head.size()), error);
  if (error || taken != head.size() || !is_header_done())
    note_failure(error);
  return why_.status == 0;
}

std::size_t message_parser::parse_chunks(std::string_view bytes) {
  std::size_t taken = 0;
  switch (chunks_->read(bytes, data_.body, taken)) {
  case chunked_body::verdict::need_more:
    break;
  case chunked_body::verdict::complete:
    is_last_chunk_read_ = true;
    break;
  case chunked_body::verdict::malformed:
    why_ = malformed;
    break;
  case chunked_body::verdict::body_too_large:
    why_ = large_body;
    break;
  case chunked_body::verdict::framing_too_large:
    why_ = large_framing;
  }
  return taken;
}

std::size_t message_parser::parse_body(std::string_view bytes) {
  if (chunks_)
    return parse_chunks(bytes);
  eager(true);
  error_code error;
  auto taken = put(boost::asio::buffer(bytes.data(), bytes.size()), error);
  if (error && error != beast::http::error::need_more)
    note_failure(error);
  return taken;
}

void message_parser::refuse(const refusal& why, error_code& error) noexcept {
  why_ = why;
  error = beast::http::error::bad_value;
}

void message_parser::note_failure(const error_code& failure) noexcept {
  if (why_.status != 0)
    return;
  using beast::http::error;
  if (failure == error::body_limit)
    why_ = large_body;
  else if (failure == error::header_limit)
    why_ = large_head;
  else if (failure == error::bad_content_length || failure == error::multiple_content_length
           || failure == error::bad_transfer_encoding)
    why_ = ambiguous;
  else
    why_ = malformed;
}

void message_parser::on_request_impl(verb verb, view_type method, view_type target, int version,
                                     error_code& error) {
  facts_.method_name = plain(method);
  facts_.is_http_1_0 = version == 10;
  auto known = known_method(verb);
  // TRACE is known, and refused by path: no path has it.
  facts_.known_method = known || verb == verb::trace;
  data_.method = known.value_or(method::get);
  data_.target = plain(target);
  if (target.size() > settings_.target_bytes_max)
    refuse(long_target, error);
  else if (facts_.known_method && !split_target(data_))
    refuse(bad_target, error);
}

const refusal* message_parser::check_field(field name, std::string_view value) {
  switch (name) {
  case field::host:
    return ++hosts_ > 1 ? &bad_host : nullptr;
  case field::content_length:
    return ++lengths_ > 1 || !std::all_of(value.begin(), value.end(), http::is_digit) ? &ambiguous : nullptr;
  case field::transfer_encoding:
    if (facts_.is_http_1_0)
      return &ambiguous;
    return equals_ignoring_case(value, "chunked") ? nullptr : &unknown_coding;
  case field::origin:
    facts_.origin = value;
    return nullptr;
  case field::expect:
    facts_.expectation = value;
    return nullptr;
  case field::accept:
    facts_.accepted = value;
    return nullptr;
  case field::accept_encoding:
    facts_.codings = read_accept_encoding(value);
    return nullptr;
  case field::content_type:
    facts_.content_type = value;
    return nullptr;
  default:
    return nullptr;
  }
}

void message_parser::on_field_impl(field name, view_type name_text, view_type value, error_code& error) {
  if (data_.fields.size() == settings_.fields_max)
    return refuse(large_head, error);
  data_.fields.push_back({plain(name_text), plain(value)});
  if (const auto* wrong = check_field(name, plain(value)))
    refuse(*wrong, error);
}

void message_parser::on_header_impl(error_code& error) {
  if (hosts_ == 0 && !facts_.is_http_1_0)
    return refuse(bad_host, error);
  facts_.keep_alive = keep_alive();
  if (chunked())
    chunks_.emplace(settings_.body_bytes_max, settings_.body_bytes_max * chunk_overhead_factor);
  facts_.has_body = chunked() || content_length().value_or(0) > 0;
}

void message_parser::on_body_init_impl(const boost::optional<std::uint64_t>& length, error_code&) {
  if (length)
    data_.body.reserve(*length); // bounded: body_limit has refused larger ones
}

std::size_t message_parser::on_body_impl(view_type bytes, error_code&) {
  data_.body.append(bytes.data(), bytes.size());
  return bytes.size();
}

void message_parser::on_chunk_header_impl(std::uint64_t, view_type, error_code& error) {
  refuse(malformed, error); // never called: parse_chunks() reads them
}

std::size_t message_parser::on_chunk_body_impl(std::uint64_t, view_type, error_code& error) {
  refuse(malformed, error); // as above
  return 0;
}

void message_parser::on_finish_impl(error_code&) {
  // is_complete() tells.
}

void message_parser::on_response_impl(int, view_type, int, error_code& error) {
  refuse(malformed, error); // never called: this parses requests
}

} // namespace sonicmatch::http
