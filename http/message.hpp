#pragma once

#include "http/ip_address.hpp"
#include "http/query.hpp"
#include "http/quota.hpp"
#include "http/stream.hpp"

#include <caf/expected.hpp>

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

/// Requests and responses as routes see them. Nothing of Beast or Asio is here:
/// a route is written, and tested, without a socket.
namespace sonicmatch::http {

/// The methods the edge knows; any other is answered 501.
enum class method : std::uint8_t { get, head, post, put, patch, delete_, options };

/// The method's name as it is on the wire.
[[nodiscard]] std::string_view to_string(method value) noexcept;

/// A header field of a request: views into the bytes that arrived.
struct request_field {
  std::string_view name;
  std::string_view value;
};

/// A `{name}` of a route's pattern with what stood in its place, percent-decoded.
struct path_parameter {
  std::string_view name; ///< lives as long as the router
  std::string_view value;
};

/// How many `{name}` a pattern may have.
inline constexpr std::size_t path_parameters_max = 4;

/// All that belongs to one request. Filled by the connection, immutable once a
/// handler has it, and reused for the connection's next request when no handler
/// kept it. All views point into its own buffers.
struct request_data {
  std::vector<char> input; ///< the head as it arrived, and what came with it
  std::vector<request_field> fields;
  std::string_view target;
  std::string_view path; ///< decoded
  std::string_view query;
  std::string decoded; ///< behind `path` when it held a percent sign
  std::string body;
  std::string request_id;
  std::string client_address;
  client_network network; ///< of `client_address`
  http::quota quota;      ///< what the route's rate limit said
  std::array<char, 55> traceparent{};
  std::array<path_parameter, path_parameters_max> parameters;
  std::size_t parameter_count = 0;
  http::method method = http::method::get;
};

/// One request. A cheap handle: copies share the same immutable data, and keep
/// every view that was taken from it alive. Safe to read from any thread.
class request {
public:
  explicit request(std::shared_ptr<const request_data> data) noexcept
    : data_{std::move(data)} {}

  /// HEAD arrives at GET routes as HEAD; the edge leaves the body out by itself.
  [[nodiscard]] http::method method() const noexcept {
    return data_->method;
  }

  /// The request-target as it was sent, query included.
  [[nodiscard]] std::string_view target() const noexcept {
    return data_->target;
  }

  /// The path, percent-decoded and valid UTF-8. `%2F` stays as it was sent, so
  /// that decoding never makes a segment.
  [[nodiscard]] std::string_view path() const noexcept {
    return data_->path;
  }

  /// The query as it was sent, without the question mark: a good cache key.
  [[nodiscard]] std::string_view query_string() const noexcept {
    return data_->query;
  }

  /// The query's parameters, parsed at each call. Its views live as long as
  /// this request does. Error: unreadable_record, which becomes 400.
  [[nodiscard]] caf::expected<query_parameters> query() const {
    return query_parameters::parse(data_->query);
  }

  /// What stood in the place of `{name}` in the route's pattern; empty for a
  /// name the pattern does not have.
  [[nodiscard]] std::string_view parameter(std::string_view name) const noexcept;

  /// The value of the first field of that name (any case), trimmed.
  [[nodiscard]] std::optional<std::string_view> header(std::string_view name) const noexcept;

  /// All fields, in the order they arrived.
  [[nodiscard]] const std::vector<request_field>& headers() const noexcept {
    return data_->fields;
  }

  /// The whole body, chunks joined; at most the server's body limit.
  [[nodiscard]] std::string_view body() const noexcept {
    return data_->body;
  }

  /// The address of the peer, or of the client behind it when the peer is a trusted proxy;
  /// without port.
  [[nodiscard]] std::string_view client_address() const noexcept {
    return data_->client_address;
  }

  /// Taken from X-Request-Id when that was sane, else made by the edge.
  [[nodiscard]] std::string_view request_id() const noexcept {
    return data_->request_id;
  }

  /// A valid W3C traceparent: the client's, else one made by the edge.
  [[nodiscard]] std::string_view traceparent() const noexcept {
    return {data_->traceparent.data(), data_->traceparent.size()};
  }

private:
  std::shared_ptr<const request_data> data_;
};

/// The bytes of an answer: its own, or shared with a cache that rendered them once.
using body = std::variant<std::string, std::shared_ptr<const std::string>>;

/// The body's bytes; they live as long as `content` does.
[[nodiscard]] std::string_view view(const body& content) noexcept;

/// Who may keep an answer.
enum class cache_policy : std::uint8_t {
  no_store,   ///< personal: nobody. The default, so that forgetting it is safe.
  revalidate, ///< anybody, who asks with If-None-Match before each use
  as_headers, ///< the route says it in a Cache-Control header of its own
};

/// A header field of a response.
struct response_field {
  std::string_view name; ///< a literal: it must outlive the response
  std::string value;     ///< a value with a control character makes the answer a 500
};

/// What a route answers. The edge adds Date, Content-Length, the request id,
/// CORS and the security headers, leaves the body out for HEAD, 204 and 304, and
/// compresses it for clients that take that; a strong ETag then ends in `-gzip`.
struct response {
  int status = 200;
  std::string_view content_type = "application/json"; ///< a literal; empty: no such header
  http::body body;
  cache_policy cache = cache_policy::no_store;
  /// A literal that replaces the edge's own policy (frame-ancestors 'none').
  std::string_view content_security_policy;
  std::vector<response_field> headers;
  /// The body gzipped beforehand, for clients that take it: a file packed with the program.
  /// Null: the edge compresses a body over 1 KiB by itself.
  std::shared_ptr<const std::string> gzipped;
  /// A literal: the coding `body` is in, whatever the client takes. Empty: it is in none.
  std::string_view content_encoding;
  /// Set: the answer is a stream, and `body` is not sent. Its head goes out at once; what
  /// the stream writes follows in chunks, with a comment every 15 s while it is silent.
  stream_start stream;
};

/// 200 with a JSON document.
[[nodiscard]] response json_response(http::body document, cache_policy cache = cache_policy::no_store);

/// The reason phrase of a status code; empty for one the edge never sends.
[[nodiscard]] std::string_view reason_phrase(int status) noexcept;

} // namespace sonicmatch::http
