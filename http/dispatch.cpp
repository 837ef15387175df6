#include "http/dispatch.hpp"

#include "http/ascii.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/request_identity.hpp"

#include <exception>
#include <string>

namespace sonicmatch::http {

namespace {

response with_allow(response answer, const method_set& allowed) {
  answer.headers.push_back({"Allow", allowed.join()});
  return answer;
}

response answer_options(const edge& shared, const request& handle, method_set allowed) {
  if (cors_policy::is_preflight(handle))
    return shared.cors.answer_preflight(handle, allowed);
  response made;
  made.status = 204;
  made.content_type = {};
  return with_allow(std::move(made), allowed);
}

method_set methods_of_server() {
  method_set all;
  for (auto known : {method::get, method::head, method::post, method::put, method::patch, method::delete_,
                     method::options})
    all.insert(known);
  return all;
}

} // namespace

void identify(request_data& asked) {
  const request_field* id = nullptr;
  const request_field* parent = nullptr;
  for (const auto& field : asked.fields) {
    if (equals_ignoring_case(field.name, "X-Request-Id"))
      id = &field;
    else if (equals_ignoring_case(field.name, "traceparent"))
      parent = &field;
  }
  if (id != nullptr && is_sane_request_id(id->value))
    asked.request_id.assign(id->value);
  else
    make_request_id(asked.request_id);
  if (parent == nullptr || !take_traceparent(parent->value, asked.traceparent))
    make_traceparent(asked.traceparent);
}

decision decide(const edge& shared, request_data& asked, const request& handle, const framing& facts) {
  if (!facts.known_method)
    return {nullptr,
            to_response({501, "not_implemented", "The method is not one this server knows."}, handle)};
  if (asked.method == method::options && asked.path == "*")
    return {nullptr, answer_options(shared, handle, methods_of_server())};
  auto found = shared.routes.find(asked);
  if (found.target == nullptr) {
    if (found.allowed.empty())
      return {nullptr, not_found(handle, "There is nothing at this path.")};
    if (asked.method == method::options)
      return {nullptr, answer_options(shared, handle, found.allowed)};
    auto refused = to_response({405, "method_not_allowed", "This path does not have that method."}, handle);
    return {nullptr, with_allow(std::move(refused), found.allowed)};
  }
  if (!facts.expectation.empty() && !facts.is_http_1_0
      && !equals_ignoring_case(facts.expectation, "100-continue"))
    return {nullptr,
            to_response({417, "expectation_failed", "The only expectation met is 100-continue."}, handle)};
  if (!facts.accepted.empty() && !found.target->produces.empty()
      && !accepts(facts.accepted, found.target->produces))
    return {nullptr, to_response({406, "not_acceptable",
                                  "The answer would be " + std::string{found.target->produces}
                                    + ", which Accept excludes."},
                                 handle)};
  if (!facts.codings.gzip && !facts.codings.identity)
    return {nullptr, to_response({406, "not_acceptable",
                                  "Answers come plain or gzipped, and Accept-Encoding excludes both."},
                                 handle)};
  return {found.target, std::nullopt};
}

std::optional<response> check_body(const route& target, const request& asked, const framing& facts) {
  if (asked.body().empty() || target.consumes.empty() || is_media_type(facts.content_type, target.consumes))
    return std::nullopt;
  return to_response(
    {415, "unsupported_media_type", "The body must be " + std::string{target.consumes} + " in UTF-8."},
    asked);
}

response run(const edge& shared, const immediate_handler& answer, const request& asked) {
  try {
    return answer(asked);
  } catch (const std::exception& thrown) {
    shared.log.error("a route threw", {{"request_id", std::string{asked.request_id()}},
                                       {"path", std::string{asked.path()}},
                                       {"error", thrown.what()}});
    return to_response(internal_error(), asked);
  }
}

} // namespace sonicmatch::http
