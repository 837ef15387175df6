#include "http/dispatch.hpp"

#include "http/ascii.hpp"
#include "http/negotiation.hpp"
#include "http/problem.hpp"
#include "http/request_identity.hpp"
#include "http/trusted_proxies.hpp"

#include <algorithm>
#include <chrono>
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

void find_client(const edge& shared, request_data& asked) {
  const auto& trusted = shared.settings.trusted_proxies;
  if (trusted.empty())
    return;
  auto peer = ip_address::parse(asked.client_address);
  if (!peer)
    return;
  auto client = client_behind(*peer, asked.fields, trusted);
  if (client == *peer)
    return;
  asked.client_address = to_string(client);
  asked.network = network_of(client);
}

response too_many(const request& asked, const quota& told) {
  problem shown{429,
                "quota_exceeded",
                "This client has sent as many requests of this kind as it may for now.",
                {},
                quota_exceeded};
  shown.retry_after = std::chrono::seconds{told.reset_s};
  return to_response(shown, asked);
}

/// Whether the body is compressed or otherwise coded. None is ever decoded: a few
/// kilobytes can hold gigabytes.
bool has_coded_body(const request& asked) noexcept {
  return std::any_of(asked.headers().begin(), asked.headers().end(), [](const request_field& field) {
    return equals_ignoring_case(field.name, "Content-Encoding")
           && !equals_ignoring_case(field.value, "identity");
  });
}

/// RFC 9110, 12.5.3: Accept-Encoding in a 415 says that the coding was what was wrong.
response coded_body(const request& asked) {
  auto refused = to_response(
    {415, "unsupported_content_coding", "The body must be sent as it is, without a Content-Encoding."},
    asked);
  refused.headers.push_back({"Accept-Encoding", "identity"});
  return refused;
}

response refuse_method(const request& handle, const method_set& allowed) {
  if (allowed.empty())
    return not_found(handle, "There is nothing at this path.");
  return with_allow(to_response({405, "method_not_allowed", "This path does not have that method."}, handle),
                    allowed);
}

/// TRACE, which no path has.
response refuse_trace(const edge& shared, request_data& asked, const request& handle) {
  asked.method = method::options; // for which the router says what the path has
  auto allowed = shared.routes.find(asked).allowed;
  asked.method = method::get;
  return refuse_method(handle, allowed);
}

} // namespace

void identify(const edge& shared, request_data& asked) {
  find_client(shared, asked);
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

decision decide(edge& shared, request_data& asked, const request& handle, const framing& facts) {
  if (!facts.known_method)
    return {nullptr,
            to_response({501, "not_implemented", "The method is not one this server knows."}, handle)};
  if (asked.method == method::options && asked.path == "*")
    return {nullptr, answer_options(shared, handle, methods_of_server())};
  if (facts.method_name == "TRACE")
    return {nullptr, refuse_trace(shared, asked, handle)};
  auto found = shared.routes.find(asked);
  if (found.target == nullptr) {
    if (asked.method == method::options && !found.allowed.empty())
      return {nullptr, answer_options(shared, handle, found.allowed)};
    return {nullptr, refuse_method(handle, found.allowed)};
  }
  asked.quota = shared.rates.take(found.target->limit_class, asked.network, std::chrono::steady_clock::now());
  if (asked.quota.is_exceeded)
    return {nullptr, too_many(handle, asked.quota)};
  if (facts.has_body && has_coded_body(handle))
    return {nullptr, coded_body(handle)};
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
