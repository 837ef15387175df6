#pragma once

#include "http/edge.hpp"
#include "http/request_reader.hpp"

#include <optional>

namespace sonicmatch::http {

/// Gives a request its id and traceparent, the client's when sane, else new ones, and
/// the address of its client when a trusted proxy has sent it.
void identify(const edge& shared, request_data& asked);

/// What is to be done with a request whose head has been read.
struct decision {
  const route* target = nullptr;
  std::optional<response> answer; ///< the edge's own, when there is no target
};

/// Finds the route, or answers what needs none: OPTIONS and CORS preflights, 404,
/// 405, 406, 415 for a coded body, 417, 429 and 501. Fills the path parameters and the quota of `asked`.
[[nodiscard]] decision decide(edge& shared, request_data& asked, const request& handle, const framing& facts);

/// 415 when a body came that the route can't read.
[[nodiscard]] std::optional<response> check_body(const route& target, const request& asked,
                                                 const framing& facts);

/// Runs an immediate handler. One that throws has answered 500, and is logged.
[[nodiscard]] response run(const edge& shared, const immediate_handler& answer, const request& asked);

} // namespace sonicmatch::http
