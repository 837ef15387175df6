#pragma once

#include "http/message.hpp"
#include "http/operation.hpp"
#include "http/responder.hpp"

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace sonicmatch::http {

/// Answers on the spot, on an I/O thread: only for what never blocks and takes
/// microseconds, such as a look into a cache.
using immediate_handler = std::function<response(const request&)>;

/// Answers later through the responder. Called on an I/O thread; must not block.
using asynchronous_handler = std::function<void(request, responder)>;

using handler = std::variant<immediate_handler, asynchronous_handler>;

/// One operation of the API.
struct route {
  http::method method = http::method::get;
  /// Literal segments and `{name}` segments: "/api/v1/recommendations/{session_id}".
  std::string pattern;
  std::string operation_id; ///< stable; names the operation in OpenAPI, logs and metrics
  http::handler handler;
  /// The media type of the answer: 406 when the client's Accept excludes it.
  /// A literal; empty accepts anything.
  std::string_view produces = "application/json";
  /// The media type a body must have, else 415. A literal; empty accepts anything.
  std::string_view consumes = "application/json";
  /// What OpenAPI says of it.
  http::operation document{};
  /// The rate it counts under, together with all that name the same. A literal; empty: not
  /// limited.
  std::string_view limit_class{};
};

/// Methods a path has, as a set of bits.
class method_set {
public:
  void insert(method value) noexcept {
    bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(value));
  }
  [[nodiscard]] bool contains(method value) const noexcept {
    return (bits_ & 1U << static_cast<unsigned>(value)) != 0;
  }
  [[nodiscard]] bool empty() const noexcept {
    return bits_ == 0;
  }

  /// "GET, HEAD, OPTIONS", as Allow has it.
  [[nodiscard]] std::string join() const;

private:
  std::uint8_t bits_ = 0;
};

/// What a router found for a path.
struct match {
  const route* target = nullptr; ///< null: no such path, or not with this method
  /// What the path can do, HEAD for each GET and OPTIONS included; empty for an
  /// unknown path. Filled only when there is no target, and for OPTIONS.
  method_set allowed;
};

/// Finds the route of a request. Filled before the server starts and immutable
/// afterwards, so every I/O thread reads it without a lock.
class router {
public:
  /// Adds a route. A pattern that can't be read (no leading slash, too many
  /// parameters) or that is there already with that method is a mistake of the
  /// program and throws std::invalid_argument.
  void add(route added);

  void get(std::string pattern, std::string operation_id, handler run, operation document = {}) {
    route added{method::get, std::move(pattern), std::move(operation_id), std::move(run)};
    added.document = std::move(document);
    add(std::move(added));
  }
  void post(std::string pattern, std::string operation_id, handler run, operation document = {}) {
    route added{method::post, std::move(pattern), std::move(operation_id), std::move(run)};
    added.document = std::move(document);
    add(std::move(added));
  }

  /// Sets the limit class of every route that has been added.
  void limit(std::string_view (*class_of)(const route&));

  /// Finds the route for the method (HEAD finds GET) and path of `asked`, and
  /// fills its path parameters. Literal segments win over parameters.
  [[nodiscard]] match find(request_data& asked) const;

  /// Every route, for the documents made from them.
  [[nodiscard]] std::vector<const route*> routes() const;

private:
  struct pattern_segment {
    std::string text; ///< the literal, or the parameter's name
    bool is_parameter = false;
  };
  struct entry {
    std::unique_ptr<route> target;
    std::vector<pattern_segment> segments;
    std::size_t parameter_count = 0;
  };

  [[nodiscard]] static bool fits(const entry& candidate, request_data& asked);

  std::vector<entry> entries_;
};

} // namespace sonicmatch::http
